import type { Corpus } from '../../../clients/typescript/src/index.ts';
import { linkTo } from '../place.ts';
import { aboutKind } from '../service/kinds.ts';

/** What a section shows that needs more of a corpus than it has. */
export function OtherKind({ corpus }: { corpus: Corpus }) {
  return (
    <div class="empty">
      <p>{aboutKind(corpus)} This section needs a corpus that has: choose another one above.</p>
      <a class="button" href={linkTo('next-word')}>
        The next word
      </a>
    </div>
  );
}
