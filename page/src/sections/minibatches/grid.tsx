import { counted } from '../../format.ts';
import { shownToken } from '../../parts/tokens.tsx';

/** The most rows and steps of a grid that are drawn. */
const maxRows = 32;
const maxSteps = 64;

export type Rows = readonly (readonly (string | number)[])[];

/**
 * The blocks x and y of a minibatch, one above the other: below each token of x is the one that follows it. The first
 * step of x is not in y, and the last step of y is not in x, as their marks show.
 */
export function Grids({ caption, x, y }: { caption: string; x: Rows; y: Rows }) {
  const steps = x[0]?.length ?? 0;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <section class="table grids" tabIndex={0} aria-label={caption}>
        <table>
          <caption class="unseen">{caption}</caption>
          <Block name="x" rows={x} markOf={(step) => (step === 0 ? 'only' : 'both')} />
          <Block name="y" rows={y} markOf={(step) => (step === steps - 1 ? 'new' : 'both')} />
        </table>
      </section>
      {x.length > maxRows || steps > maxSteps ? (
        <p class="hint">
          Shown are at most {maxRows} rows and {maxSteps} steps, of {counted(x.length, 'row')} and{' '}
          {counted(steps, 'step')}.
        </p>
      ) : null}
    </>
  );
}

interface BlockProps {
  name: string;
  rows: Rows;
  markOf(step: number): string;
}

function Block({ name, rows, markOf }: BlockProps) {
  const shown = rows.slice(0, maxRows);
  return (
    <tbody>
      {shown.map((row, i) => (
        <tr key={i}>
          {i === 0 ? (
            <th scope="rowgroup" rowSpan={shown.length}>
              {name}
            </th>
          ) : null}
          {row.slice(0, maxSteps).map((token, step) => (
            <td key={step} class={markOf(step)}>
              {shownToken(String(token))}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
