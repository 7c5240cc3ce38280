import { bytes } from '../../format.ts';
import { Bar } from '../../parts/bar.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import type { StatsProps } from './stats.ts';

/** What the corpora take on the disk, or of the servers of the store. */
export function Disk({ call, stats: { corpora, disk } }: StatsProps) {
  const { largest } = corpora;
  return (
    <Panel
      title="Disk"
      call={call}
      table={{
        file: 'sizes.csv',
        columns: ['corpus', 'bytes'],
        rows: () => largest.map(({ name, bytes }) => [name, bytes]),
      }}
    >
      <p class="hint">
        Corpora {bytes(corpora.bytes)}, temporary files {bytes(corpora.temporary_bytes)}
        {disk === undefined ? '.' : `, free ${bytes(disk.free_bytes)} of ${bytes(disk.total_bytes)}.`}
      </p>
      <Table
        caption="The largest corpora"
        rows={largest.slice(0, 20)}
        keyOf={({ name }) => name}
        empty="There is no corpus yet."
        columns={[
          { title: 'Corpus', isName: true, cell: ({ name }) => name },
          { title: 'Size', isNumber: true, cell: (corpus) => bytes(corpus.bytes) },
          {
            title: <span class="unseen">Share</span>,
            isWide: true,
            cell: (corpus) => <Bar share={corpus.bytes / Math.max(largest[0].bytes, 1)} />,
          },
        ]}
      />
    </Panel>
  );
}
