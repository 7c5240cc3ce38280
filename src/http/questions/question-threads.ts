import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { asyncOutcomeOf, type Outcome } from '../../errors.ts';
import { type Corpora, NeedsThread } from '../../index/corpora.ts';
import { type AnyCorpus, addressOf, type CorpusAddress, isInMemory } from '../../index/corpus.ts';
import type { TokenPages } from '../../index/token-stream.ts';
import { cancelledBy } from '../../model/cancelling.ts';
import type { BufferPool } from '../../platform/buffer-pool.ts';
import type { Bytes } from '../../platform/moved.ts';
import type { Stage } from '../../platform/stage.ts';
import { inOneTurn, leaveTurn, TooLong } from '../../platform/turn.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSummary } from '../../store/store.ts';
import { definitionOf } from '../../text/tokenizer.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { type TablePart, tableParts } from '../tables.ts';
import type { AnsweredPage, BatchesQuestion, SentPage } from './batches.ts';
import type { CorpusFrequencies, FrequenciesQuestion } from './frequencies.ts';
import {
  type AnswerOf,
  type QuestionName,
  type QuestionOf,
  questions,
  type SnapshotAnswerOf,
  type SnapshotQuestionName,
  type SnapshotQuestionOf,
  snapshotQuestions,
  type TextQuestionName,
  type TextQuestionOf,
} from './questions.ts';
import { type TableName, type TableQuestion, tableSizes } from './tables.ts';
import type { VersionedBytes } from './worker.ts';

/** Asks a corpus the question that it is given. */
type Asking<Answer> = (question: (corpus: AnyCorpus) => Answer | Promise<Answer>) => Answer | Promise<Answer>;

/**
 * What a handler returns of an answer: one that is JSON already is sent as it is, whatever the schema of the answer.
 */
type Sent<Answer> = Answer extends string ? never : Answer;

const jsonType = 'application/json; charset=utf-8';

/**
 * Throws `TooLong` if the texts of a question are read with a dictionary or a tokenizer.json, which only threads load.
 */
function leaveIfSlow({ settings }: Pick<AnyCorpus, 'settings'>): void {
  if (settings.dictionary !== undefined || definitionOf(settings) !== undefined) leaveTurn();
}

/** How many corpora one task looks at. */
const summariesAtATime = 100;

/**
 * Answers questions of corpora without blocking the event loop: what takes longer than a turn of it goes to a thread.
 * There it is cancelled when the client closes the connection, at the latest when its turn comes.
 */
export class QuestionThreads {
  readonly #corpora: Corpora;
  readonly #stage: Stage;
  readonly #pool: WorkerPool;

