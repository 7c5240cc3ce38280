import { bytes, counted, integer } from '../../format.ts';
import { Bar } from '../../parts/bar.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import type { StatsProps } from './stats.ts';

/** The memory that the indexes of corpora take. */
export function Indexes({ call, stats: { indexes } }: StatsProps) {
  const { items, building, evictions, limit_bytes } = indexes;
  return (
    <Panel
      title="Memory of indexes"
      call={call}
      table={{
        file: 'indexes.csv',
        columns: ['corpus', 'version', 'bytes'],
        rows: () => items.map(({ corpus, version, bytes }) => [corpus, version, bytes]),
      }}
    >
      <p class="hint">
        {bytes(indexes.bytes)} of {bytes(limit_bytes)}. {counted(evictions, 'index was', 'indexes were')}{' '}
        evicted to make room{building.length === 0 ? '.' : `; being built: ${building.join(', ')}.`}
      </p>
      <Table
        caption="Indexes in memory"
        rows={items}
        keyOf={({ corpus }) => corpus}
        empty="No index is in memory: one is built when a corpus is asked."
        columns={[
          { title: 'Corpus', isName: true, cell: ({ corpus }) => corpus },
          { title: 'Version', isNumber: true, cell: ({ version }) => integer(version) },
          { title: 'Memory', isNumber: true, cell: (index) => bytes(index.bytes) },
          {
            title: <span class="unseen">Share</span>,
            isWide: true,
            cell: (index) => <Bar share={index.bytes / limit_bytes} />,
          },
        ]}
      />
    </Panel>
  );
}
