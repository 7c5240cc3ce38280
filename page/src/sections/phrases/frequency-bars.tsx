import { integer, significant } from '../../format.ts';
import { Bar } from '../../parts/bar.tsx';
import { Table } from '../../parts/table.tsx';
import { type Compared, PhraseLink } from './comparison.tsx';

/** A bar for each phrase in each corpus, with its numbers. */
export function FrequencyBars({ of: { items, corpora } }: { of: Compared }) {
  const most = Math.max(...items.map(({ frequency }) => frequency ?? 0));
  const lines = new Map(corpora.map(({ name }, i) => [name, i + 1]));
  return (
    <Table
      caption="Frequencies of the phrases"
      rows={items}
      keyOf={({ phrase, corpus }) => `${corpus} ${phrase}`}
      columns={[
        { title: 'Phrase', isName: true, cell: (each) => <PhraseLink {...each} /> },
        { title: 'Corpus', cell: ({ corpus }) => corpus },
        { title: 'Count', isNumber: true, isExtra: true, cell: ({ count }) => integer(count) },
        { title: 'Per million', isNumber: true, cell: ({ frequency }) => significant(frequency, 3) },
        {
          title: <span class="unseen">Bar</span>,
          isWide: true,
          cell: ({ frequency, corpus }) => (
            <Bar share={most === 0 ? 0 : (frequency ?? 0) / most} line={lines.get(corpus)} />
          ),
        },
      ]}
    />
  );
}
