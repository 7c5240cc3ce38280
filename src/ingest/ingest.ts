import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { NgramdError, type Outcome, resultOf } from '../errors.ts';
import type { Corpora } from '../index/corpora.ts';
import type { PoolFigures } from '../pool-figures.ts';
import type { Stage } from '../stage.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../store/corpus.ts';
import type { DiskReservation, DiskSpace } from '../store/disk-space.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import { abortable } from './abortable.ts';
import type { DraftSummary } from './draft.ts';
import type { Job, JobTask, Uploaded } from './job.ts';
import { Jobs } from './jobs.ts';
import { KeyedLock } from './keyed-lock.ts';
import { requestDigest } from './request-digest.ts';
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

/** How many uploads one worker thread takes in turns, so that slow senders do not hold up the others. */
const uploadsPerWorker = 64;

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

/** A text that has been uploaded, with the id that it shall have. */
type IdentifiedSummary = DraftSummary & { id?: string };

/** Everything that changes corpora. The work is done in worker threads; changes of one corpus queue up. */
export class Ingest {
  readonly jobs = new Jobs();
  readonly #figures: IngestFigures = { uploads: 0, receivedBytes: 0, documents: 0, tokens: 0 };
  readonly #directory: CorpusDirectory;
  readonly #corpora: Corpora;
  readonly #limits: IngestLimits;
  readonly #stage: Stage;
  readonly #onError: (error: unknown) => void;
  readonly #lock = new KeyedLock();
  readonly #pool: Piscina;

  /**
   * `stage` runs the stages `ingest.receive`, `ingest.commit` and `ingest.merge`; `onError` is told of what fails
   * behind an upload that has been answered.
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
    this.#pool = new Piscina({
      filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
      maxThreads,
      concurrentTasksPerWorker: uploadsPerWorker,
      loadBalancer: (_task, workers) => idleOrLeastBusy(workers),
      idleTimeout: 60_000,
    });
    this.#pool.on('error', onError);
  }

  get figures(): Readonly<IngestFigures> {
    return this.#figures;
  }

  /** How many changes wait for others of the same corpus. */
  get waiting(): number {
    return this.#lock.waiting;
  }

  get pool(): PoolFigures {
    return this.#pool;
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
    return this.#upload(task, settings, texts, async (upload, drafts) => {
      const path = this.#directory.temporaryPath();
      try {
        if (!this.#directory.has(name)) {
          const corpus = await upload.create(path, now(), key);
          this.#checkRoom(name);
          if (this.#directory.adopt(path, name)) {
            this.#corpora.close(name);
            this.#added(drafts);
            return { corpus, added: true };
          }
        }
      } finally {
        this.#directory.discard(path);
      }
      const corpus = this.#known(name, settings, drafts, unlessSame, key);
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
    return this.#upload(task, settings, texts, async (upload, drafts) => {
      const addition = { corpusCreatedAt, ids: drafts.map(({ id }) => id), key };
      try {
        const { compact, ...answer } = await whenFree(() =>
          upload.append(this.#directory.path(name), addition, now()),
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
      const task = { path, id, now: now(), temporaryPath: this.#directory.temporaryPath() };
      try {
        await whenFree(async () =>
          resultOf((await this.#pool.run(task, { name: 'removeDocument' })) as Outcome<void>),
        );
      } catch (error) {
        throw this.#corpora.settle(error);
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
    await this.#pool.close();
  }

  /** Begins an upload. `commit` is called when all of it is there and it is the corpus's turn. */
  #upload(
    task: JobTask,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    commit: (upload: UploadClient, drafts: IdentifiedSummary[]) => Promise<Uploaded>,
  ): Job {
    return this.jobs.start(task, async (job) => {
      const { progress, signal } = job;
      const upload = new UploadClient(this.#pool, settings, this.#directory.temporaryPath(), progress.memory);
      // What is here of the text goes at once, though its corpus's turn may be long to come.
      const stop = () => upload.close().catch(this.#onError);
      signal.addEventListener('abort', stop);
      const space = this.#limits.disk.reserve();
      this.#figures.uploads++;
      try {
        const drafts = await this.#stage('ingest.receive', () =>
          this.#receive(job, upload, settings, space, texts),
        );
        job.receivedAll();
        return await this.#lock.run(task.corpus, async () => {
          signal.throwIfAborted();
          return this.#stage('ingest.commit', () => commit(upload, drafts));
        });
      } finally {
        this.#figures.uploads--;
        // The job is kept for those who ask for it, its text is not.
        signal.removeEventListener('abort', stop);
        await upload.close();
        space.release();
      }
    });
  }

  #checkRoom(name: string): void {
    const { maxCorpora } = this.#limits;
    if (this.#directory.has(name) || this.#directory.names().length < maxCorpora) return;
    throw new NgramdError(
      'too-many-corpora',
      `There are ${maxCorpora} corpora, as many as this server keeps (MAX_CORPORA). Delete one first.`,
    );
  }

  /** Takes the texts of an upload. Throws `cancelled` when the job is. */
  async #receive(
    job: Job,
    upload: UploadClient,
    { order }: CorpusSettings,
    space: DiskReservation,
    texts: AsyncIterable<Text>,
  ) {
    let taken = 0;
    let tokens = 0;
    const drafts: IdentifiedSummary[] = [];
    for await (const text of abortable(texts, job.signal)) {
      const { id, body, bytes } = text;
      job.totalBytes = bytes;
      // One chunk is on its way to the worker while it tokenizes the one before: the text comes in no faster than that.
      let before = Promise.resolve(tokens);
      await space.growTo(diskBytes(order, taken + (bytes ?? 0)));
      try {
        for await (const chunk of abortable(body, job.signal)) {
          if (taken % spaceCheckBytes > (taken + chunk.length) % spaceCheckBytes) {
            await space.growTo(diskBytes(order, taken));
          }
          job.totalBytes = text.bytes;
          taken += chunk.length;
          this.#figures.receivedBytes += chunk.length;
          const written = upload.write(chunk);
          // Where the one before fails, nobody asks for this one.
          written.catch(() => {});
          job.receive(chunk.length, await before);
          before = written;
        }
        await before;
        const draft = await upload.finish();
        tokens += draft.tokens;
        job.receive(0, tokens);
        drafts.push(id === undefined ? draft : { ...draft, id });
      } catch (error) {
        throw text.about(error);
      }
    }
    await space.growTo(diskBytes(order, taken));
    return drafts;
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
        const merge = () => this.#pool.run({ path }, { name: 'compact' });
        resultOf((await this.#stage('ingest.merge', merge)) as Outcome<void>);
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
 * An idle worker or, where there can be no more of them, the least busy: one that counts has no time for other uploads.
 * Null where a worker is still to come, or to become free.
 */
function idleOrLeastBusy<Worker extends { currentUsage: number }>(workers: readonly Worker[]): Worker | null {
  const [least, ...others] = [...workers].sort((a, b) => a.currentUsage - b.currentUsage);
  if (least === undefined || least.currentUsage === uploadsPerWorker) return null;
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
