import { asyncOutcomeOf, NgramdError, type Outcome } from '../../errors.ts';
import { type AnyCorpus, type CorpusAddress, type CorpusVersion, versionOf } from '../../index/corpus.ts';
import type { CorpusText } from '../../index/corpus-text.ts';
import { readInThread, readTextInThread, withAnyCorpus, withSnapshot } from '../../index/thread-corpora.ts';
import { fillPages as fill, type TokenPages } from '../../index/token-stream.ts';
import { type Cancellable, throwIfCancelled } from '../../model/cancelling.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import { type Bytes, movedOutcomeOf } from '../../platform/moved.ts';
import { inThread } from '../../platform/turn.ts';
import { type CorpusSummary, type Snapshot, type StoreAddress, storeInThread } from '../../store/store.ts';
import type { TablePart } from '../tables.ts';
import { type AnsweredPage, type BatchesQuestion, batches as readBatches } from './batches.ts';
import { type CorpusFrequencies, type FrequenciesQuestion, frequencies } from './frequencies.ts';
import {
  type QuestionName,
  questions,
  type SnapshotQuestionName,
  snapshotQuestions,
  type TextQuestionName,
  textQuestions,
} from './questions.ts';
import { type TableName, tables } from './tables.ts';
import { zipfPlot } from './zipf.ts';

/** A question of one corpus. */
export interface Task<Question> extends Cancellable {
  corpus: CorpusAddress;
  question: Question;
}

/** An answer, with what it was computed from. */
export type VersionedBytes = Bytes & { source: CorpusVersion };

/** Answers a question in JSON. */
export function answer({
  corpus,
  name,
  question,
  cancelled,
}: Task<never> & { name: QuestionName }): Promise<Outcome<VersionedBytes>> {
  const ask = questions[name] as (corpus: AnyCorpus, question: never) => Promise<object | string>;
  return outcomeOf(cancelled, () =>
    withAnyCorpus(corpus, async (corpus) => ({
      ...bytesOf(jsonOf(await ask(corpus, question))),
      source: versionOf(corpus),
    })),
  );
}

/** Answers a question of a snapshot in JSON. */
export function answerOfSnapshot({
  corpus,
  name,
  question,
  cancelled,
}: Task<never> & { name: SnapshotQuestionName }): Promise<Outcome<VersionedBytes>> {
  const ask = snapshotQuestions[name] as (snapshot: Snapshot, question: never) => Promise<object>;
  return outcomeOf(cancelled, () =>
    readInThread(corpus, async (snapshot) => bytesOfSnapshot(snapshot, await ask(snapshot, question))),
  );
}

/** Answers a question of a text in JSON. */
export function answerOfText({
  corpus,
  name,
  question,
  cancelled,
}: Task<never> & { name: TextQuestionName }): Promise<Outcome<VersionedBytes>> {
  if (corpus.tokens !== undefined) forgetPagesBut(corpus.tokens);
  const ask = textQuestions[name] as (text: CorpusText, question: never) => Promise<object>;
  return outcomeOf(cancelled, () =>
    readTextInThread(corpus, async (text) => bytesOfSnapshot(text.snapshot, await ask(text, question))),
  );
}

/** Rows of a table, as CSV. */
export function tablePart({
  corpus,
  name,
  question,
  cancelled,
}: Task<never> & { name: TableName }): Promise<Outcome<Bytes & Omit<TablePart, 'lines'>>> {
  if (corpus.tokens !== undefined) forgetPagesBut(corpus.tokens);
  const read = tables[name] as (corpus: AnyCorpus, question: never) => Promise<TablePart & { lines: string }>;
  return outcomeOf(cancelled, () =>
    withAnyCorpus(corpus, async (corpus) => {
      const { lines, ...part } = await read(corpus, question);
      return { ...bytesOf(lines), ...part };
    }),
  );
}

/** Draws a corpus's curves, as SVG. */
export function plot({
  corpus,
  question,
  cancelled,
}: Task<Parameters<typeof zipfPlot>[1]>): Promise<Outcome<Bytes>> {
  return outcomeOf(cancelled, async () => {
    const draw = await readInThread(corpus, (snapshot) => zipfPlot(snapshot, question));
    return bytesOf(draw());
  });
}

