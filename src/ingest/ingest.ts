import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NgramdError, resultOf } from '../errors.ts';
import type { Corpora } from '../index/corpora.ts';
import type { Stage } from '../platform/stage.ts';
import { type PoolFigures, WorkerPool } from '../platform/worker-pool.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../store/corpus.ts';
import type { DiskReservation, DiskSpace } from '../store/disk-space.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import { abortable } from './abortable.ts';
import type { AddedOrBusy } from './commit-worker.ts';
import { buffersOf, type DraftContent, type DraftSummary } from './draft.ts';
import type { Job, JobTask, Uploaded } from './job.ts';
import { Jobs } from './jobs.ts';
import { KeyedLock } from './keyed-lock.ts';
import { requestDigest } from './request-digest.ts';
import { type SharedTextMemory, TextMemories } from './text-memory.ts';
import type { Added, Addition, Creation, Received } from './upload.ts';
import { UploadClient } from './upload-client.ts';

/** A text that is being uploaded; `id` is the document's, chosen by the server where undefined. */
export interface Text {
  id?: string;
  body: AsyncIterable<Uint8Array>;
  /** Its size, where it is known before, and not found to be another when the text begins to come. */
  bytes: number | undefined;
  /** Says of an error which text it is about, where it is about this one. */
  about(error: unknown): unknown;
}

/** What uploads may take. */
export interface IngestLimits {
  disk: DiskSpace;
  maxCorpora: number;
  /** For the distinct tokens of all uploads under way. */
  memoryBytes: number;
}

/** After how many bytes of a text the disk is looked at again. */
const spaceCheckBytes = 16 * 2 ** 20;

/** What ingests do and have done since the start. */
export interface IngestFigures {
  /** Uploads under way. */
  uploads: number;
  receivedBytes: number;
  /** Committed. */
  documents: number;
  tokens: number;
}

/** How many uploads one thread receives in turns, so that slow senders do not hold up the others. */
const uploadsPerThread = 64;

/** How long a change waits for another process that is changing the corpus, and how often it looks, in milliseconds. */
const patience = 10_000;
const pause = 20;

const maxThreads = Math.max(2, availableParallelism());

/** What a request says of its upload. */
export interface UploadOptions {
  /** Its idempotency key. */
  key?: string | undefined;
  requestId: string;
}

/** An upload that is all here and has its turn. */
interface ReceivedUpload {
  job: Job;
  summaries: DraftSummary[];
  /** The ids that the texts shall have. */
  ids: (string | undefined)[];
  draft: DraftContent | undefined;
  scratchPath: string;
}

/**
 * Everything that changes corpora. Texts are received by threads that take many of them in turns, and committed by others
 * that do one thing after the other, so that no commit holds up who sends. Changes of one corpus queue up.
 */
export class Ingest {
  readonly jobs = new Jobs();
  readonly #figures: IngestFigures = { uploads: 0, receivedBytes: 0, documents: 0, tokens: 0 };
  readonly #directory: CorpusDirectory;
  readonly #corpora: Corpora;
  readonly #limits: IngestLimits;
  readonly #stage: Stage;
  readonly #onError: (error: unknown) => void;
  readonly #lock = new KeyedLock();
  readonly #memories: TextMemories;
  readonly #receiving: WorkerPool;
  readonly #committing: WorkerPool;

