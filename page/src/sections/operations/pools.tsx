import { integer } from '../../format.ts';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import type { StatsProps } from './stats.ts';

/** The threads that do what takes long. */
export function Pools({ call, stats: { pools } }: StatsProps) {
  return (
    <Panel
      title="Threads"
      call={call}
      table={{
        file: 'threads.csv',
        columns: ['pool', 'max_threads', 'threads', 'busy_threads', 'queued_tasks'],
        rows: () =>
          pools.map((pool) => [
            pool.name,
            pool.max_threads,
            pool.threads,
            pool.busy_threads,
            pool.queued_tasks,
          ]),
      }}
    >
      <Table
        caption="Pools of threads"
        rows={pools}
        keyOf={({ name }) => name}
        columns={[
          { title: 'For', isName: true, cell: ({ name }) => name },
          { title: 'At most', isNumber: true, cell: (pool) => integer(pool.max_threads) },
          { title: 'Started', isNumber: true, cell: (pool) => integer(pool.threads) },
          { title: 'Busy', isNumber: true, cell: (pool) => integer(pool.busy_threads) },
          { title: 'Tasks waiting', isNumber: true, cell: (pool) => integer(pool.queued_tasks) },
        ]}
      />
    </Panel>
  );
}