  /**
   * `stage` runs each question of a thread, as `question.` and its name; `onError` receives the errors of threads that
   * die.
   */
  constructor(corpora: Corpora, stage: Stage, onError: (error: unknown) => void) {
    this.#corpora = corpora;
    this.#stage = stage;
    this.#pool = new WorkerPool(
      new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
      { maxThreads: availableParallelism(), idleTimeout: 30_000 },
      onError,
    );
  }

  get pool(): PoolFigures {
    return this.#pool.figures;
  }

  /**
   * Answers a question in JSON: at once if that takes no longer than a turn, or in a thread. `ask` asks a corpus the
   * question that it is given. What is in memory is answered without waiting.
   */
  answer<Name extends QuestionName>(
    reply: FastifyReply,
    name: Name,
    question: QuestionOf<Name>,
    ask: Asking<AnswerOf<Name>>,
  ): Sent<AnswerOf<Name>> | Promise<Sent<AnswerOf<Name>>> {
    type Answer = AnswerOf<Name> | Promise<AnswerOf<Name>>;
    let asked: AnyCorpus | undefined;
    const inThread = (error: unknown) => {
      if (error instanceof NeedsThread)
        return this.#bytes(reply, name, 'answer', { corpus: error.address, name, question });
      if (!(error instanceof TooLong) || asked === undefined) throw error;
      return this.#bytes(reply, name, 'answer', { corpus: this.#addressOf(asked), name, question });
    };
    const send = (answer: AnswerOf<Name>) => {
      if (typeof answer === 'string') reply.type(jsonType);
      return answer as Sent<AnswerOf<Name>>;
    };
    try {
      const answer = ask((corpus) => {
        asked = corpus;
        return inOneTurn(() => {
          leaveIfSlow(corpus);
          return questions[name](corpus as never, question as never) as Answer;
        });
      });
      return answer instanceof Promise ? answer.then(send).catch(inThread) : send(answer);
    } catch (error) {
      return inThread(error);
    }
  }

  /** As `answer`, of a question of a snapshot of a corpus. */
  async answerOfSnapshot<Name extends SnapshotQuestionName>(
    reply: FastifyReply,
    name: Name,
    corpus: string,
    question: SnapshotQuestionOf<Name>,
  ): Promise<SnapshotAnswerOf<Name>> {
    try {
      return await this.#corpora.read(corpus, async (snapshot) =>
        inOneTurn(() => {
          leaveIfSlow(snapshot);
          return snapshotQuestions[name](snapshot, question as never) as Promise<SnapshotAnswerOf<Name>>;
        }),
      );
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    }
    return this.answerOfSnapshotInThread(reply, name, corpus, question);
  }

  /** As `answerOfSnapshot`, of what is known to take long. */
  async answerOfSnapshotInThread<Name extends SnapshotQuestionName>(
    reply: FastifyReply,
    name: Name,
    corpus: string,
    question: SnapshotQuestionOf<Name>,
  ): Promise<never> {
    const task = { corpus: await this.#addressOfName(corpus), name, question };
    return this.#bytes(reply, name, 'answerOfSnapshot', task);
  }

  /** Answers a question of the text of a corpus in JSON, in a thread. */
  async answerOfText<Name extends TextQuestionName>(
    reply: FastifyReply,
    name: Name,
    corpus: string,
    question: TextQuestionOf<Name>,
  ): Promise<never> {
    const task = { corpus: await this.#corpora.textAddress(corpus), name, question };
    return this.#bytes(reply, name, 'answerOfText', task);
  }

  /**
   * A table of a corpus, part by part. `address` returns the corpus, with its counts if they are in memory; from then on
   * these answer, whatever changes.
   */
  table<Name extends TableName>(
    reply: FastifyReply,
    name: Name,
    question: TableQuestion<Name>,
    address: () => Promise<CorpusAddress>,
  ): AsyncGenerator<TablePart, void> {
    const cancelled = cancelledBy(disconnectSignal(reply));
    let corpus: CorpusAddress | undefined;
    return tableParts(
      question,
      async (query) => {
        if (corpus === undefined || !isInMemory(corpus)) corpus = await address();
        const task = { corpus, name, question: { ...question, ...query }, cancelled };
        const part = await this.#run<Bytes & Omit<TablePart, 'lines'>>(`${name}.csv`, 'tablePart', task);
        return { ...part, lines: bufferOf(part) };
      },
      tableSizes[name],
    );
  }

  /** Draws the curves of a corpus: an SVG document. */
  async plot(reply: FastifyReply, corpus: string, question: SnapshotQuestionOf<'zipf'>): Promise<Buffer> {
    const cancelled = cancelledBy(disconnectSignal(reply));
    const task = { corpus: await this.#addressOfName(corpus), question, cancelled };
    return bufferOf(await this.#run<Bytes>('plot', 'plot', task));
  }

  /** Counts phrases in each of these corpora, in threads. */
  async countPhrases(
    reply: FastifyReply,
    corpora: readonly string[],
    question: FrequenciesQuestion,
  ): Promise<CorpusFrequencies[]> {
    const cancelled = cancelledBy(disconnectSignal(reply));
    return Promise.all(
      corpora.map(async (name) => {
        const task = { corpus: await this.#corpora.textAddress(name), question, cancelled };
        return this.#run<CorpusFrequencies>('compare', 'countPhrases', task);
      }),
    );
  }

  /** Reads a page of minibatches into memory that is used again when all of the reply has been sent. */
  async batches(
    name: string,
    question: BatchesQuestion,
    memory: BufferPool,
    reply: FastifyReply,
  ): Promise<SentPage> {
    const { corpus, pages } = await this.#corpora.readIndexed(name, (corpus) => ({
      corpus: this.#addressOf(corpus),
      pages: this.#corpora.pagesOf(corpus),
    }));
    const cancelled = cancelledBy(disconnectSignal(reply));
    const free = memory.take();
    const page = await this.#run<Bytes & Omit<AnsweredPage, 'bytes'>>(
      'batches',
      'batches',
      { corpus, question, pages, memory: free, cancelled },
      free === undefined ? [] : [free],
    );
    reply.raw.once('finish', () => memory.giveBack(page.memory));
    return { body: bufferOf(page), bytes: page.length, next: page.next, note: page.note };
  }

  /** Fills pages of a corpus's token stream. Returns false, and fills none, if the corpus has another version. */
  async fillPages(
    name: string,
    pages: TokenPages,
    numbers: Set<number>,
    reply: FastifyReply,
  ): Promise<boolean> {
    const cancelled = cancelledBy(disconnectSignal(reply));
    const task = { corpus: await this.#addressOfName(name), pages, numbers, cancelled };
    return this.#run<boolean>('batches', 'fillPages', task);
  }

  /** Has a thread open a corpus, so that it then opens at once. Throws what opening it can throw. */
  async prepare(name: string): Promise<void> {
    await this.#run('prepare', 'prepare', { store: this.#corpora.store.address, name });
  }

  /** The sizes of the corpora of these names, in their order, each by itself. */
  async summaries(names: readonly string[]): Promise<Outcome<CorpusSummary>[]> {
    const found = await Promise.all(names.map((name) => this.#summaryIfOpen(name)));
    const others = [...names.keys()].filter((i) => found[i] === undefined);
    const { address: store } = this.#corpora.store;
    for (let from = 0; from < others.length; from += summariesAtATime) {
      const some = others.slice(from, from + summariesAtATime);
      const task = { store, names: some.map((i) => names[i]) };
      const read = await this.#run<Outcome<CorpusSummary>[]>('summaries', 'summaries', task);
      for (const [j, i] of some.entries()) found[i] = read[j];
    }
    return found as Outcome<CorpusSummary>[];
  }

  /** Finishes work in progress and stops the threads. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** The size of a corpus that is open; undefined where it is not: opening many takes long. */
  async #summaryIfOpen(name: string): Promise<Outcome<CorpusSummary> | undefined> {
    if (!this.#corpora.isOpen(name)) return undefined;
    return asyncOutcomeOf(() => this.#corpora.read(name, (snapshot) => snapshot.summary()));
  }

  #addressOf(corpus: AnyCorpus): CorpusAddress {
    return addressOf(this.#corpora.store.address, corpus);
  }

  async #addressOfName(name: string): Promise<CorpusAddress> {
    const { ref } = await this.#corpora.open(name);
    return { store: this.#corpora.store.address, corpus: ref };
  }

  async #bytes(
    reply: FastifyReply,
    stage: string,
    name: string,
    task: { corpus: CorpusAddress; name: string; question: unknown },
  ): Promise<never> {
    // Not Piscina's own signal: it would end a thread that has begun the task.
    const cancelled = cancelledBy(disconnectSignal(reply));
    const bytes = await this.#run<VersionedBytes>(stage, name, { ...task, cancelled });
    if (reply.request.method === 'GET') reply.request.asked = bytes.source;
    reply.type(jsonType);
    // Bytes are sent as they are, whatever the schema of the answer.
    return bufferOf(bytes) as never;
  }

  async #run<T>(stage: string, name: string, task: unknown, transferList: ArrayBuffer[] = []): Promise<T> {
    try {
      return await this.#stage(`question.${stage}`, () => this.#pool.run<T>(name, task, { transferList }));
    } catch (error) {
      throw await this.#corpora.settle(error);
    }
  }
}

function bufferOf({ memory, length }: Bytes): Buffer {
  return Buffer.from(memory, 0, length);
}

/**
 * Has a thread open the corpora of this scope's requests where that takes long: the first time after an upgrade or after
 * a process was killed, or while another process has locked the file.
 */
export function openInThreads(app: FastifyInstance, corpora: Corpora, threads: QuestionThreads): void {
  app.addHook('preHandler', (request, _reply, done) => {
    const { corpus } = request.params as { corpus?: string };
    if (corpus === undefined || corpora.isOpen(corpus)) return done();
    openInThread({ corpora, questions: threads }, corpus).then(() => done(), done);
  });
}

/** The same for a corpus that the body of a request names. */
export async function openInThread(
  { corpora, questions }: { corpora: Corpora; questions: QuestionThreads },
  corpus: string,
): Promise<void> {
  if (corpora.isOpen(corpus) || (await corpora.store.opensAtOnce(corpus))) return;
  await questions.prepare(corpus);
}
