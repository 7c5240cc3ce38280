import { scaleLinear } from 'd3-scale';
import { counted, integer, significant } from '../../format.ts';
import { LineSample, lineStyles, Plot } from '../../parts/plot.tsx';
import { SliderField } from '../../parts/slider-field.tsx';
import { Table } from '../../parts/table.tsx';
import { linkTo, param, setParams } from '../../place.ts';
import { type Compared, type Frequency, PhraseLink } from './comparison.tsx';

/** A phrase in a corpus, over the years. */
interface Curve {
  name: string;
  phrase: string;
  corpus: string;
  line: number;
  years: readonly Frequency[];
}

/** A line over the years for each phrase in each corpus, with the numbers of one year. */
export function FrequencyYears({ of }: { of: Compared }) {
  if (of.items.length === 0) {
    return (
      <p class="empty">
        No document of these corpora has a date. <a href={linkTo('corpora')}>Add one</a> that has, or compare
        whole corpora.
      </p>
    );
  }
  return (
    <>
      <Curves curves={curvesOf(of)} />
      {of.corpora.map(({ name, undated }) =>
        undated === undefined || undated.documents === 0 ? null : (
          <p key={name} class="hint">
            {counted(undated.documents, 'document')} of {name} with {counted(undated.words, 'word')}{' '}
            {undated.documents === 1 ? 'has' : 'have'} no date, and {undated.documents === 1 ? 'is' : 'are'}{' '}
            in no year.
          </p>
        ),
      )}
    </>
  );
}

function Curves({ curves }: { curves: readonly Curve[] }) {
  const years = yearsOf(curves);
  const [first, last] = [years[0], years[years.length - 1]];
  const year = nearestTo(Number(param('year')) || last, years);
  const setYear = (value: number) => {
    const found = nearestTo(value, years);
    setParams({ year: found === last ? '' : String(found) });
  };
  const most = Math.max(...curves.flatMap(({ years }) => years.map(({ frequency }) => frequency ?? 0)));
  // More lines could not be told apart.
  const drawn = curves.slice(0, lineStyles);
  return (
    <>
      <Plot
        title={`Occurrences per million words from ${first} to ${last}: ${drawn.map(({ name }) => name).join(', ')}; the table below has the numbers.`}
        x={{
          label: 'year',
          scale: scaleLinear().domain(first === last ? [first - 1, last + 1] : [first, last]),
          ticks: Math.min(Math.max(last - first, 2), 6),
          format: 'd',
        }}
        y={{
          label: 'per million',
          scale: scaleLinear()
            .domain([0, most || 1])
            .nice(5),
          ticks: 5,
        }}
        series={drawn.map(({ name, years }) => ({
          name,
          points: years.flatMap(({ year, frequency }) =>
            year === undefined || frequency === null ? [] : [[year, frequency] as const],
          ),
        }))}
        hasDots
        at={year}
        onPoint={setYear}
      />
      <div class="plot-actions">
        <SliderField
          label="Year"
          value={years.indexOf(year)}
          min={0}
          max={years.length - 1}
          step={1}
          text={String(year)}
          onChange={(index) => setYear(years[index])}
        />
      </div>
      <Table
        caption="Frequencies of the phrases"
        rows={curves}
        keyOf={({ name }) => name}
        columns={[
          {
            title: 'Phrase',
            isName: true,
            cell: ({ line, ...each }) => (
              <>
                {line > lineStyles ? null : <LineSample line={line} />} <PhraseLink {...each} />
              </>
            ),
          },
          { title: 'Corpus', cell: ({ corpus }) => corpus },
          {
            title: `Count in ${year}`,
            isNumber: true,
            isExtra: true,
            cell: (curve) => numberOf(inYear(curve, year)?.count),
          },
          {
            title: `Words in ${year}`,
            isNumber: true,
            isExtra: true,
            cell: (curve) => numberOf(inYear(curve, year)?.words),
          },
          {
            title: `Per million in ${year}`,
            isNumber: true,
            cell: (curve) => significant(inYear(curve, year)?.frequency ?? null, 3),
          },
          {
            title: 'Count in all years',
            isNumber: true,
            isExtra: true,
            cell: ({ years }) => integer(years.reduce((sum, { count }) => sum + count, 0)),
          },
        ]}
      />
      {curves.length > lineStyles ? (
        <p class="hint">
          The plot has the first {lineStyles} of {curves.length} lines.
        </p>
      ) : null}
    </>
  );
}

function curvesOf({ items, corpora }: Compared): Curve[] {
  const phrases = new Set(items.map(({ phrase }) => phrase));
  const curves = Map.groupBy(items, ({ phrase, corpus }) => JSON.stringify([phrase, corpus]));
  return [...curves.values()].map((years, i) => {
    const [{ phrase, corpus }] = years;
    const name = corpora.length === 1 ? phrase : phrases.size === 1 ? corpus : `${phrase} (${corpus})`;
    return { name, phrase, corpus, line: i + 1, years };
  });
}

function yearsOf(curves: readonly Curve[]): number[] {
  const years = curves.flatMap(({ years }) => years.map(({ year }) => year as number));
  return [...new Set(years)].sort((a, b) => a - b);
}

function nearestTo(value: number, years: readonly number[]): number {
  return years.reduce((best, year) => (Math.abs(year - value) < Math.abs(best - value) ? year : best));
}

function inYear({ years }: Curve, year: number): Frequency | undefined {
  return years.find((each) => each.year === year);
}

function numberOf(count: number | undefined): string {
  return count === undefined ? '–' : integer(count);
}
