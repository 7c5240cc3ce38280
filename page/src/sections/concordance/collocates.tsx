import type { Corpus, components } from '../../../../clients/typescript/src/index.ts';
import { counted, integer, significant } from '../../format.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { PagedAnswer, pageQuery } from '../../parts/paged-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { WordLink } from './word-link.tsx';

type Collocate = components['schemas']['Collocate'];
type Measure = components['schemas']['CollocateSort'];

const measures: Record<Measure, readonly [title: string, about: string]> = {
  log_likelihood: [
    'Log-likelihood',
    'How sure it is that the word is near the phrase more often than elsewhere.',
  ],
  count: ['Count', 'How often the word is near the phrase.'],
  pmi: [
    'PMI',
    'How much more often than by chance, in bits. It favours rare words: ask for a few occurrences.',
  ],
  t: ['t', 'Student’s t, which favours frequent words.'],
  dice: ['Dice', 'The share of both words’ occurrences that are near each other.'],
};

const columns: readonly Column<Collocate>[] = [
  { title: 'Word', isName: true, cell: ({ word }) => <WordLink word={word} /> },
  { title: 'Near', isNumber: true, cell: ({ count }) => integer(count) },
  { title: 'Before', isNumber: true, isExtra: true, cell: ({ left }) => integer(left) },
  { title: 'After', isNumber: true, isExtra: true, cell: ({ right }) => integer(right) },
  { title: 'In all', isNumber: true, cell: ({ occurrences }) => integer(occurrences) },
  ...(['log_likelihood', 'pmi', 't', 'dice'] as const).map((name) => ({
    title: measures[name][0],
    isNumber: true,
    cell: (collocate: Collocate) => significant(collocate[name] ?? null),
  })),
];

/** The words that are near the phrase, with measures of how strongly they are associated with it. */
export function Collocates({ corpus }: { corpus: Corpus }) {
  const measure = (
    Object.hasOwn(measures, param('measure')) ? param('measure') : 'log_likelihood'
  ) as Measure;
  const query = {
    node: param('q'),
    window: (param('window') || '4') as unknown as number,
    sort: measure,
    min_count: param('min_count') as unknown as number,
  };
  const listed = (page = {}) =>
    call('get', '/v1/corpora/{corpus}/collocates', {
      path: { corpus: corpus.name },
      query: { ...query, ...page },
    });
  const shown = listed(pageQuery('collocates'));
  const answer = useAnswer(shown);
  const { error } = answer;
  return (
    <Panel title="Collocates" lead="The words near the phrase." call={shown} csv={listed()}>
      <div class="fields narrow">
        <NumberField
          label="Window"
          hint="Words on each side."
          min={1}
          max={50}
          value={param('window') || '4'}
          error={fieldError(error, 'window')}
          onChange={(value) => setParams({ window: value === '4' ? '' : value, collocates: '' })}
        />
        <SelectField
          label="Measure"
          value={measure}
          hint={measures[measure][1]}
          options={Object.entries(measures).map(([name, [title]]) => [name, title])}
          onChange={(value) =>
            setParams({ measure: value === 'log_likelihood' ? '' : value, collocates: '' })
          }
        />
        <NumberField
          label="Near at least"
          hint="Occurrences."
          min={1}
          value={param('min_count') || '1'}
          error={fieldError(error, 'min_count')}
          onChange={(value) => setParams({ min_count: value === '1' ? '' : value, collocates: '' })}
        />
      </div>
      <PagedAnswer
        of={answer}
        cursors="collocates"
        title="Collocates"
        shownFields={['node', 'window', 'min_count']}
      >
        {({ items, hits, near }) => (
          <>
            <p class="hint">
              {counted(near, 'token')} near {counted(hits, 'occurrence')}.
            </p>
            <Table caption="Collocates" rows={items} columns={columns} keyOf={({ word }) => word} />
          </>
        )}
      </PagedAnswer>
    </Panel>
  );
}
