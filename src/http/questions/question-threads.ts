import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Outcome, outcomeOf } from '../../errors.ts';
import type { Corpora, Corpus } from '../../index/corpora.ts';
import { ResidentIndex } from '../../index/resident/resident-index.ts';
import type { Stage } from '../../platform/stage.ts';
import { inOneTurn, TooLong } from '../../platform/turn.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import type { BufferPool } from '../buffer-pool.ts';
import type { BatchesQuestion } from './batches.ts';
import type { CorpusAddress } from './open-corpora.ts';
import { type AnswerOf, type QuestionName, type QuestionOf, questions } from './questions.ts';
import type { Bytes } from './worker.ts';

/** How many corpora one task looks at. */
const summariesAtATime = 100;

/** Answers questions of corpora so that the event loop goes on: what takes longer than a turn of it goes to a thread. */
export class QuestionThreads {
  readonly #corpora: Corpora;
  readonly #stage: Stage;
  readonly #pool: WorkerPool;

  /** `stage` runs each question of a thread, as `question.` and its name; `onError` is told of threads that die. */
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

  /** Answers a question in JSON: at once if that is done in one turn, or in a thread. */
  async answer<Name extends QuestionName>(
    reply: FastifyReply,
    name: Name,
    corpus: Corpus,
    question: QuestionOf<Name>,
  ): Promise<AnswerOf<Name>> {
    try {
      return (await inOneTurn(() => questions[name](corpus, question as never))) as AnswerOf<Name>;
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    }
    return this.answerInThread(reply, name, corpus, question);
  }

  /** As `answer`, of what is known to be long. */
  async answerInThread<Name extends QuestionName>(
    reply: FastifyReply,
    name: Name,
    corpus: Corpus,
    question: QuestionOf<Name>,
  ): Promise<never> {
    const address = addressOf(corpus);
    const bytes = await this.#run<Bytes>(name, 'answer', { corpus: address, name, question });
    reply.type('application/json; charset=utf-8');
    // Bytes are sent as they are, whatever the schema of the answer.
    return bufferOf(bytes) as never;
  }

  /** Draws the curves of a corpus: an SVG document. */
  async plot(corpus: Corpus, question: QuestionOf<'zipf'>): Promise<Buffer> {
    return bufferOf(await this.#run<Bytes>('plot', 'plot', { corpus: addressOf(corpus), question }));
  }

  /** Reads a page of minibatches into memory that is used again when all of the reply has been sent. */
  async batches(
    corpus: Corpus,
    question: BatchesQuestion,
    memory: BufferPool,
    reply: FastifyReply,
  ): Promise<{ bytes: Buffer; next: string | null }> {
    const free = memory.take();
    const task = {
      corpus: addressOf(corpus),
      question,
      pages: this.#corpora.pagesOf(corpus),
      memory: free,
    };
    const page = await this.#run<Bytes & { next: string | null }>(
      'batches',
      'batches',
      task,
      free === undefined ? [] : [free],
    );
    memory.giveBackAfter(reply, page.memory);
    return { bytes: bufferOf(page), next: page.next };
  }

  /** Has the file of a corpus so that it is opened at once. Throws what opening it can throw. */
  async prepare(name: string): Promise<void> {
    await this.#run('prepare', 'prepare', { path: this.#corpora.path(name) });
  }

  /** The sizes of the corpora of these names, in their order, each by itself. */
  async summaries(names: readonly string[]): Promise<Outcome<CorpusSummary>[]> {
    const found = names.map((name) => outcomeOf(() => this.#corpora.summaryIfOpen(name)));
    const others = [...names.keys()].filter((i) => 'result' in found[i] && found[i].result === undefined);
    for (let from = 0; from < others.length; from += summariesAtATime) {
      const some = others.slice(from, from + summariesAtATime);
      const paths = some.map((i) => this.#corpora.path(names[i]));
      const read = await this.#run<Outcome<CorpusSummary>[]>('summaries', 'summaries', { paths });
      for (const [j, i] of some.entries()) found[i] = read[j];
    }
    return found as Outcome<CorpusSummary>[];
  }

  /** Finishes what is under way and stops the threads. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #run<T>(stage: string, name: string, task: unknown, transferList: ArrayBuffer[] = []): Promise<T> {
    try {
      return await this.#stage(`question.${stage}`, () => this.#pool.run<T>(name, task, { transferList }));
    } catch (error) {
      throw this.#corpora.settle(error);
    }
  }
}

function addressOf({ name, path, index }: Corpus): CorpusAddress {
  return { name, path, trie: index instanceof ResidentIndex ? index.trie : undefined };
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
    if (corpus === undefined || corpora.opensAtOnce(corpus)) return done();
    threads.prepare(corpus).then(() => done(), done);
  });
}
