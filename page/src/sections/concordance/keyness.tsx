import type { Corpus, components } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { PagedAnswer, pageQuery } from '../../parts/paged-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { Table } from '../../parts/table.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useCorpora } from '../../service/corpora.ts';
import { lacks } from '../../service/kinds.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { WordLink } from './word-link.tsx';

type KeynessPage = components['schemas']['KeynessPage'];
type Sort = components['schemas']['KeynessSort'];

const kinds = [
  ['positive', 'More frequent here'],
  ['negative', 'Rarer here'],
  ['all', 'Both'],
] as const;

const sorts: readonly (readonly [Sort, string])[] = [
  ['log_likelihood', 'Log-likelihood'],
  ['log_ratio', 'Log ratio'],
];

/** The words that set the corpus apart from another one. */
export function Keyness({ corpus }: { corpus: Corpus }) {
  const others = (useCorpora().data?.items ?? [])
    .filter((other) => other.name !== corpus.name && other.tokenizer === corpus.tokenizer)
    .filter((other) => !lacks(other, 'counts'))
    .map(({ name }) => name);
  const lead = `The words that are more frequent, or rarer, in ${corpus.name} than in another corpus.`;
  if (others.length === 0) {
    return (
      <Panel title="Keywords" lead={lead}>
        <p class="empty">There is no other corpus with the tokenizer {corpus.tokenizer}.</p>
      </Panel>
    );
  }
  return <Keywords corpus={corpus} others={others} lead={lead} />;
}

function Keywords({ corpus, others, lead }: { corpus: Corpus; others: string[]; lead: string }) {
  const reference = others.includes(param('reference')) ? param('reference') : others[0];
  const kind = kinds.find(([name]) => name === param('keywords'))?.[0] ?? 'positive';
  const sort = sorts.find(([name]) => name === param('key_sort'))?.[0] ?? 'log_likelihood';
  const query = { reference, keywords: kind, sort, min_count: param('key_count') as unknown as number };
  const listed = (page = {}) =>
    call('get', '/v1/corpora/{corpus}/keyness', {
      path: { corpus: corpus.name },
      query: { ...query, ...page },
    });
  const shown = listed(pageQuery('keys'));
  const answer = useAnswer(shown);
  return (
    <Panel title="Keywords" lead={lead} call={shown} csv={listed()}>
      <div class="fields narrow">
        <SelectField
          label="Compared with"
          value={reference}
          options={others}
          error={fieldError(answer.error, 'reference')}
          onChange={(value) => setParams({ reference: value, keys: '' })}
        />
        <SelectField
          label="Words"
          value={kind}
          options={kinds}
          onChange={(value) => setParams({ keywords: value === 'positive' ? '' : value, keys: '' })}
        />
        <SelectField
          label="Sort by"
          value={sort}
          options={sorts}
          onChange={(value) => setParams({ key_sort: value === 'log_likelihood' ? '' : value, keys: '' })}
        />
        <NumberField
          label="At least so often"
          min={1}
          value={param('key_count') || '1'}
          error={fieldError(answer.error, 'min_count')}
          onChange={(value) => setParams({ key_count: value === '1' ? '' : value, keys: '' })}
        />
      </div>
      <PagedAnswer of={answer} cursors="keys" title="Keywords" shownFields={['reference', 'min_count']}>
        {(page) => <KeywordTable page={page} name={corpus.name} />}
      </PagedAnswer>
    </Panel>
  );
}

function KeywordTable({ page: { items, words, reference }, name }: { page: KeynessPage; name: string }) {
  const perMillion = (count: number, of: number) => significant((1e6 * count) / of, 3);
  return (
    <Table
      caption="Keywords"
      rows={items}
      keyOf={({ word }) => word}
      columns={[
        { title: 'Word', isName: true, cell: ({ word }) => <WordLink word={word} /> },
        { title: 'Count', isNumber: true, cell: ({ count }) => integer(count) },
        {
          title: `In ${reference.name}`,
          isNumber: true,
          cell: ({ reference_count: count }) => integer(count),
        },
        {
          title: `Per million in ${name}`,
          isNumber: true,
          isExtra: true,
          cell: ({ count }) => perMillion(count, words),
        },
        {
          title: `in ${reference.name}`,
          isNumber: true,
          isExtra: true,
          cell: ({ reference_count: count }) => perMillion(count, reference.words),
        },
        { title: 'Log-likelihood', isNumber: true, cell: (word) => significant(word.log_likelihood) },
        { title: 'Log ratio', isNumber: true, cell: (word) => significant(word.log_ratio, 3) },
      ]}
    />
  );
}
