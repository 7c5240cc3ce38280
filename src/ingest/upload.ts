import { collectGarbage } from '../garbage.ts';
import type { CorpusSettings, DocumentSummary } from '../store/corpus.ts';
import { CorpusWriter } from '../store/sqlite/corpus-writer.ts';
import { createCorpusFile, openCorpusFile, sealCorpusFile } from '../store/sqlite/database.ts';
import { commitDraft } from './commit.ts';
import { Draft, type DraftSummary } from './draft.ts';

/** From how many tokens on the memory and the disk space that a text takes are worth collecting. */
const manyTokens = 2 ** 20;

/** What an upload changed. */
export interface Committed {
  documents: DocumentSummary[];
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
  readonly #drafts: { draft: Draft; summary: DraftSummary }[] = [];
  #draft: Draft | undefined;

  /** The upload's temporary files have names that begin with `temporaryPath`. */
  constructor(settings: CorpusSettings, temporaryPath: string) {
    this.#settings = settings;
    this.#temporaryPath = temporaryPath;
  }

  /** Takes the next bytes of the current text. */
  write(chunk: Uint8Array): void {
    this.#current().write(chunk);
  }

  /** Ends the current text; the next `write` begins another. */
  finish(): DraftSummary {
    const draft = this.#current();
    const summary = draft.finish();
    this.#drafts.push({ draft, summary });
    this.#draft = undefined;
    return summary;
  }

  /** Makes a new corpus file of the texts at `path`. */
  create(path: string, now: string): Committed {
    const connection = createCorpusFile(path);
    try {
      const writer = new CorpusWriter(connection);
      const documents = writer.transaction(() => {
        writer.create(this.#settings, now);
        const created = this.#commit(writer, [], writer.corpus().version, now);
        writer.markCreated();
        return created;
      });
      sealCorpusFile(connection);
      return { documents, compact: false };
    } finally {
      connection.close();
    }
  }

  /** Adds the texts to the corpus file at `path`, under the given ids or, where undefined, the next free ones. */
  append(path: string, ids: readonly (string | undefined)[], now: string): Committed {
    const writer = new CorpusWriter(openCorpusFile(path));
    try {
      // On a full disk only a log with nothing else in it can be cut off after a change that fails.
      if (this.#isLong()) writer.emptyLog();
      const documents = writer.transaction(() => this.#commit(writer, ids, writer.corpus().version + 1, now));
      return { documents, compact: writer.needsCompaction() };
    } finally {
      writer.close();
    }
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

  #commit(
    writer: CorpusWriter,
    ids: readonly (string | undefined)[],
    version: number,
    createdAt: string,
  ): DocumentSummary[] {
    return this.#drafts.map(({ draft, summary }, i) => {
      const place = { id: ids[i] ?? writer.freeDocumentId(), version, createdAt };
      commitDraft(writer, draft, summary, place, `${this.#temporaryPath}.runs`);
      if (this.#drafts.length > 1) writer.compact();
      return { ...summary, ...place };
    });
  }
}
