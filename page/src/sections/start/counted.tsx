import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { integer } from '../../format.ts';
import { Figures } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';
import { linkTo } from '../../place.ts';
import { call } from '../../service/call.ts';
import { ngramTotals } from '../../service/ngram-totals.ts';

/** What was counted, and where to go with it. */
export function Counted({ corpus: { name, tokens, vocabulary_size, ngrams, note } }: { corpus: Corpus }) {
  const corpus = { corpus: name };
  return (
    <Panel
      title={`${name} is counted`}
      call={call('get', '/v1/corpora/{corpus}', { path: corpus })}
      table={ngramTotals({ name, ngrams })}
    >
      <Figures
        of={[
          ['tokens', integer(tokens)],
          ['distinct tokens', integer(vocabulary_size)],
          ...ngrams
            .slice(1)
            .map(({ order, distinct }) => [`distinct ${order}-grams`, integer(distinct)] as const),
        ]}
      />
      {note === undefined ? null : <p class="note">{note}</p>}
      <p class="actions">
        <a class="button" href={linkTo('tables', corpus)}>
          Its n-grams
        </a>
        <a class="button" href={linkTo('next-word', corpus)}>
          The next word
        </a>
        <a class="button" href={linkTo('corpora', corpus)}>
          Its documents
        </a>
      </p>
    </Panel>
  );
}
