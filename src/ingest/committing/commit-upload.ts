import { NgramdError } from '../../errors.ts';
import { blockNGrams } from '../../ngrams/block.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../../store/corpus.ts';
import { CorpusWriter } from '../../store/sqlite/corpus-writer.ts';
import {
  type Connection,
  createCorpusFile,
  openCorpusFile,
  sealCorpusFile,
  writerTimeout,
} from '../../store/sqlite/database.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { requestDigest } from '../request-digest.ts';
import { UploadProgress } from '../upload-progress.ts';
import { commitDraft } from './add-texts.ts';

/** From how many tokens on the memory and the disk space that a text takes are worth collecting. */
const manyTokens = 2 ** 20;

/** The texts of an upload, to be committed together. */
export interface Received {
  /** Undefined where there are none. */
  draft: DraftContent | undefined;
  /** Where the counts of long texts are kept until they are merged. */
  scratchPath: string;
  /** Of the upload's `UploadProgress`. */
  progress: SharedArrayBuffer;
  now: string;
  /** The request's idempotency key. */
  key: string | undefined;
}

/** A corpus that is created. */
export interface Creation extends Received {
  path: string;
  settings: CorpusSettings;
}

/** What is added to a corpus. */
export interface Addition extends Received {
  path: string;
  /** When the corpus was created that the texts were read for: another can have got its name. */
  corpusCreatedAt: string;
  /** The documents' ids; where undefined, the next free ones. */
  ids: readonly (string | undefined)[];
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
 * Makes a new corpus file of the texts at `path`, which keeps the request's idempotency key. Throws `cancelled` soon
 * after the upload is.
 */
export function createCorpus({
  path,
  settings,
  draft,
  scratchPath,
  now,
  key,
  ...task
}: Creation): CorpusSummary {
  const progress = new UploadProgress(task.progress);
  const connection = createCorpusFile(path);
  try {
    const writer = writerOf(connection, progress);
    const corpus = writer.transaction(() => {
      writer.create(settings, now);
      const places = { ids: [], version: writer.corpus().version, createdAt: now };
      if (draft !== undefined) commitDraft(writer, draft, places, scratchPath, progress);
      writer.markCreated();
      const created = writer.summary();
      if (key !== undefined) writer.keys.keep(key, digest(draft, settings), created, now);
      progress.enter('committing');
      return created;
    });
    sealCorpusFile(connection);
    return corpus;
  } finally {
    connection.close();
    if (isLong(draft)) collectGarbage();
  }
}

/**
 * Adds the texts to the corpus file at `path`, unless they have been added before: with the same key or, where there is
 * one text, under its id. Throws `idempotency-key-reused` and `document-exists` where those were other texts,
 * `corpus-busy`, and `cancelled` soon after the upload is.
 */
export function appendTexts(addition: Addition): Added {
  const { path, draft, scratchPath, corpusCreatedAt, ids, now, key } = addition;
  const progress = new UploadProgress(addition.progress);
  const connection = openCorpusFile(path, writerTimeout);
  try {
    const writer = writerOf(connection, progress);
    // On a full disk only a log with nothing else in it can be cut off after a change that fails.
    if (isLong(draft)) writer.emptyLog();
    return writer.transaction(() => {
      const { version, createdAt } = writer.corpus();
      if (createdAt !== corpusCreatedAt) {
        throw new NgramdError('corpus-not-found', 'The corpus was deleted during the upload.');
      }
      const known = knownDocuments(writer, addition);
      if (known !== undefined) return { documents: known, added: false, compact: false };
      const places = { ids, version: version + 1, createdAt: now };
      const documents = draft === undefined ? [] : commitDraft(writer, draft, places, scratchPath, progress);
      if (key !== undefined) writer.keys.keep(key, digest(draft), documents, now);
      progress.enter('committing');
      return { documents, added: true, compact: writer.needsCompaction() };
    });
  } finally {
    connection.close();
    if (isLong(draft)) collectGarbage();
  }
}

/** The documents that the texts became before, undefined where they are new. */
function knownDocuments(
  writer: CorpusWriter,
  { draft, ids: [id], key }: Addition,
): DocumentSummary[] | undefined {
  if (key !== undefined) return writer.keys.answer<DocumentSummary[]>(key, digest(draft));
  const document = id === undefined ? undefined : writer.documentSummary(id);
  const sha256 = draft?.texts[0]?.sha256;
  if (document === undefined || document.sha256 === sha256) return document && [document];
  throw new NgramdError(
    'document-exists',
    `The corpus has a document ${JSON.stringify(id)} with another text (SHA-256 ${document.sha256}, not ${sha256}). Choose another id.`,
  );
}

function digest(draft: DraftContent | undefined, settings?: CorpusSettings): string {
  return requestDigest(settings, draft?.texts ?? []);
}

function isLong(draft: DraftContent | undefined): boolean {
  return draft !== undefined && draft.tokens.length > manyTokens;
}

function writerOf(connection: Connection, progress: UploadProgress): CorpusWriter {
  return new CorpusWriter(connection, blockNGrams, progress.checkpoint);
}
