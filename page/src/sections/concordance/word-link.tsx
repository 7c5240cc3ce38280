import { shownToken } from '../../parts/tokens.tsx';
import { linkTo } from '../../place.ts';

/** A word, which leads to its own concordance. */
export function WordLink({ word }: { word: string }) {
  return (
    <a
      class="ngram"
      href={linkTo('concordance', { q: word, page: '', collocates: '' })}
      title="Its occurrences"
    >
      {shownToken(word)}
    </a>
  );
}