  /**
   * `stage` runs the stages `ingest.receive`, `ingest.commit` and `ingest.merge`; `onError` is told of what fails
   * behind an upload that has been answered, and of threads that die.
   */
  constructor(
    directory: CorpusDirectory,
    corpora: Corpora,
    limits: IngestLimits,
    stage: Stage,
    onError: (error: unknown) => void,
  ) {
    this.#directory = directory;
    this.#corpora = corpora;
    this.#limits = limits;
    this.#stage = stage;
    this.#onError = onError;
    this.#memories = new TextMemories(limits.memoryBytes);
    const extension = extname(import.meta.url);
    const threads = { minThreads: 1, maxThreads, idleTimeout: 60_000 };
    this.#receiving = new WorkerPool(
      new URL(`./receive-worker${extension}`, import.meta.url),
      {
        ...threads,
        concurrentTasksPerWorker: uploadsPerThread,
        loadBalancer: (_task, workers) => idleOrLeastBusy(workers),
      },
      onError,
    );
    this.#committing = new WorkerPool(
      new URL(`./commit-worker${extension}`, import.meta.url),
      threads,
      onError,
    );
  }

  get figures(): Readonly<IngestFigures> {
    return this.#figures;
  }

  /** How many changes wait for others of the same corpus. */
  get waiting(): number {
    return this.#lock.waiting;
  }

  get pools(): { receive: PoolFigures; commit: PoolFigures } {
    return { receive: this.#receiving.figures, commit: this.#committing.figures };
  }

  /**
   * Begins to create a corpus of the texts, all or nothing. The job comes to the corpus as it was created, now or before:
   * by a request with the same `key` or, with `unlessSame`, with the same settings and texts. Otherwise, where there is
   * one of that name: `corpus-exists` or `idempotency-key-reused`. Where there is no room for one more:
   * `too-many-corpora` and `disk-full`. They are thrown or, when they show later, what the job ends with.
   */
  create(
    name: string,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    { unlessSame = false, key, requestId }: UploadOptions & { unlessSame?: boolean },
  ): Job {
    const canBeKnown = () =>
      (unlessSame && this.#hasSettings(name, settings)) ||
      (key !== undefined && this.#corpora.read(name, ({ reader }) => reader.hasKey(key)));
    if (this.#directory.has(name) && !canBeKnown()) throw corpusExists(name);
    this.#checkRoom(name);
    const task: JobTask = { operation: 'create-corpus', corpus: name, requestId };
    return this.#upload(task, settings, texts, async (upload) => {
      const path = this.#directory.temporaryPath();
      const { summaries } = upload;
      try {
        if (!this.#directory.has(name)) {
          const creation: Creation = { ...handedOver(upload, key), path, settings };
          const corpus = await this.#commit<CorpusSummary>('create', creation);
          this.#checkRoom(name);
          if (await this.#directory.adopt(path, name)) {
            this.#corpora.close(name);
            this.#added(summaries);
            return { corpus, added: true };
          }
        }
      } finally {
        this.#directory.discard(path);
      }
      const corpus = this.#known(name, settings, summaries, unlessSame, key);
      if (corpus === undefined) throw corpusExists(name);
      return { corpus, added: false, replayed: key !== undefined };
    });
  }

  /** What the same request was answered before, undefined where the corpus is another. */
  #known(
    name: string,
    settings: CorpusSettings,
    drafts: readonly DraftSummary[],
    unlessSame: boolean,
    key: string | undefined,
  ): CorpusSummary | undefined {
    if (key !== undefined) {
      const request = requestDigest(settings, drafts);
      return this.#corpora.read(name, ({ reader }) => reader.answerTo(key, request));
    }
    const isSame = unlessSame && this.#hasSettings(name, settings) && this.#wasCreatedFrom(name, drafts);
    return isSame ? this.#summary(name) : undefined;
  }

  /**
   * Begins to add the texts to a corpus, all or nothing. Those that were added before, by a request with the same `key` or
   * under the same id, are left out; where those were other texts the job ends with `idempotency-key-reused` or
   * `document-exists`, where other processes write to the corpus all the time with `corpus-busy`, and with `disk-full`
   * where there is no room. Throws `corpus-not-found`.
   */
  append(name: string, texts: AsyncIterable<Text>, { key, requestId }: UploadOptions): Job {
    const { corpusCreatedAt, ...settings } = this.#corpora.read(name, ({ reader }) => ({
      ...reader.settings,
      corpusCreatedAt: reader.summary().createdAt,
    }));
    const task: JobTask = { operation: 'add-documents', corpus: name, requestId };
    return this.#upload(task, settings, texts, async (upload) => {
      const path = this.#directory.path(name);
      try {
        const { compact, ...answer } = await whenFree(() =>
          this.#append(upload, { ...handedOver(upload, key), path, corpusCreatedAt, ids: upload.ids }),
        );
        this.#corpora.changed(name);
        if (answer.added) this.#added(answer.documents);
        if (compact) this.#compactLater(name);
        return { ...answer, replayed: key !== undefined && !answer.added };
      } catch (error) {
        throw this.#corpora.settle(error);
      }
    });
  }

  /**
   * Takes a document back, after the changes that were asked for before; its space is given back behind the answer.
   * Throws `corpus-not-found`, `document-not-found` and `corpus-busy`.
   */
  async takeBack(name: string, id: string): Promise<void> {
    await this.#lock.run(name, async () => {
      const path = this.#corpora.read(name, (corpus) => corpus.path);
      const scratchPath = this.#directory.temporaryPath();
      const task = { path, id, now: now(), scratchPath };
      try {
        await whenFree(() => this.#committing.run<void>('removeDocument', task));
      } catch (error) {
        throw this.#corpora.settle(error);
      } finally {
        this.#directory.discard(scratchPath);
      }
      this.#corpora.changed(name);
      this.#compactLater(name);
    });
  }

  /**
   * Deletes a corpus, after the changes that were asked for before. Throws `corpus-not-found`, and `corpus-busy` where
   * other processes write to it all the time.
   */
  async remove(name: string): Promise<void> {
    await this.#lock.run(name, async () => {
      await whenFree(async () => this.#directory.remove(name));
      this.#corpora.close(name);
    });
  }

  /** Finishes what is under way and stops the worker threads. */
  async close(): Promise<void> {
    await this.jobs.over();
    await this.#lock.idle();
    await Promise.all([this.#receiving.close(), this.#committing.close()]);
  }

  /** Begins an upload. `commit` is called when all of it is there and it is the corpus's turn. */
  #upload(
    task: JobTask,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    commit: (upload: ReceivedUpload) => Promise<Uploaded>,
  ): Job {
    return this.jobs.start(task, async (job) => {
      const { signal } = job;
      const path = this.#directory.temporaryPath();
      const paths = { spoolPath: `${path}.tokens`, scratchPath: `${path}.runs` };
      const memory = this.#memories.begin();
      const space = this.#limits.disk.reserve();
      let upload: ReceivedUpload | undefined;
      const release = async () => {
        upload = undefined;
        this.#memories.end(memory);
        try {
          // A thread that died has left them.
          for (const path of Object.values(paths)) await rm(path, { force: true });
        } catch (error) {
          this.#onError(error);
        } finally {
          space.release();
        }
      };
      this.#figures.uploads++;
      try {
        upload = await this.#stage('ingest.receive', () =>
          this.#receive(job, settings, texts, { ...paths, memory, space }),
        );
        job.receivedAll();
        // What is here of the text goes at once, though its corpus's turn may be long to come.
        signal.addEventListener('abort', release);
        return await this.#lock.run(task.corpus, async () => {
          signal.removeEventListener('abort', release);
          signal.throwIfAborted();
          return this.#stage('ingest.commit', () => commit(upload as ReceivedUpload));
        });
      } finally {
        // The job is kept for those who ask for it, its text is not.
        signal.removeEventListener('abort', release);
        await release();
        this.#figures.uploads--;
      }
    });
  }

  /** Has a thread commit an upload, whose texts go there. */
  #commit<T>(name: 'create' | 'append', task: Creation | Addition): Promise<T> {
    const transferList = task.draft === undefined ? [] : buffersOf(task.draft);
    return this.#committing.run<T>(name, task, { transferList });
  }

  /** As `appendTexts`; where that throws `corpus-busy`, it can be tried again. */
  async #append(upload: ReceivedUpload, addition: Addition): Promise<Added> {
    const answer = await this.#commit<AddedOrBusy>('append', addition);
    if (!('busy' in answer)) return answer;
    upload.draft = answer.draft;
    return resultOf(answer.busy);
  }

  #checkRoom(name: string): void {
    const { maxCorpora } = this.#limits;
    if (this.#directory.has(name) || this.#directory.names().length < maxCorpora) return;
    throw new NgramdError(
      'too-many-corpora',
      `There are ${maxCorpora} corpora, as many as this server keeps (MAX_CORPORA). Delete one first.`,
    );
  }

  /** Receives the texts of an upload. Throws `cancelled` when the job is. */
  async #receive(
    job: Job,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    { spoolPath, scratchPath, memory, space }: UploadResources,
  ): Promise<ReceivedUpload> {
    const { order } = settings;
    const client = new UploadClient(this.#receiving, settings, spoolPath, memory);
    const signal = AbortSignal.any([job.signal, client.signal]);
    let taken = 0;
    let tokens = 0;
    const summaries: DraftSummary[] = [];
    const ids: (string | undefined)[] = [];
    try {
      for await (const text of abortable(texts, signal)) {
        const { id, body, bytes } = text;
        job.totalBytes = bytes;
        // One chunk is on its way to the worker while it tokenizes the one before: the text comes in no faster than that.
        let before = Promise.resolve(tokens);
        if (bytes !== undefined || taken === 0) await space.growTo(diskBytes(order, taken + (bytes ?? 0)));
        try {
          for await (const chunk of abortable(body, signal)) {
            if (taken % spaceCheckBytes > (taken + chunk.length) % spaceCheckBytes) {
              await space.growTo(diskBytes(order, taken));
            }
            job.totalBytes = text.bytes;
            taken += chunk.length;
            this.#figures.receivedBytes += chunk.length;
            const written = client.write(chunk);
            // Where the one before fails, nobody asks for this one.
            written.catch(() => {});
            job.receive(chunk.length, await before);
            before = written;
          }
          await before;
          const summary = await client.finish();
          tokens += summary.tokens;
          job.receive(0, tokens);
          summaries.push(summary);
          ids.push(id);
        } catch (error) {
          throw text.about(error);
        }
      }
      await space.growTo(diskBytes(order, taken));
      const draft = summaries.length === 0 ? undefined : await client.take();
      return { job, summaries, ids, draft, scratchPath };
    } finally {
      await client.close().catch(this.#onError);
    }
  }

  #added(documents: readonly Pick<DocumentSummary, 'tokens'>[]): void {
    this.#figures.documents += documents.length;
    for (const { tokens } of documents) this.#figures.tokens += tokens;
  }

  #compactLater(name: string): void {
    this.#lock
      .run(name, async () => {
        const path = this.#directory.path(name);
        if (!this.#directory.has(name)) return;
        await this.#stage('ingest.merge', () => this.#committing.run<void>('compact', { path }));
      })
      .catch(this.#onError);
  }

  #summary(name: string): CorpusSummary {
    return this.#corpora.read(name, ({ reader }) => reader.summary());
  }

  #hasSettings(name: string, { tokenizer, order, sequences, locale }: CorpusSettings): boolean {
    const { settings } = this.#corpora.read(name, ({ reader }) => reader);
    return (
      settings.tokenizer === tokenizer &&
      settings.order === order &&
      settings.sequences === sequences &&
      settings.locale === locale
    );
  }

  #wasCreatedFrom(name: string, drafts: readonly DraftSummary[]): boolean {
    const hashes = this.#corpora.read(name, ({ reader }) => reader.createdFrom());
    return hashes?.length === drafts.length && drafts.every(({ sha256 }, i) => sha256 === hashes[i]);
  }
}

