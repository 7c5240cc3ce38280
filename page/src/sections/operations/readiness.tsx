import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';

const readinessCall = call('get', '/readyz', {});

/** The conditions under which the service takes requests. */
export function Readiness() {
  const readiness = useAnswer(readinessCall);
  const checks = readiness.data?.checks ?? [];
  return (
    <Panel
      title="Readiness"
      call={readinessCall}
      table={{
        file: 'readiness.csv',
        columns: ['check', 'ok', 'detail'],
        rows: () => checks.map(({ name, ok, detail }) => [name, ok, detail]),
      }}
    >
      <Answer of={readiness}>
        {({ checks }) => (
          <Table
            caption="Readiness"
            rows={checks}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Check', isName: true, cell: ({ name }) => name.replaceAll('_', ' ') },
              { title: 'Holds', cell: ({ ok }) => (ok ? 'yes' : 'no') },
              { title: 'Remark', cell: ({ detail }) => <span class="line-text">{detail}</span> },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
