import { counted, integer } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { CsvTable } from '../../service/csv.ts';
import type { Answering } from '../../service/use-answer.ts';
import { type Batches, type Epoch, epochCall, type StrategyName, strategies } from './epoch.ts';
import { Grids } from './grid.tsx';

interface StrategyProps {
  name: StrategyName;
  epoch: Epoch;
  answering: Answering<Batches>;
}

/** The next minibatches under a strategy, x above y. */
export function Strategy({ name, epoch, answering }: StrategyProps) {
  const [title, lead] = strategies[name];
  const { data } = answering;
  return (
    <Panel title={title} lead={lead} call={epochCall(name, epoch)} table={data && tableOf(data)}>
      <Answer of={answering} shownFields={['batch_size', 'num_steps', 'seed', 'epoch', 'start']}>
        {({ batches, num_batches, offset, tokens, note }) => (
          <>
            <p class="hint">
              {counted(num_batches, 'minibatch', 'minibatches')} in this epoch: the first{' '}
              {counted(offset, 'token')} of {integer(tokens)} {offset === 1 ? 'is' : 'are'} skipped.
            </p>
            {note === undefined ? null : <p class="note">{note}</p>}
            {note === undefined && batches.length === 0 ? (
              <p class="empty">The epoch has no minibatch of this index.</p>
            ) : null}
            {batches.map(({ index, x, y }) => (
              <div key={index} class="minibatch">
                <h3>Minibatch {integer(index)}</h3>
                <Grids caption={`${title}, minibatch ${integer(index)}`} x={x} y={y} />
              </div>
            ))}
          </>
        )}
      </Answer>
    </Panel>
  );
}

/** One line for each row of x or y. */
function tableOf({ strategy, batches, num_steps }: Batches): CsvTable {
  const steps = Array.from({ length: num_steps }, (_, i) => `step_${i}`);
  return {
    file: `batches.${strategy}.csv`,
    columns: ['batch', 'block', 'row', ...steps],
    rows: () =>
      batches.flatMap(({ index, x, y }) =>
        [x, y].flatMap((block, i) => block.map((row, j) => [index, 'xy'[i], j, ...row])),
      ),
  };
}
