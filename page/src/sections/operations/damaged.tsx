import { Panel } from '../../parts/panel.tsx';
import type { StatsProps } from './stats.ts';

/** The corpora whose files were found damaged, and what to do about them. */
export function Damaged({ call, stats }: StatsProps) {
  const names = stats.corpora.damaged;
  if (names.length === 0) return null;
  return (
    <Panel
      title="Damaged corpora"
      call={call}
      table={{ file: 'damaged.csv', columns: ['corpus'], rows: () => names.map((name) => [name]) }}
    >
      <div class="problem" role="alert">
        <strong>{names.join(', ')}</strong>
        <p>
          Their files contradict themselves and were moved to the folder <code>damaged</code> of the data
          folder. Restore the last backup below, or upload the texts again. The log has the reasons.
        </p>
      </div>
    </Panel>
  );
}
