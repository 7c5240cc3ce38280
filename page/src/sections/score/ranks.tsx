import { useMemo, useState } from 'preact/hooks';
import type { Corpus, Scores } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { estimatorFieldNames } from '../../parts/estimator-chooser.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { Tokens } from '../../parts/tokens.tsx';
import type { Call } from '../../service/call.ts';
import { useCorpus } from '../../service/corpora.ts';
import type { CsvTable } from '../../service/csv.ts';
import type { Answering } from '../../service/use-answer.ts';
import { type Line, linesAtOnce, linesOf } from './results.ts';

/** The lines from the most to the least probable. */
export function Ranks({ call, answer }: { call: Call<Scores>; answer: Answering<Scores> }) {
  const { name } = useCorpus() as Corpus;
  const [limit, setLimit] = useState(linesAtOnce);
  const ranked = useMemo(
    () => (answer.data === undefined ? [] : linesOf(answer.data).sort(byRank)),
    [answer.data],
  );
  return (
    <Panel
      title="Ranks"
      lead="From the most probable line to the least. Short lines have fewer words to be surprised by: perplexity is per token."
      call={call}
      table={tableOf(name, ranked)}
    >
      <Answer of={answer} shownFields={estimatorFieldNames}>
        {() => (
          <>
            <Table
              caption="The lines by their probability"
              rows={ranked.slice(0, limit)}
              keyOf={({ number }) => String(number)}
              columns={[
                { title: 'Rank', isNumber: true, cell: ({ score }) => score?.rank ?? '–' },
                {
                  title: 'Line',
                  isName: true,
                  isWide: true,
                  cell: ({ number, score, problem }) => (
                    <span class="line-text">
                      <span class="rank">{number}</span> {problem ?? <Tokens of={tokensOf(score)} />}
                    </span>
                  ),
                },
                {
                  title: 'log₂ P',
                  isNumber: true,
                  cell: ({ score }) => significant(score?.log_probability ?? null),
                },
                {
                  title: 'Tokens',
                  isNumber: true,
                  isExtra: true,
                  cell: ({ score }) => integer(score?.tokens ?? 0),
                },
                {
                  title: 'Unknown',
                  isNumber: true,
                  isExtra: true,
                  cell: ({ score }) => integer(score?.out_of_vocabulary ?? 0),
                },
                {
                  title: 'Perplexity',
                  isNumber: true,
                  cell: ({ score }) => significant(score?.perplexity ?? null),
                },
              ]}
            />
            {limit >= ranked.length ? null : (
              <button type="button" class="quiet" onClick={() => setLimit(limit + linesAtOnce)}>
                Show more ranks
              </button>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function tableOf(corpus: string, ranked: readonly Line[]): CsvTable {
  return {
    file: `${corpus}.ranks.csv`,
    columns: ['rank', 'line', 'tokens', 'log2_probability', 'perplexity', 'out_of_vocabulary', 'text'],
    rows: () =>
      ranked.map(({ number, score }) => [
        score?.rank,
        number,
        score?.tokens,
        score?.log_probability,
        score?.perplexity,
        score?.out_of_vocabulary,
        tokensOf(score).join(' '),
      ]),
  };
}

function byRank(a: Line, b: Line): number {
  return (a.score?.rank ?? Number.MAX_VALUE) - (b.score?.rank ?? Number.MAX_VALUE);
}

/** The tokens of a line without the mark of its end. */
function tokensOf(score: Line['score']): string[] {
  return (score?.per_token ?? []).map(({ token }) => token).filter((token) => token !== '</s>');
}
