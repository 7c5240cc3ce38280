import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { integer } from '../../format.ts';
import { Panel } from '../../parts/panel.tsx';
import { linkTo } from '../../place.ts';

/** What was counted, and where to go with it. */
export function Counted({ corpus: { name, tokens, vocabulary_size, ngrams, note } }: { corpus: Corpus }) {
  return (
    <Panel title={`${name} is counted`}>
      <dl class="figures">
        <Figure term="tokens" value={tokens} />
        <Figure term="distinct tokens" value={vocabulary_size} />
        {ngrams.slice(1).map(({ order, distinct }) => (
          <Figure key={order} term={`distinct ${order}-grams`} value={distinct} />
        ))}
      </dl>
      {note === undefined ? null : <p class="note">{note}</p>}
      <p class="actions">
        <a class="button" href={linkTo('corpora', { corpus: name })}>
          Its documents
        </a>
      </p>
    </Panel>
  );
}

function Figure({ term, value }: { term: string; value: number }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{integer(value)}</dd>
    </div>
  );
}