/** What an upload takes while it is under way. */
interface UploadResources {
  spoolPath: string;
  scratchPath: string;
  memory: SharedTextMemory;
  space: DiskReservation;
}

/** What the committing thread is given of every upload. */
function handedOver({ job, draft, scratchPath }: ReceivedUpload, key: string | undefined): Received {
  return { draft, scratchPath, progress: job.progress.memory, now: now(), key };
}

/** About how much disk a text takes until it is committed, its temporary files included: English, in bytes. */
function diskBytes(order: number, textBytes: number): number {
  return Math.ceil(textBytes * (1 + order / 2));
}

/** Makes a change, again and again while another process holds the corpus. Throws `corpus-busy` when that goes on. */
async function whenFree<T>(change: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await change();
    } catch (error) {
      const isBusy = error instanceof NgramdError && error.code === 'corpus-busy';
      if (!isBusy || Date.now() >= deadline) throw error;
      await setTimeout(pause);
    }
  }
}

/**
 * An idle worker or, where there can be no more of them, the least busy: one that tokenizes has no time for other uploads.
 * Null where a worker is still to come, or to become free.
 */
function idleOrLeastBusy<Worker extends { currentUsage: number }>(workers: readonly Worker[]): Worker | null {
  const [least, ...others] = [...workers].sort((a, b) => a.currentUsage - b.currentUsage);
  if (least === undefined || least.currentUsage === uploadsPerThread) return null;
  return least.currentUsage === 0 || others.length + 1 === maxThreads ? least : null;
}

function now(): string {
  return new Date().toISOString();
}

function corpusExists(name: string): NgramdError {
  return new NgramdError(
    'corpus-exists',
    `There is a corpus named ${JSON.stringify(name)} with other settings or another text. Delete it first, or choose another name.`,
  );
}
