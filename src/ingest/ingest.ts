import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { NgramdError, type Outcome, resultOf } from '../errors.ts';
import type { Corpora } from '../index/corpora.ts';
import type { PoolFigures } from '../pool-figures.ts';
import type { Stage } from '../stage.ts';
import type { CorpusSettings, DocumentSummary } from '../store/corpus.ts';
import type { DiskReservation, DiskSpace } from '../store/disk-space.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import type { DraftSummary } from './draft.ts';
import { KeyedLock } from './keyed-lock.ts';
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
      maxThreads: Math.max(2, availableParallelism()),
      concurrentTasksPerWorker: uploadsPerWorker,
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
   * Creates a corpus of the texts, all or nothing. Where there is one of that name: with `unlessSame`, false if it
   * was created with the same settings and texts; otherwise throws `corpus-exists`. Throws `too-many-corpora` and
   * `disk-full` where there is no room for one more.
   */
  async create(
    name: string,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    unlessSame: boolean,
  ): Promise<boolean> {
    if (this.#directory.has(name) && !(unlessSame && this.#hasSettings(name, settings)))
      throw corpusExists(name);
    this.#checkRoom(name);
    return this.#upload(settings, texts, (upload, drafts) =>
      this.#commit(name, async () => {
        const path = this.#directory.temporaryPath();
        try {
          if (!this.#directory.has(name)) {
            const { documents } = await upload.create(path, now());
            this.#checkRoom(name);
            if (this.#directory.adopt(path, name)) {
              this.#added(documents);
              return true;
            }
          }
        } finally {
          this.#directory.discard(path);
        }
        if (unlessSame && this.#hasSettings(name, settings) && this.#wasCreatedFrom(name, drafts))
          return false;
        throw corpusExists(name);
      }),
    );
  }

  /**
   * Adds the texts to a corpus, all or nothing. A text whose id is taken is left out if it is the same text;
   * otherwise throws `document-exists`; throws `disk-full` where there is no room for them. Answers the documents and whether anything was added.
   */
  async append(
    name: string,
    texts: AsyncIterable<Text>,
  ): Promise<{ documents: DocumentSummary[]; added: boolean }> {
    const { createdAt, ...settings } = this.#corpora.read(name, ({ reader }) => ({
      ...reader.settings,
      createdAt: reader.summary().createdAt,
    }));
    return this.#upload(settings, texts, (upload, drafts) =>
      this.#commit(name, async () => {
        if (this.#corpora.read(name, ({ reader }) => reader.summary().createdAt) !== createdAt) {
          throw new NgramdError('corpus-not-found', `The corpus ${name} was deleted during the upload.`);
        }
        const [{ id, sha256 }] = drafts;
        const known =
          id === undefined ? undefined : this.#corpora.read(name, ({ reader }) => reader.document(id));
        if (known !== undefined) {
          if (known.sha256 === sha256) return { documents: [known], added: false };
          throw new NgramdError(
            'document-exists',
            `The corpus ${name} has a document ${JSON.stringify(id)} with another text (SHA-256 ${known.sha256}, not ${sha256}). Choose another id.`,
          );
        }
        const ids = drafts.map((draft) => draft.id);
        const { documents, compact } = await upload.append(this.#directory.path(name), ids, now());
        this.#corpora.changed(name);
        this.#added(documents);
        if (compact) this.#compactLater(name);
        return { documents, added: true };
      }),
    );
  }

  /**
   * Takes a document back, after the changes that were asked for before; its space is given back behind the answer.
   * Throws `corpus-not-found` and `document-not-found`.
   */
  async takeBack(name: string, id: string): Promise<void> {
    await this.#lock.run(name, async () => {
      const path = this.#corpora.read(name, (corpus) => corpus.path);
      const task = { path, id, now: now(), temporaryPath: this.#directory.temporaryPath() };
      const outcome: Outcome<void> = await this.#pool.run(task, { name: 'removeDocument' });
      resultOf(outcome);
      this.#corpora.changed(name);
      this.#compactLater(name);
    });
  }

  /** Deletes a corpus, after the changes that were asked for before. Throws `corpus-not-found`. */
  async remove(name: string): Promise<void> {
    await this.#lock.run(name, async () => {
      if (!this.#directory.has(name)) {
        throw new NgramdError('corpus-not-found', `There is no corpus named ${JSON.stringify(name)}.`);
      }
      this.#corpora.close(name);
      this.#directory.remove(name);
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

  #added(documents: readonly DocumentSummary[]): void {
    this.#figures.documents += documents.length;
    for (const { tokens } of documents) this.#figures.tokens += tokens;
  }

  #compactLater(name: string): void {
    this.#lock
      .run(name, async () => {
        const path = this.#directory.path(name);
        if (!this.#directory.has(name)) return;
        await this.#stage('ingest.merge', () => this.#pool.run({ path }, { name: 'compact' }));
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

function now(): string {
  return new Date().toISOString();
}

function corpusExists(name: string): NgramdError {
  return new NgramdError(
    'corpus-exists',
    `There is a corpus named ${JSON.stringify(name)} with other settings or another text. Delete it first, or choose another name.`,
  );
}
