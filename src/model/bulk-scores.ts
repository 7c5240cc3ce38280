import type { BufferPool } from '../platform/buffer-pool.ts';
import { mapInOrder } from '../platform/map-in-order.ts';
import type { DocumentFields } from '../text/json-lines.ts';
import { areOfSameVersions, type ModelDescription } from './language-model.ts';
import { type BlockSize, lineBlocks, wholeLines } from './line-blocks.ts';
import type { LineSums } from './line-sums.ts';
import { changedMeanwhile, type ScoreOptions, ScoreSum, type TextScore } from './score.ts';
import type { RecordOptions, Records } from './score-json.ts';
import type { LineBlock } from './score-lines.ts';
import { type TextOutcome, tooManyTokens } from './score-texts.ts';
import type { LineState, SummedLines } from './tasks/scoring.ts';
import type { WorkerModel } from './worker-model.ts';

/** How much is scored in one task: without per-token scores an answer is not much longer than its text. */
const blockSize = { bytes: 2 ** 18, lines: 2048 };
const perTokenBlockSize = { bytes: 2 ** 16, lines: 2048 };
const summaryBlockSize = { bytes: 2 ** 18, lines: 2 ** 18 };

/** The scores that models gave to texts. */
export interface ScoredTexts {
  model: ModelDescription;
  texts: TextOutcome[];
  /** The model that they are scored against, if there is one, with its scores of the same texts. */
  against: { model: ModelDescription; texts: TextOutcome[] } | undefined;
}

/**
 * Scores texts. Throws `index-not-ready` if the corpus changes while they are scored, and `content-too-large` if their
 * tokens are listed and there are more than `maxTokens`.
 */
export async function scoreTexts(
  model: WorkerModel,
  options: ScoreOptions,
  texts: readonly string[],
  maxTokens: number,
): Promise<ScoredTexts> {
  const { perToken } = options;
  const slices = textSlices(texts, perToken ? perTokenBlockSize.bytes : blockSize.bytes);
  const answers = mapInOrder(slices, model.threads, (texts) =>
    model.ask('scoreTexts', { options, texts, maxTokens }),
  );
  let description: ModelDescription | undefined;
  let against: ModelDescription | undefined;
  let tokens = 0;
  const outcomes: TextOutcome[] = [];
  const others: TextOutcome[] = [];
  for await (const answer of answers) {
    description = sameVersion(description, answer.model);
    against = answer.against && sameVersion(against, answer.against);
    for (const other of answer.others ?? []) others.push(other);
    for (const text of answer.texts) {
      outcomes.push(text);
      if ('result' in text) tokens += text.result.score.tokens;
    }
    if (perToken && tokens > maxTokens) throw model.located(tooManyTokens(maxTokens));
  }
  return {
    model: description as ModelDescription,
    texts: outcomes,
    against: against && { model: against, texts: others },
  };
}

/**
 * Scores lines as they are received, and yields their records in order, no faster than they are read. They are written into buffers of `free`, to which the caller returns them.
 */
export async function* scoreLines(
  model: WorkerModel,
  options: RecordOptions,
  lines: Lines,
  free: BufferPool,
): AsyncGenerator<Records, void> {
  const size = options.perToken ? perTokenBlockSize : blockSize;
  const answers = askOfBlocks(model, lines, size, (block, before) => {
    const memory = free.take();
    const { documents } = lines;
    const moved = memory === undefined ? [block.bytes.buffer] : [block.bytes.buffer, memory];
    return model.ask('scoreLines', { options, documents, block, before, memory }, moved);
  });
  for await (const answer of answers) if (answer !== undefined) yield answer;
}

/** The totals of lines. */
export interface LineTotals {
  model: ModelDescription;
  lines: number;
  score: TextScore;
  /** The same of the model that they are scored against, if there is one. */
  against: { model: ModelDescription; score: TextScore } | undefined;
}

/**
 * The sum of the scores of lines; undefined if there are none. `each` is called with the sums of each block. Throws
 * `index-not-ready` if the corpus changes while they are scored.
 */
