import { useEffect } from 'preact/hooks';
import type { components } from '../../../../clients/typescript/src/index.ts';
import { counted, integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Tokens, textOf } from '../../parts/tokens.tsx';
import { linkTo, param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useCorpus } from '../../service/corpora.ts';
import { useAnswer } from '../../service/use-answer.ts';

type NGram = components['schemas']['NGramsPage']['items'][number];

/** What n-grams are sorted by, and the orders for which it is defined. */
export const sorts = [
  { name: 'count', title: 'Count', short: 'Count', about: 'How often they occur.', from: 1, to: 6 },
  {
    name: 'pmi',
    title: 'Pointwise mutual information',
    short: 'PMI',
    about: 'In bits. It favours rare words: ask for a few occurrences.',
    from: 2,
    to: 6,
  },
  {
    name: 'log_likelihood',
    title: 'Log-likelihood',
    short: 'Log-likelihood',
    about: 'Dunning’s ratio, for pairs of words.',
    from: 2,
    to: 2,
  },
  {
    name: 't',
    title: 't-score',
    short: 't',
    about: 'Student’s t, which favours frequent words.',
    from: 2,
    to: 6,
  },
  {
    name: 'dice',
    title: 'Dice',
    short: 'Dice',
    about: 'Dice’s coefficient, for pairs of words.',
    from: 2,
    to: 2,
  },
] as const;

export function chosenSort(): (typeof sorts)[number]['name'] {
  return sorts.find(({ name }) => name === param('sort'))?.name ?? 'count';
}

const firstRows = 15;
const moreRows = 50;
const maxRows = 1000;

/** The fields whose errors the form above shows. */
const shownFields = ['pattern', 'min_count'];

interface NGramTableProps {
  corpus: string;
  /** Undefined for those that match the pattern. */
  order?: number;
  onError?(error: Error | undefined): void;
}

/** The n-grams of one order, or those that match the pattern. */
export function NGramTable({ corpus, order, onError }: NGramTableProps) {
  const sort = sorts.find(({ name }) => name === chosenSort()) ?? sorts[0];
  const rows = Math.min(Number(param('rows')) || firstRows, maxRows);
  const isDefined = order === undefined || (order >= sort.from && order <= sort.to);
  const query = {
    order,
    pattern: param('pattern'),
    sort: sort.name,
    min_count: param('min_count') as unknown as number,
  };
  const listed = (limit?: number) =>
    call('get', '/v1/corpora/{corpus}/ngrams', { path: { corpus }, query: { ...query, limit } });
  const shown = listed(rows);
  const answer = useAnswer(isDefined ? shown : undefined);
  useEffect(() => onError?.(answer.error), [answer.error]);
  const title = order === undefined ? 'Matches' : order === 1 ? 'Single tokens' : `${order}-grams`;
  if (!isDefined) {
    return (
      <Panel title={title}>
        <p class="empty">
          {sort.title} is a measure of {sort.to === 2 ? 'two tokens' : 'two or more tokens'}.
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={title} call={shown} csv={listed()}>
      <Answer of={answer} shownFields={shownFields}>
        {({ items, total, next_cursor, order }) => (
          <>
            {total === undefined ? null : <p role="status">{counted(total, `${order}-gram`)}.</p>}
            <Table
              caption={title}
              rows={items}
              columns={columnsFor(sort)}
              keyOf={({ rank }) => String(rank)}
            />
            {next_cursor === undefined || rows >= maxRows ? null : (
              <button
                type="button"
                class="quiet"
                onClick={() => setParams({ rows: String(rows + moreRows) })}
              >
                Show more<span class="unseen"> {title}</span>
              </button>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function columnsFor({ name, short }: (typeof sorts)[number]): Column<NGram>[] {
  return [
    {
      title: <span class="unseen">Rank</span>,
      isNumber: true,
      cell: ({ rank }) => <span class="rank">{rank}</span>,
    },
    { title: 'N-gram', isName: true, isWide: true, cell: ({ ngram }) => <NGramLink tokens={ngram} /> },
    { title: 'Count', isNumber: true, cell: ({ count }) => integer(count) },
    ...(name === 'count'
      ? []
      : [
          {
            title: short,
            isNumber: true,
            cell: (ngram: NGram) => significant(ngram[name] ?? null),
          },
        ]),
  ];
}

/** An n-gram, which leads to the words that follow it. */
function NGramLink({ tokens }: { tokens: readonly string[] }) {
  const context = textOf(tokens, useCorpus()?.tokenizer);
  return (
    <a class="ngram" href={linkTo('next-word', { context })} title="What follows">
      <Tokens of={tokens} />
    </a>
  );
}
