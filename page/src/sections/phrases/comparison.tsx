import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Bar } from '../../parts/bar.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { linkTo } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useAnswers } from '../../service/use-answer.ts';

interface ComparisonProps {
  phrases: readonly string[];
  corpora: readonly Corpus[];
}

/** How often a phrase occurs in a corpus, or why that is not known. */
interface Frequency {
  phrase: string;
  corpus: Corpus;
  count?: number;
  perMillion?: number;
  error?: Error;
}

/** The frequencies of phrases in several corpora. Each leads to the phrase in its contexts. */
export function Comparison({ phrases, corpora }: ComparisonProps) {
  const asked = phrases.flatMap((phrase) =>
    corpora.map((corpus) => ({ phrase, corpus, call: totalCall(phrase, corpus) })),
  );
  const answers = useAnswers(asked.map((each) => each.call));
  const rows = asked.map(({ phrase, corpus, call }): Frequency => {
    const answer = answers.data?.get(call.path);
    if (answer === undefined) return { phrase, corpus };
    if (answer instanceof Error) return { phrase, corpus, error: answer };
    const { total } = answer;
    return { phrase, corpus, count: total, perMillion: (1e6 * total) / Math.max(corpus.tokens, 1) };
  });
  return (
    <Panel
      title="Compared"
      lead="Per million tokens, so that corpora of different sizes can be compared."
      call={asked.map((each) => each.call)}
      table={{
        file: 'phrases.csv',
        columns: ['phrase', 'corpus', 'count', 'tokens', 'per_million'],
        rows: rows.map(({ phrase, corpus, count, perMillion }) => [
          phrase,
          corpus.name,
          count,
          corpus.tokens,
          perMillion,
        ]),
      }}
    >
      <Answer of={answers}>{() => <FrequencyTable rows={rows} />}</Answer>
    </Panel>
  );
}

function totalCall(q: string, { name }: Corpus) {
  return call('get', '/v1/corpora/{corpus}/concordance', { path: { corpus: name }, query: { q, limit: 1 } });
}

function FrequencyTable({ rows }: { rows: readonly Frequency[] }) {
  const most = Math.max(...rows.map(({ perMillion }) => perMillion ?? 0));
  return (
    <Table
      caption="Frequencies of the phrases"
      rows={rows}
      keyOf={({ phrase, corpus }) => `${corpus.name} ${phrase}`}
      columns={[
        {
          title: 'Phrase',
          isName: true,
          cell: ({ phrase, corpus }) => (
            <a
              class="ngram"
              href={linkTo('concordance', { corpus: corpus.name, q: phrase, page: '', collocates: '' })}
            >
              {phrase}
              <span class="unseen"> in {corpus.name}</span>
            </a>
          ),
        },
        { title: 'Corpus', cell: ({ corpus }) => corpus.name },
        { title: 'Count', isNumber: true, cell: ({ count }) => (count === undefined ? '–' : integer(count)) },
        {
          title: 'Per million',
          isNumber: true,
          cell: ({ perMillion }) => significant(perMillion ?? null, 3),
        },
        {
          title: <span class="unseen">Share</span>,
          isWide: true,
          cell: ({ perMillion = 0, error }) =>
            error === undefined ? (
              <Bar share={most === 0 ? 0 : perMillion / most} />
            ) : (
              <span class="line-text">{error.message}</span>
            ),
        },
      ]}
    />
  );
}
