import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { integer } from '../../format.ts';
import { Figures } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';
import { linkTo } from '../../place.ts';
import { call } from '../../service/call.ts';
import { lacks } from '../../service/kinds.ts';
import { ngramTotals } from '../../service/ngram-totals.ts';

/** What was counted, and where to go with it. */
export function Counted({ corpus: made }: { corpus: Corpus }) {
  const { name, tokens, vocabulary_size, ngrams, note } = made;
  const hasCounts = !lacks(made, 'counts');
  const corpus = { corpus: name };
  return (
    <Panel
      title={hasCounts ? `${name} is counted` : `${name} is there`}
      call={call('get', '/v1/corpora/{corpus}', { path: corpus })}
      table={ngramTotals({ name, ngrams })}
    >
      <Figures
        of={[
          ...(hasCounts ? [['tokens', integer(tokens)] as const] : []),
          ['distinct tokens', integer(vocabulary_size)],
          ...ngrams
            .slice(1)
            .map(({ order, distinct }) => [`distinct ${order}-grams`, integer(distinct)] as const),
        ]}
      />
      {note === undefined ? null : <p class="note">{note}</p>}
      <p class="actions">
        {hasCounts ? (
          <a class="button" href={linkTo('tables', corpus)}>
            Its n-grams
          </a>
        ) : null}
        <a class="button" href={linkTo('next-word', corpus)}>
          The next word
        </a>
        <a class="button" href={linkTo('corpora', corpus)}>
          {hasCounts ? 'Its documents' : 'What it is'}
        </a>
      </p>
    </Panel>
  );
}
