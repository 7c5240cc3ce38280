import { integer, significant } from '../../format.ts';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import type { Stats, StatsProps } from './stats.ts';

type RequestStats = Stats['requests'][number];

const times = ['mean', 'p50', 'p90', 'p99'] as const;

/** How often each route was called since the service started, with what result, and how long it took. */
export function Requests({ call, stats: { requests } }: StatsProps) {
  return (
    <Panel
      title="Requests"
      lead="Since the service started. Half of the answers were not slower than p50, and one in a hundred was slower than p99."
      call={call}
      table={{
        file: 'requests.csv',
        columns: ['method', 'route', 'count', '4xx', '5xx', ...times.map((name) => `${name}_seconds`)],
        rows: () =>
          requests.map((route) => [
            route.method,
            route.route,
            route.count,
            answersWith(route, '4'),
            answersWith(route, '5'),
            ...times.map((name) => route[name]),
          ]),
      }}
    >
      <Table
        caption="Requests"
        rows={requests}
        keyOf={({ method, route }) => `${method} ${route}`}
        empty="There were none yet."
        columns={[
          {
            title: 'Route',
            isName: true,
            cell: ({ method, route }) => (
              <code>
                {method} {route}
              </code>
            ),
          },
          { title: 'Answers', isNumber: true, cell: ({ count }) => integer(count) },
          { title: '4xx', isNumber: true, cell: (route) => integer(answersWith(route, '4')) },
          { title: '5xx', isNumber: true, cell: (route) => integer(answersWith(route, '5')) },
          ...times.map((name) => ({
            title: `${name}, ms`,
            isNumber: true,
            cell: (route: RequestStats) => significant(1000 * route[name], 3),
          })),
        ]}
      />
    </Panel>
  );
}

/** The number of answers whose status begins with a digit. */
function answersWith({ statuses }: RequestStats, digit: string): number {
  const counts = Object.entries(statuses).map(([status, count]) => (status.startsWith(digit) ? count : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}
