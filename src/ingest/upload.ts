import { NgramdError } from '../errors.ts';
import { collectGarbage } from '../garbage.ts';
import { blockNGrams } from '../store/block.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../store/corpus.ts';
import { CorpusWriter } from '../store/sqlite/corpus-writer.ts';
import {
  type Connection,
  createCorpusFile,
  openCorpusFile,
  sealCorpusFile,
  writerTimeout,
} from '../store/sqlite/database.ts';
import { commitDraft } from './commit.ts';
import { Draft, type DraftSummary } from './draft.ts';
import { requestDigest } from './request-digest.ts';
import type { UploadProgress } from './upload-progress.ts';

/** From how many tokens on the memory and the disk space that a text takes are worth collecting. */
const manyTokens = 2 ** 20;

/** What is added to a corpus. */
export interface Addition {
  /** When the corpus was created that the texts were read for: another can have got its name. */
  corpusCreatedAt: string;
  /** The documents' ids; where undefined, the next free ones. */
  ids: readonly (string | undefined)[];
  /** The request's idempotency key. */
  key?: string | undefined;
}

/** What an addition came to. */
export interface Added {
  documents: DocumentSummary[];
  /** Whether the documents were added now, and not before. */
  added: boolean;
  /** Whether there are so many runs now that some should be merged. */
  compact: boolean;
}

/**
 * One upload: one or more texts that are committed together. Lives in a worker thread; the calls come from
 * `UploadClient`. Until `create` or `append` nothing of it is part of any corpus.
 */
export class Upload {
  readonly #settings: CorpusSettings;
  readonly #temporaryPath: string;
  readonly #progress: UploadProgress;
  readonly #drafts: { draft: Draft; summary: DraftSummary }[] = [];
  #draft: Draft | undefined;
  /** Of the texts that have ended. */
  #tokens = 0;

  /** The upload's temporary files have names that begin with `temporaryPath`. */
  constructor(settings: CorpusSettings, temporaryPath: string, progress: UploadProgress) {
    this.#settings = settings;
    this.#temporaryPath = temporaryPath;
    this.#progress = progress;
  }

  /** Takes the next bytes of the current text; answers how many tokens there are now in all texts. */
  write(chunk: Uint8Array): number {
    const draft = this.#current();
    draft.write(chunk);
    return this.#tokens + draft.tokens.length;
  }

  /** Ends the current text; the next `write` begins another. */
  finish(): DraftSummary {
    const draft = this.#current();
    const summary = draft.finish();
    this.#drafts.push({ draft, summary });
    this.#draft = undefined;
    this.#tokens += summary.tokens;
    return summary;
  }

  /**
   * Makes a new corpus file of the texts at `path`, which keeps the request's idempotency key. Throws `cancelled` soon
   * after the upload is.
   */
  create(path: string, now: string, key?: string): CorpusSummary {
    const connection = createCorpusFile(path);
    try {
      const writer = this.#writer(connection);
      const corpus = writer.transaction(() => {
        writer.create(this.#settings, now);
        this.#commit(writer, [], writer.corpus().version, now);
        writer.markCreated();
        const created = writer.summary();
        if (key !== undefined) writer.keys.keep(key, this.#digest(this.#settings), created, now);
        this.#progress.enter('committing');
        return created;
      });
      sealCorpusFile(connection);
      return corpus;
    } finally {
      connection.close();
    }
  }

  /**
   * Adds the texts to the corpus file at `path`, unless they have been added before: with the same key or, where there is
   * one text, under its id. Throws `idempotency-key-reused` and `document-exists` where those were other texts,
   * `corpus-busy`, and `cancelled` soon after the upload is.
   */
  append(path: string, { corpusCreatedAt, ids, key }: Addition, now: string): Added {
    const writer = this.#writer(openCorpusFile(path, writerTimeout));
    try {
      // On a full disk only a log with nothing else in it can be cut off after a change that fails.
      if (this.#isLong()) writer.emptyLog();
      return writer.transaction(() => {
        const { version, createdAt } = writer.corpus();
        if (createdAt !== corpusCreatedAt) {
          throw new NgramdError('corpus-not-found', 'The corpus was deleted during the upload.');
        }
        const known = this.#known(writer, ids, key);
        if (known !== undefined) return { documents: known, added: false, compact: false };
        const documents = this.#commit(writer, ids, version + 1, now);
        if (key !== undefined) writer.keys.keep(key, this.#digest(), documents, now);
        this.#progress.enter('committing');
        return { documents, added: true, compact: writer.needsCompaction() };
      });
    } finally {
      writer.close();
    }
  }

  /** The documents that the texts became before, undefined where they are new. */
  #known(
    writer: CorpusWriter,
    [id]: readonly (string | undefined)[],
    key: string | undefined,
  ): DocumentSummary[] | undefined {
    if (key !== undefined) return writer.keys.answer<DocumentSummary[]>(key, this.#digest());
    const document = id === undefined ? undefined : writer.documentSummary(id);
    if (document === undefined) return undefined;
    const [{ summary }] = this.#drafts;
    if (document.sha256 === summary.sha256) return [document];
    throw new NgramdError(
      'document-exists',
      `The corpus has a document ${JSON.stringify(id)} with another text (SHA-256 ${document.sha256}, not ${summary.sha256}). Choose another id.`,
    );
  }

  #digest(settings?: CorpusSettings): string {
    return requestDigest(
      settings,
      this.#drafts.map(({ summary }) => summary),
    );
  }

  /** Frees the memory and the temporary files. */
  dispose(): void {
    this.#draft?.dispose();
    for (const { draft } of this.#drafts) draft.dispose();
    if (this.#isLong()) collectGarbage();
  }

  #isLong(): boolean {
    return this.#drafts.some(({ summary }) => summary.tokens > manyTokens);
  }

  #current(): Draft {
    this.#draft ??= new Draft(this.#settings, `${this.#temporaryPath}.${this.#drafts.length}`);
    return this.#draft;
  }

  #writer(connection: Connection): CorpusWriter {
    return new CorpusWriter(connection, blockNGrams, this.#progress.checkpoint);
  }

  #commit(
    writer: CorpusWriter,
    ids: readonly (string | undefined)[],
    version: number,
    createdAt: string,
  ): DocumentSummary[] {
    return this.#drafts.map(({ draft, summary }, i) => {
      this.#progress.enter('counting');
      const place = { id: ids[i] ?? writer.freeDocumentId(), version, createdAt };
      commitDraft(writer, draft, summary, place, `${this.#temporaryPath}.runs`, this.#progress);
      if (this.#drafts.length > 1) writer.compact();
      return { ...summary, ...place };
    });
  }
}
