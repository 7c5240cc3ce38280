import { move, transferableSymbol, valueSymbol } from 'piscina';
import { failureOf, NgramdError, type Outcome, outcomeOf } from '../../errors.ts';
import type { Corpus } from '../../index/corpora.ts';
import type { TokenPages } from '../../index/token-stream.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import { openCorpusFile } from '../../store/sqlite/database.ts';
import { type BatchesQuestion, batches as readBatches } from './batches.ts';
import { type CorpusAddress, withCorpus } from './open-corpora.ts';
import { type QuestionName, questions } from './questions.ts';
import { summaries as readSummaries } from './summaries.ts';
import { zipfPlot } from './zipf.ts';

/** A question of one corpus. */
export interface Task<Question> {
  corpus: CorpusAddress;
  question: Question;
}

/** Bytes of an answer. They come in memory that goes over to who asked. */
export interface Bytes {
  memory: ArrayBuffer;
  /** How many there are, from the memory's first on. */
  length: number;
}

/** Answers a question in JSON. */
export function answer({ corpus, name, question }: Task<never> & { name: QuestionName }): Outcome<Bytes> {
  const ask = questions[name] as (corpus: Corpus, question: never) => object;
  return moved(
    outcomeOf(() =>
      withCorpus(corpus, name === 'ngrams', (corpus) => bytesOf(jsonOf(ask(corpus, question)))),
    ),
  );
}

/** Draws a corpus's curves, as SVG. */
export async function plot({
  corpus,
  question,
}: Task<Parameters<typeof zipfPlot>[1]>): Promise<Outcome<Bytes>> {
  try {
    const draw = withCorpus(corpus, true, (corpus) => zipfPlot(corpus, question));
    return moved({ result: bytesOf(await draw()) });
  } catch (error) {
    return failureOf(error);
  }
}

/** Opens a corpus's file, which brings it to the current schema and its log into it, and closes it. */
export function prepare({ path }: { path: string }): Outcome<void> {
  return outcomeOf(() => {
    openCorpusFile(path).close();
  });
}

/** The sizes of some corpora. */
export function summaries({ paths }: { paths: readonly string[] }): Outcome<Outcome<CorpusSummary>[]> {
  return outcomeOf(() => readSummaries(paths));
}

/** Reads a page of minibatches, into `memory` if it is large enough. */
export function batches({
  corpus,
  question,
  pages,
  memory,
}: Task<BatchesQuestion> & { pages: TokenPages; memory: ArrayBuffer | undefined }): Outcome<
  Bytes & { next: string | null }
> {
  forgetPagesBut(pages);
  const allocate = (bytes: number) =>
    Buffer.from(
      memory !== undefined && memory.byteLength >= bytes ? memory : new ArrayBuffer(bytes),
      0,
      bytes,
    );
  return moved(
    outcomeOf(() =>
      withCorpus(corpus, true, (corpus) => {
        const { bytes, next } = readBatches(corpus, question, pages, allocate, allocateScratch);
        return { memory: bytes.buffer as ArrayBuffer, length: bytes.length, next };
      }),
    ),
  );
}

/** Memory for what is no answer itself, the same for page after page. */
let scratch = new ArrayBuffer(0);
function allocateScratch(bytes: number): Buffer {
  if (scratch.byteLength < bytes) scratch = new ArrayBuffer(bytes);
  return Buffer.from(scratch, 0, bytes);
}

/** Whose memory is held by garbage, though V8 does not count it when it decides to collect garbage. */
let lastPages: number | undefined;
function forgetPagesBut({ id }: TokenPages): void {
  if (lastPages !== undefined && lastPages !== id) collectGarbage();
  lastPages = id;
}

function jsonOf(answer: object): string {
  try {
    return JSON.stringify(answer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const detail = 'The answer has more characters than a text can have: ask for fewer items.';
    throw new NgramdError('invalid-request', detail);
  }
}

/** The text as UTF-8, in memory of its own. */
function bytesOf(text: string): Bytes {
  const { buffer, byteLength } = new TextEncoder().encode(text);
  return { memory: buffer as ArrayBuffer, length: byteLength };
}

/** The outcome so that its memory is handed over, not copied. */
function moved<T extends Bytes>(outcome: Outcome<T>): Outcome<T> {
  if (!('result' in outcome)) return outcome;
  return move({
    [transferableSymbol]: [outcome.result.memory],
    [valueSymbol]: outcome,
  } as never) as unknown as Outcome<T>;
}