/** Counts phrases in a corpus. */
export function countPhrases({
  corpus,
  question,
  cancelled,
}: Task<FrequenciesQuestion>): Promise<Outcome<CorpusFrequencies>> {
  if (corpus.tokens !== undefined) forgetPagesBut(corpus.tokens);
  return asyncOutcomeOf(() =>
    whileWanted(cancelled, () =>
      readInThread(corpus, (snapshot) => frequencies(snapshot, corpus.tokens, question)),
    ),
  );
}

/** A corpus of a store, by its name. */
interface NamedCorpus {
  store: StoreAddress;
  name: string;
}

/** Opens a corpus, so that it is then opened at once. */
export function prepare({ store, name }: NamedCorpus): Promise<Outcome<void>> {
  return asyncOutcomeOf(async () => {
    await (await storeInThread(store)).open(name);
  });
}

/** The sizes of some corpora, each by itself. */
export function summaries({
  store,
  names,
}: {
  store: StoreAddress;
  names: readonly string[];
}): Promise<Outcome<Outcome<CorpusSummary>[]>> {
  return asyncOutcomeOf(async () => {
    const opened = await storeInThread(store);
    const found: Outcome<CorpusSummary>[] = [];
    for (const name of names) {
      found.push(
        await asyncOutcomeOf(async () => (await opened.open(name)).read((snapshot) => snapshot.summary())),
      );
    }
    return found;
  });
}

/** Reads a page of minibatches, into `memory` if it is large enough. */
export function batches({
  corpus,
  question,
  pages,
  memory,
  cancelled,
}: Task<BatchesQuestion> & { pages: TokenPages; memory: ArrayBuffer | undefined }): Promise<
  Outcome<Bytes & Omit<AnsweredPage, 'bytes'>>
> {
  forgetPagesBut(pages);
  const allocate = (bytes: number) =>
    Buffer.from(
      memory !== undefined && memory.byteLength >= bytes ? memory : new ArrayBuffer(bytes),
      0,
      bytes,
    );
  return outcomeOf(cancelled, () =>
    withSnapshot(corpus, async (corpus) => {
      const { bytes, ...page } = await readBatches(corpus, question, pages, allocate, allocateScratch);
      return { memory: bytes.buffer as ArrayBuffer, length: bytes.length, ...page };
    }),
  );
}

/** Fills pages of a token stream; false if the corpus has another version than they. */
export function fillPages({
  corpus,
  pages,
  numbers,
  cancelled,
}: Cancellable & { corpus: CorpusAddress; pages: TokenPages; numbers: Set<number> }): Promise<
  Outcome<boolean>
> {
  forgetPagesBut(pages);
  return asyncOutcomeOf(() =>
    whileWanted(cancelled, () => readInThread(corpus, (snapshot) => fill(snapshot, pages, numbers))),
  );
}

/** Answers a question, which ends early if nobody is waiting for its answer any more. */
function whileWanted<T>(cancelled: Int32Array | undefined, question: () => Promise<T>): T | Promise<T> {
  const checkpoint = () => throwIfCancelled(cancelled);
  checkpoint();
  return inThread(checkpoint, question);
}

/** The outcome of a question as of `whileWanted`, whose memory is moved to the thread that asked. */
function outcomeOf<T extends Bytes>(
  cancelled: Int32Array | undefined,
  question: () => Promise<T>,
): Promise<Outcome<T>> {
  return movedOutcomeOf(async () => whileWanted(cancelled, question));
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

/** An answer in JSON; some questions write it themselves. */
function jsonOf(answer: object | string): string {
  if (typeof answer === 'string') return answer;
  try {
    return JSON.stringify(answer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const detail = 'The answer is too long: request fewer items.';
    throw new NgramdError('invalid-request', detail);
  }
}

/** An answer that was computed from a snapshot. */
function bytesOfSnapshot({ ref, version }: Snapshot, answer: object | string): VersionedBytes {
  return { ...bytesOf(jsonOf(answer)), source: { corpus: ref, version } };
}

/** The text as UTF-8, in memory of its own. */
function bytesOf(text: string): Bytes {
  const { buffer, byteLength } = new TextEncoder().encode(text);
  return { memory: buffer as ArrayBuffer, length: byteLength };
}
