import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { NgramdError } from '../errors.ts';
import type { Corpora } from '../index/corpora.ts';
import type { CorpusSettings, DocumentSummary } from '../store/corpus.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import type { DraftSummary } from './draft.ts';
import { KeyedLock } from './keyed-lock.ts';
import { UploadClient } from './upload-client.ts';

/** A text that is being uploaded; `id` is the document's, chosen by the server where undefined. */
export interface Text {
  id?: string;
  body: AsyncIterable<Uint8Array>;
}

/** How many uploads one worker thread takes in turns, so that slow senders do not hold up the others. */
const uploadsPerWorker = 64;

/** Everything that changes corpora. The work is done in worker threads; changes of one corpus queue up. */
export class Ingest {
  readonly #directory: CorpusDirectory;
  readonly #corpora: Corpora;
  readonly #onError: (error: unknown) => void;
  readonly #lock = new KeyedLock();
  readonly #pool: Piscina;

  /** `onError` is told of what fails behind an upload that has been answered. */
  constructor(directory: CorpusDirectory, corpora: Corpora, onError: (error: unknown) => void) {
    this.#directory = directory;
    this.#corpora = corpora;
    this.#onError = onError;
    this.#pool = new Piscina({
      filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
      maxThreads: Math.max(2, availableParallelism()),
      concurrentTasksPerWorker: uploadsPerWorker,
      idleTimeout: 60_000,
    });
    this.#pool.on('error', onError);
  }

  /**
   * Creates a corpus of the texts, all or nothing. Where there is one of that name: with `unlessSame`, false if it
   * was created with the same settings and texts; otherwise throws `corpus-exists`.
   */
  async create(
    name: string,
    settings: CorpusSettings,
    texts: AsyncIterable<Text>,
    unlessSame: boolean,
  ): Promise<boolean> {
    if (this.#directory.has(name) && !(unlessSame && this.#hasSettings(name, settings)))
      throw corpusExists(name);
    return this.#upload(settings, texts, (upload, drafts) =>
      this.#lock.run(name, async () => {
        const path = this.#directory.temporaryPath();
        try {
          if (!this.#directory.has(name)) {
            await upload.create(path, now());
            if (this.#directory.adopt(path, name)) return true;
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
   * otherwise throws `document-exists`. Answers the documents and whether anything was added.
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
      this.#lock.run(name, async () => {
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
        if (compact) this.#compactLater(name);
        return { documents, added: true };
      }),
    );
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
    try {
      const drafts: (DraftSummary & { id?: string })[] = [];
      for await (const { id, body } of texts) {
        for await (const chunk of body) await upload.write(chunk);
        const draft = await upload.finish();
        drafts.push(id === undefined ? draft : { ...draft, id });
      }
      return await commit(upload, drafts);
    } finally {
      await upload.close();
    }
  }

  #compactLater(name: string): void {
    this.#lock
      .run(name, async () => {
        if (this.#directory.has(name))
          await this.#pool.run({ path: this.#directory.path(name) }, { name: 'compact' });
      })
      .catch(this.#onError);
  }

  #hasSettings(name: string, { tokenizer, order, sequences }: CorpusSettings): boolean {
    const { settings } = this.#corpora.read(name, ({ reader }) => reader);
    return settings.tokenizer === tokenizer && settings.order === order && settings.sequences === sequences;
  }

  #wasCreatedFrom(name: string, drafts: readonly DraftSummary[]): boolean {
    const hashes = this.#corpora.read(name, ({ reader }) => reader.createdFrom());
    return hashes.length === drafts.length && drafts.every(({ sha256 }, i) => sha256 === hashes[i]);
  }
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
