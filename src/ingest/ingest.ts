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
import type { DraftSummary } from './draft.ts';
import { KeyedLock } from './keyed-lock.ts';
import { requestDigest } from './request-digest.ts';
import { UploadClient } from './upload-client.ts';

/** A text that is being uploaded; `id` is the document's, chosen by the server where undefined. */
export interface Text {
  id?: string;
  body: AsyncIterable<Uint8Array>;
  /** Its size, where it is known before. */
  bytes?: number;
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

/** Everything that changes corpora. The work is done in worker threads; changes of one corpus queue up. */
export class Ingest {
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
   * Creates a corpus of the texts, all or nothing; answers it as it was then and whether it was created now. It can have
   * been before: by a request with the same `key` or, with `unlessSame`, with the same settings and texts. Otherwise,
   * where there is one of that name, throws `corpus-exists`, or `idempotency-key-reused`. Throws `too-many-corpora` and
   * `disk-full` where there is no room for one more.
   */
  async create(
    name: string,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    { unlessSame = false, key }: { unlessSame?: boolean; key?: string | undefined },
  ): Promise<{ created: boolean; corpus: CorpusSummary }> {
    const canBeKnown = () =>
      (unlessSame && this.#hasSettings(name, settings)) ||
      (key !== undefined && this.#corpora.read(name, ({ reader }) => reader.hasKey(key)));
    if (this.#directory.has(name) && !canBeKnown()) throw corpusExists(name);
    this.#checkRoom(name);
    return this.#upload(settings, texts, (upload, drafts) =>
      this.#commit(name, async () => {
        const path = this.#directory.temporaryPath();
        try {
          if (!this.#directory.has(name)) {
            const corpus = await upload.create(path, now(), key);
            this.#checkRoom(name);
            if (this.#directory.adopt(path, name)) {
              this.#corpora.close(name);
              this.#added(drafts);
              return { created: true, corpus };
            }
          }
        } finally {
          this.#directory.discard(path);
        }
        const corpus = this.#known(name, settings, drafts, unlessSame, key);
        if (corpus === undefined) throw corpusExists(name);
        return { created: false, corpus };
      }),
    );
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
    return isSame ? this.#corpora.read(name, ({ reader }) => reader.summary()) : undefined;
  }

  /**
   * Adds the texts to a corpus, all or nothing. Those that were added before, by a request with the same `key` or under
   * the same id, are left out; throws `idempotency-key-reused` or `document-exists` where those were other texts, and
   * `corpus-busy` where other processes write to the corpus all the time; and `disk-full`. Answers the documents and whether they were
   * added now.
   */
  async append(
    name: string,
    texts: AsyncIterable<Text>,
    key?: string,
  ): Promise<{ documents: DocumentSummary[]; added: boolean }> {
    const { corpusCreatedAt, ...settings } = this.#corpora.read(name, ({ reader }) => ({
      ...reader.settings,
      corpusCreatedAt: reader.summary().createdAt,
    }));
    return this.#upload(settings, texts, (upload, drafts) =>
      this.#commit(name, async () => {
        const addition = { corpusCreatedAt, ids: drafts.map(({ id }) => id), key };
        try {
          const { compact, ...answer } = await whenFree(() =>
            upload.append(this.#directory.path(name), addition, now()),
          );
          this.#corpora.changed(name);
          if (answer.added) this.#added(answer.documents);
          if (compact) this.#compactLater(name);
          return answer;
        } catch (error) {
          throw this.#corpora.settle(error);
        }
      }),
    );
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
    await this.#lock.idle();
    await this.#pool.close();
  }

  async #upload<T>(
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    commit: (upload: UploadClient, drafts: (DraftSummary & { id?: string })[]) => Promise<T>,
  ): Promise<T> {
    const upload = new UploadClient(this.#pool, settings, this.#directory.temporaryPath());
    const space = this.#limits.disk.reserve();
    this.#figures.uploads++;
    try {
      const drafts = await this.#stage('ingest.receive', () => this.#receive(upload, settings, space, texts));
      return await commit(upload, drafts);
    } finally {
      this.#figures.uploads--;
      await upload.close();
      space.release();
    }
  }

  #checkRoom(name: string): void {
    const { maxCorpora } = this.#limits;
    if (this.#directory.has(name) || this.#directory.names().length < maxCorpora) return;
    throw new NgramdError(
      'too-many-corpora',
      `There are ${maxCorpora} corpora, as many as this server keeps (MAX_CORPORA). Delete one first.`,
    );
  }

  async #receive(
    upload: UploadClient,
    { order }: CorpusSettings,
    space: DiskReservation,
    texts: AsyncIterable<Text>,
  ) {
    let taken = 0;
    const drafts: (DraftSummary & { id?: string })[] = [];
    for await (const { id, body, bytes = 0 } of texts) {
      await space.growTo(diskBytes(order, taken + bytes));
      for await (const chunk of body) {
        if (taken % spaceCheckBytes > (taken + chunk.length) % spaceCheckBytes) {
          await space.growTo(diskBytes(order, taken));
        }
        taken += chunk.length;
        this.#figures.receivedBytes += chunk.length;
        await upload.write(chunk);
      }
      const draft = await upload.finish();
      drafts.push(id === undefined ? draft : { ...draft, id });
    }
    await space.growTo(diskBytes(order, taken));
    return drafts;
  }

  /** Commits when it is the corpus's turn. */
  #commit<T>(name: string, commit: () => Promise<T>): Promise<T> {
    return this.#lock.run(name, () => this.#stage('ingest.commit', commit));
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

  #hasSettings(name: string, { tokenizer, order, sequences }: CorpusSettings): boolean {
    const { settings } = this.#corpora.read(name, ({ reader }) => reader);
    return settings.tokenizer === tokenizer && settings.order === order && settings.sequences === sequences;
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
