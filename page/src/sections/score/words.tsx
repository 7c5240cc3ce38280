import { useMemo, useState } from 'preact/hooks';
import type { Corpus, Scores } from '../../../../clients/typescript/src/index.ts';
import { Answer } from '../../parts/answer.tsx';
import { Choice } from '../../parts/choice.tsx';
import { estimatorFieldNames } from '../../parts/estimator-chooser.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { shownToken } from '../../parts/tokens.tsx';
import { param, setParams } from '../../place.ts';
import type { Call } from '../../service/call.ts';
import { useCorpus } from '../../service/corpora.ts';
import type { CsvTable } from '../../service/csv.ts';
import type { Answering } from '../../service/use-answer.ts';
import { type Line, linesAtOnce, linesOf, surprisal, type TokenScore } from './results.ts';

const shapes = [
  ['surprisal', 'Surprisal'],
  ['order', 'Order'],
  ['table', 'A table'],
] as const;
type Shape = (typeof shapes)[number][0];

/** The words of the lines, coloured by how surprising they are or by the length of the n-gram that answered. */
export function Words({ call, answer }: { call: Call<Scores>; answer: Answering<Scores> }) {
  const { name, order } = useCorpus() as Corpus;
  const [limit, setLimit] = useState(linesAtOnce);
  const shape = shapes.find(([value]) => value === param('as'))?.[0] ?? 'surprisal';
  const lines = useMemo(() => (answer.data === undefined ? [] : linesOf(answer.data)), [answer.data]);
  const shown = lines.slice(0, limit);
  return (
    <Panel title="Word by word" call={call} table={tableOf(name, lines)}>
      <Choice<Shape>
        legend="Coloured by"
        value={shape}
        options={shapes}
        onChange={(value) => setParams({ as: value === 'surprisal' ? '' : value })}
      />
      <Answer of={answer} shownFields={estimatorFieldNames}>
        {() => (
          <>
            {shape === 'table' ? <WordTable lines={shown} /> : <WordLines lines={shown} shape={shape} />}
            {shape === 'table' ? null : <Legend shape={shape} order={order} />}
            {limit >= lines.length ? null : (
              <button type="button" class="quiet" onClick={() => setLimit(limit + linesAtOnce)}>
                Show more lines
              </button>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function WordLines({ lines, shape }: { lines: readonly Line[]; shape: 'surprisal' | 'order' }) {
  return (
    <ol class="word-lines">
      {lines.map(({ number, score, problem }) => (
        <li key={number}>
          <span class="rank">{number}</span>
          {problem === undefined ? null : <p class="note">{problem}</p>}
          <div>
            {score?.per_token?.map((token, i) => (
              <Word key={i} of={token} shape={shape} />
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Word({ of, shape }: { of: TokenScore; shape: 'surprisal' | 'order' }) {
  const bits = surprisal(of);
  const heat = shape === 'surprisal' ? `heat-${heatOf(bits)}` : `order-${of.order}`;
  const about = `${bitsText(bits)} bits, order ${of.order}${of.in_vocabulary ? '' : ', unknown'}`;
  return (
    <span class={`scored ${heat}`} title={about}>
      <span class={of.in_vocabulary ? undefined : 'unknown'}>{shownToken(of.token)}</span>{' '}
      <small>{shape === 'surprisal' ? bitsText(bits) : of.order}</small>{' '}
    </span>
  );
}

/** The bits from which a word has the next colour. */
const heats = [0, 2, 5, 8, 12];

function heatOf(bits: number): number {
  return heats.findLastIndex((from) => bits >= from);
}

function bitsText(bits: number): string {
  return Number.isFinite(bits) ? bits.toFixed(1) : '∞';
}

function Legend({ shape, order }: { shape: 'surprisal' | 'order'; order: number }) {
  return (
    <div class="legend">
      {shape === 'surprisal'
        ? heats.map((from, i) => (
            <span key={from} class={`scored heat-${i}`}>
              {heats[i + 1] === undefined ? `${from} bits or more` : `${from} to ${heats[i + 1]}`}
            </span>
          ))
        : Array.from({ length: order + 1 }, (_, length) => (
            <span key={length} class={`scored order-${length}`}>
              {length === 0 ? '0: unknown' : length}
            </span>
          ))}
      <p class="hint">
        {shape === 'surprisal'
          ? 'Below each word is its surprisal, −log₂ P, in bits. A word that the corpus does not have is underlined.'
          : 'Below each word is the length of the longest n-gram of the corpus that ends there. A word that the corpus does not have is underlined.'}
      </p>
    </div>
  );
}

function WordTable({ lines }: { lines: readonly Line[] }) {
  return (
    <Table
      caption="The words of all lines"
      rows={rowsOf(lines)}
      columns={[
        { title: 'Line', isNumber: true, cell: ({ line }) => line },
        { title: 'Word', isName: true, cell: ({ token }) => shownToken(token) },
        { title: 'Surprisal', isNumber: true, cell: ({ bits }) => bitsText(bits) },
        { title: 'Order', isNumber: true, cell: ({ order }) => order },
        { title: 'In the corpus', cell: ({ in_vocabulary }) => (in_vocabulary ? 'yes' : 'no') },
      ]}
    />
  );
}

function rowsOf(lines: readonly Line[]) {
  return lines.flatMap(({ number, score }) =>
    (score?.per_token ?? []).map((token) => ({ ...token, line: number, bits: surprisal(token) })),
  );
}

function tableOf(corpus: string, lines: readonly Line[]): CsvTable {
  return {
    file: `${corpus}.words.csv`,
    columns: ['line', 'token', 'surprisal', 'order', 'in_vocabulary'],
    rows: () =>
      rowsOf(lines).map(({ line, token, bits, order, in_vocabulary }) => [
        line,
        token,
        Number.isFinite(bits) ? bits : null,
        order,
        in_vocabulary,
      ]),
  };
}
