import { scaleLog } from 'd3-scale';
import type { components } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { LineSample, nearest, Plot, type Series } from '../../parts/plot.tsx';
import { SliderField } from '../../parts/slider-field.tsx';
import { Table } from '../../parts/table.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';

type Curve = components['schemas']['Zipf']['series'][number];

/** Points of a curve: more than are told apart. */
const points = 400;

/** The frequencies of the n-grams of all orders over their ranks, both on logarithmic axes. */
export function Zipf({ corpus }: { corpus: string }) {
  const asked = call('get', '/v1/corpora/{corpus}/zipf', { path: { corpus }, query: { points } });
  return (
    <Panel
      title="Zipf’s law"
      lead="Frequency over rank, both on logarithmic axes. A straight line is a power law with the exponent α."
      call={asked}
      csv={asked}
      svg={asked}
    >
      <Answer of={useAnswer(asked)}>
        {({ series }) =>
          series.every(({ points }) => points.length === 0) ? (
            <p class="empty">The corpus has no n-grams.</p>
          ) : (
            <Curves curves={series.filter(({ points }) => points.length > 0)} />
          )
        }
      </Answer>
    </Panel>
  );
}

function Curves({ curves }: { curves: readonly Curve[] }) {
  const maxRank = Math.max(...curves.map(({ points }) => points.at(-1)?.rank ?? 1), 10);
  const maxFrequency = Math.max(...curves.map(({ points }) => points[0].frequency), 10);
  const rank = Math.min(Math.max(Number(param('rank')) || 1, 1), maxRank);
  const hasFits = param('fits') === '1';
  const setRank = (rank: number) => setParams({ rank: rank === 1 ? '' : String(rank) });
  const lines = curves.map(lineOf);
  const series = hasFits ? [...lines, ...curves.map((curve) => fitOf(curve, maxFrequency))] : lines;
  return (
    <>
      <Plot
        title={`Frequency over rank of ${curves.map(nameOf).join(', ')}; the table below has the numbers.`}
        x={{ label: 'rank', scale: scaleLog().domain([1, maxRank]), ticks: 5, format: '~s' }}
        y={{ label: 'frequency', scale: scaleLog().domain([1, maxFrequency]), ticks: 5, format: '~s' }}
        series={series}
        lineOf={(_, i) => curves[i % curves.length].order}
        at={rank}
        onPoint={(x) => setRank(Math.max(Math.round(x), 1))}
      />
      <div class="plot-actions">
        <SliderField
          label="Rank"
          value={Math.log10(rank)}
          min={0}
          max={Math.log10(maxRank)}
          step={0.01}
          text={integer(rank)}
          onChange={(value) => setRank(Math.round(10 ** value))}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={hasFits}
            onChange={(event) => setParams({ fits: event.currentTarget.checked ? '1' : '' })}
          />
          Show the fits
        </label>
      </div>
      <Table
        caption="The curves"
        rows={curves.map((curve, i) => ({ curve, line: lines[i] }))}
        columns={[
          {
            title: 'Curve',
            isName: true,
            cell: ({ curve }) => (
              <>
                <LineSample line={curve.order} /> {nameOf(curve)}
              </>
            ),
          },
          { title: 'α', isNumber: true, cell: ({ curve }) => significant(curve.alpha) },
          { title: 'R²', isNumber: true, cell: ({ curve }) => significant(curve.r_squared) },
          { title: 'Highest', isNumber: true, cell: ({ curve }) => integer(curve.points[0].frequency) },
          { title: 'Distinct', isNumber: true, cell: ({ curve }) => integer(curve.points.at(-1)?.rank ?? 0) },
          {
            title: `At rank ${integer(rank)}`,
            isNumber: true,
            cell: ({ line }) => {
              const found = nearest(line, rank);
              return found === undefined ? '–' : `${found[0] === rank ? '' : '≈ '}${integer(found[1])}`;
            },
          },
        ]}
      />
    </>
  );
}

function nameOf({ order }: Curve): string {
  return order === 1 ? 'single tokens' : `${order}-grams`;
}

function lineOf(curve: Curve): Series {
  return { name: nameOf(curve), points: curve.points.map(({ rank, frequency }) => [rank, frequency]) };
}

/** The fit log n = intercept − α log rank as a line, from the highest frequency of the plot down to 1. */
function fitOf(curve: Curve, maxFrequency: number): Series {
  const { alpha, intercept, points } = curve;
  const name = `The fit of ${nameOf(curve)}`;
  if (alpha === null || intercept === null || alpha <= 0) return { name, points: [], isThin: true };
  const rankOf = (frequency: number) => Math.exp((intercept - Math.log(frequency)) / alpha);
  const last = points.at(-1)?.rank ?? 1;
  const ends = [Math.max(rankOf(maxFrequency), 1), Math.min(rankOf(1), last)];
  const line = ends.map((rank) => [rank, Math.exp(intercept - alpha * Math.log(rank))] as const);
  return { name, points: line, isThin: true };
}