export async function sumLines(
  model: WorkerModel,
  options: ScoreOptions,
  lines: Lines,
  each: (sums: LineSums) => void = () => {},
): Promise<LineTotals | undefined> {
  const { documents } = lines;
  const answers = askOfBlocks(model, lines, summaryBlockSize, (block, before) =>
    model.ask('sumLines', { options, documents, block, before }, [block.bytes.buffer]),
  );
  let count = 0;
  const own = new BlockSums();
  const other = new BlockSums();
  for await (const answer of answers) {
    if (answer === undefined) continue;
    own.add(answer);
    if (answer.against !== undefined) other.add(answer.against);
    count += answer.sums.lines;
    each(answer.sums);
  }
  const totals = own.totals();
  return totals && { ...totals, lines: count, against: other.totals() };
}

/** Ranks values, the highest first: equal ones share a rank, those that are not numbers come last. */
export function rankValues(values: readonly number[]): (value: number) => number {
  const comparable = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  const sorted = values.map(comparable).sort((a, b) => b - a);
  const ranks = new Map<number, number>();
  for (const [i, value] of sorted.entries()) if (!ranks.has(value)) ranks.set(value, i + 1);
  return (value) => ranks.get(comparable(value)) as number;
}

/** Texts, one per line. */
export interface Lines {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The fields of documents in JSON, if the lines are such. */
  readonly documents?: DocumentFields | undefined;
}

/**
 * Asks a question of each block of lines; of a block that continues a line, as soon as the block before is answered.
 */
function askOfBlocks<Reply extends { state: LineState | undefined }>(
  { threads }: WorkerModel,
  { bytes, documents }: Lines,
  size: BlockSize,
  ask: (block: LineBlock, before: LineState | undefined) => Promise<Reply>,
): AsyncIterable<Reply | undefined> {
  let last: Promise<Reply | undefined> | undefined;
  const blocks = documents === undefined ? lineBlocks(bytes, size) : wholeLines(bytes, size.lines);
  return mapInOrder(blocks, threads, (block) => {
    const previous = block.continues ? last : undefined;
    last = (async () => {
      const before = (await previous)?.state;
      // The rest of a line whose first part has a problem is not scored.
      if (block.continues && before === undefined) return undefined;
      return ask(block, before);
    })();
    return last;
  });
}

/** Cuts texts into slices of at least one text. */
function* textSlices(texts: readonly string[], characters: number): Generator<string[], void> {
  let slice: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (slice.length > 0 && (length + text.length > characters || slice.length === blockSize.lines)) {
      yield slice;
      slice = [];
      length = 0;
    }
    slice.push(text);
    length += text.length;
  }
  yield slice;
}

/** The sums of the blocks of one model, which must all be of one version. */
class BlockSums {
  #model: ModelDescription | undefined;
  readonly #sum = new ScoreSum();

  add({ model, sums }: SummedLines): void {
    this.#model = sameVersion(this.#model, model);
    addLines(this.#sum, sums);
  }

  /** Undefined if there were no blocks. */
  totals(): { model: ModelDescription; score: TextScore } | undefined {
    return this.#model && { model: this.#model, score: this.#sum.score };
  }
}

/** Adds the scores of lines one by one, so that the sum does not depend on how the text was cut into blocks. */
function addLines(sum: ScoreSum, { tokens, outOfVocabulary, logProbabilities }: LineSums): void {
  const { score } = sum;
  score.tokens += tokens;
  score.outOfVocabulary += outOfVocabulary;
  for (let i = 0; i < logProbabilities.length; i += 2) {
    score.logProbability += logProbabilities[i];
    score.inVocabularyLogProbability += logProbabilities[i + 1];
  }
}

/** The model of the next part of an answer. Throws `index-not-ready` if its version is not that of the parts before. */
function sameVersion(before: ModelDescription | undefined, next: ModelDescription): ModelDescription {
  if (before !== undefined && !areOfSameVersions(before, next)) throw changedMeanwhile();
  return next;
}
