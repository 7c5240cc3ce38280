import { NgramdError } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type {
  CorpusChange,
  CorpusRef,
  CorpusSettings,
  CorpusSummary,
  DocumentSummary,
  Store,
} from '../../store/store.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { requestDigest } from '../request-digest.ts';
import { UploadProgress } from '../upload-progress.ts';
import { addTexts } from './add-texts.ts';

/** From how many tokens on the memory and the disk space that a text takes are worth collecting. */
const manyTokens = 2 ** 20;

/** The texts of an upload, to be committed together. */
export interface Received {
  /** Undefined where there are none. */
  draft: DraftContent | undefined;
  /** Where the counts of long texts are kept until they are merged. */
  spillPath: string;
  /** Of the upload's `UploadProgress`. */
  progress: SharedArrayBuffer;
  now: string;
  /** The request's idempotency key. */
  key: string | undefined;
}

/** A corpus that is created. */
export interface Creation extends Received {
  name: string;
  settings: CorpusSettings;
  maxCorpora: number;
}

/** What is added to a corpus. */
export interface Addition extends Received {
  /** The corpus that the texts were read for: another can have been given its name. */
  corpus: CorpusRef;
  /** The documents' ids; where undefined, the next free ones. */
  ids: readonly (string | undefined)[];
}

/** What an addition came to. */
export interface Added {
  documents: DocumentSummary[];
  /** Whether the documents were added now, and not before. */
  added: boolean;
  /** Whether maintenance of the corpus is due. */
  needsMaintenance: boolean;
}

/**
 * Creates a corpus of the texts, which keeps the request's idempotency key; undefined where there is one of that name.
 * Throws `cancelled` soon after the upload is, and `too-many-corpora`.
 */
export function createCorpus(store: Store, creation: Creation): Promise<CorpusSummary | undefined> {
  const { name, settings, draft, now, key, maxCorpora } = creation;
  const progress = new UploadProgress(creation.progress);
  const write = async (change: CorpusChange) => {
    if (draft !== undefined) await addTexts(change, draft, { ...creation, ids: [], progress });
    const created = await change.summary();
    if (key !== undefined) await change.keepAnswer(key, digest(draft, settings), created, now);
    progress.enter('committing');
    return created;
  };
  const { checkpoint } = progress;
  return collecting(draft, () => store.create({ name, settings, now, maxCorpora }, write, { checkpoint }));
}

/**
 * Adds the texts to a corpus, unless they have been added before: with the same key or, where there is one text, under
 * its id. Throws `idempotency-key-reused` and `document-exists` where those were other texts, `corpus-busy`,
 * `corpus-not-found`, and `cancelled` soon after the upload is.
 */
export async function appendTexts(store: Store, addition: Addition): Promise<Added> {
  const { corpus, draft, now, key } = addition;
  const progress = new UploadProgress(addition.progress);
  const append = async (change: CorpusChange) => {
    const known = await knownDocuments(change, addition);
    if (known !== undefined) return { documents: known, added: false };
    const documents = draft === undefined ? [] : await addTexts(change, draft, { ...addition, progress });
    if (key !== undefined) await change.keepAnswer(key, digest(draft), documents, now);
    progress.enter('committing');
    return { documents, added: true };
  };
  const { checkpoint } = progress;
  return collecting(draft, async () => {
    const stored = await store.open(corpus.name);
    if (stored.ref.id !== corpus.id) {
      throw new NgramdError('corpus-not-found', 'The corpus was deleted or replaced during the upload.');
    }
    const appended = await stored.change(append, { checkpoint, isLarge: isLong(draft) });
    // The change is committed, whatever happens now: an error would have it made again.
    const needsMaintenance = appended.added && (await stored.needsMaintenance().catch(() => false));
    return { ...appended, needsMaintenance };
  });
}

/** The documents that the texts became before, undefined where they are new. */
async function knownDocuments(
  change: CorpusChange,
  { draft, ids: [id], key }: Addition,
): Promise<DocumentSummary[] | undefined> {
  if (key !== undefined) return change.answerTo<DocumentSummary[]>(key, digest(draft));
  const stored = id === undefined ? undefined : await change.document(id);
  if (stored === undefined) return undefined;
  const sha256 = draft?.texts[0]?.sha256;
  if (stored.sha256 === sha256) {
    const { ordinal, first, ...document } = stored;
    return [document];
  }
  throw new NgramdError(
    'document-exists',
    `The corpus has a document ${JSON.stringify(id)} with another text (SHA-256 ${stored.sha256}, not ${sha256}). Choose another id.`,
  );
}

/** Does something with a draft, and collects the memory that it took. */
async function collecting<T>(draft: DraftContent | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    if (isLong(draft)) collectGarbage();
  }
}

function digest(draft: DraftContent | undefined, settings?: CorpusSettings): string {
  return requestDigest(settings, draft?.texts ?? []);
}

function isLong(draft: DraftContent | undefined): boolean {
  return draft !== undefined && draft.tokens.length > manyTokens;
}
