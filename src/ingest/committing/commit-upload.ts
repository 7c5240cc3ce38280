import { failureOf, isProblem, NgramdError, type Outcome, type ProblemCode } from '../../errors.ts';
import { hasTokenizerJson, tokenizerJsonFile, tokenizerJsonPieces } from '../../index/tokenizer-json.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type {
  CorpusChange,
  CorpusRef,
  CorpusSettings,
  CorpusSummary,
  DocumentLabels,
  DocumentSummary,
  Store,
  StoredCorpus,
} from '../../store/store.ts';
import { ownIds } from '../../text/tokenizer.ts';
import { loadTokenizer } from '../../text/tokenizer-json/loaded.ts';
import { readWordList } from '../../text/word-list.ts';
import type { AddedTotals } from '../job.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { type CreationRequest, knownCorpus } from '../replay.ts';
import { hasLabels, requestDigest } from '../request-digest.ts';
import type { SharedTokenizerJson } from '../tokenizer-jsons.ts';
import { UploadProgress } from '../upload-progress.ts';
import { addCounts } from './add-counts.ts';
import { addOwnTokens } from './add-own-tokens.ts';
import { type AddingOptions, addTexts } from './add-texts.ts';
import { addVocabulary, frequentWords } from './closed-vocabulary.ts';

/** The number of tokens from which the memory that a text took is worth collecting. */
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
}

/** A corpus that is created. */
export interface Creation extends Received, CreationRequest {
  /** The words to which the vocabulary is closed, one per line, if it is closed by a list. */
  wordList: Uint8Array | undefined;
  /** The tokenizer.json that the settings name, if they name one. */
  tokenizer: SharedTokenizerJson | undefined;
  maxCorpora: number;
}

/** What is added to a corpus. */
export interface Addition extends Received {
  /** What is said of all texts. */
  labels?: DocumentLabels | undefined;
  /** The request's idempotency key. */
  key: string | undefined;
  /** The corpus that the texts were read for: another can have been given its name. */
  corpus: CorpusRef;
  /** Whether the result is the number of the documents, and not each of them. */
  summarized: boolean;
}

/** The result of a creation. */
export interface Created {
  corpus: CorpusSummary;
  /** Whether the corpus was created now, and not before. */
  added: boolean;
}

/** The result of an addition; `added` says whether the documents were added now, and not before. */
export type Added = { added: boolean } & AddedDocuments;

type AddedDocuments = { documents: DocumentSummary[] } | { totals: AddedTotals };

/** The results of additions that were made together. */
export interface AddedTogether {
  /** Of each addition. */
  outcomes: Outcome<Added>[];
  /** Whether maintenance of the corpus is due. */
  needsMaintenance: boolean;
}

/** The problems of one addition, which do not concern those that are made with it. */
const ownProblems: readonly ProblemCode[] = [
  'cancelled',
  'corpus-not-found',
  'document-exists',
  'idempotency-key-reused',
  'invalid-text',
  'vocabulary-too-large',
];

/**
 * Creates a corpus of the texts, which keeps the request's idempotency key. If there is one of that name, it is the
 * result if the same request created it before or, with `unlessSame`, a request with the same settings and texts;
 * otherwise undefined. Throws `cancelled` soon after the upload is, `too-many-corpora`, `idempotency-key-reused`, and
 * `invalid-request` for a vocabulary.
 */
export async function createCorpus(store: Store, creation: Creation): Promise<Created | undefined> {
  const { name, settings, tokenizer, draft, labels = {}, now, key, maxCorpora } = creation;
  const progress = new UploadProgress(creation.progress);
  const write = async (change: CorpusChange) => {
    if (tokenizer !== undefined) loadTokenizer(tokenizer.sha256, tokenizer.json);
    if (tokenizer !== undefined && hasTokenizerJson(settings))
      await change.addFile(tokenizerJsonFile, tokenizerJsonPieces(tokenizer.json));
    if (ownIds(settings) > 0) await addOwnTokens(change);
    const vocabulary = vocabularyOf(creation);
    if (vocabulary !== undefined) await addVocabulary(change, vocabulary);
    if (draft !== undefined) await addDraft(change, draft, { ...creation, progress });
    const created = await change.summary();
    if (key !== undefined) await change.keepAnswer(key, digest(draft, labels, settings), created, now);
    progress.enter('committing');
    return created;
  };
  const { checkpoint } = progress;
  try {
    const created = await store.create({ name, settings, now, maxCorpora }, write, { checkpoint });
    if (created !== undefined) return { corpus: created, added: true };
    const known = await knownCorpus(store, creation, draft?.texts ?? []);
    return known && { corpus: known, added: false };
  } finally {
    if (isLong(draft)) collectGarbage();
  }
}

/** The words to which a new corpus's vocabulary is closed; undefined if it is not. */
function vocabularyOf({ settings, wordList, draft }: Creation): string[] | undefined {
  const { vocabulary } = settings;
  if (vocabulary === undefined || 'ids' in vocabulary) return undefined;
  if (!('minCount' in vocabulary)) return readWordList(settings, wordList as Uint8Array);
  return frequentWords(draft, settings, vocabulary.minCount);
}

/**
 * Adds texts to a corpus: those of each addition completely or not at all, and all of them with one change. An addition
 * has no effect if its texts have been added before, with the same key or, if it is one text, under its id. It fails
 * with `idempotency-key-reused` or `document-exists` if those were other texts, with `corpus-not-found`, and with
 * `cancelled` soon after the upload is. Throws `corpus-busy`, and any other error that concerns all of them.
 */
export async function appendTexts(store: Store, additions: readonly Addition[]): Promise<AddedTogether> {
  const stored = await store.open(additions[0].corpus.name);
  const isLarge = additions.some(({ draft }) => isLong(draft));
  try {
    const outcomes = await appendAll(stored, additions, isLarge);
    const hasChanged = outcomes.some((outcome) => 'result' in outcome && outcome.result.added);
    // The change is committed, whatever happens now: an error would have it made again.
    const needsMaintenance = hasChanged && (await stored.needsMaintenance().catch(() => false));
    return { outcomes, needsMaintenance };
  } finally {
    if (isLarge) collectGarbage();
  }
}

/** Makes additions with one change. If one of them prevents it, it is made again with the others. */
async function appendAll(
  stored: StoredCorpus,
  additions: readonly Addition[],
  isLarge: boolean,
): Promise<Outcome<Added>[]> {
  const outcomes = new Map<Addition, Outcome<Added>>();
  for (;;) {
    const left = additions.filter((addition) => !outcomes.has(addition));
    if (left.length === 0) return additions.map((addition) => outcomes.get(addition) as Outcome<Added>);
    const checks = left.map((addition) => [addition, new UploadProgress(addition.progress)] as const);
    const checkpoint = () => {
      for (const [addition, progress] of checks) concerning(addition, progress.checkpoint);
    };
    try {
      const made = await stored.change((change) => appendEach(change, left), { checkpoint, isLarge });
      for (const [addition, outcome] of made) outcomes.set(addition, outcome);
    } catch (error) {
      if (!(error instanceof AdditionFailed)) throw error;
      outcomes.set(error.addition, failureOf(error.cause));
    }
  }
}

/** Makes additions as parts of a change, one after the other. */
async function appendEach(
  change: CorpusChange,
  additions: readonly Addition[],
): Promise<Map<Addition, Outcome<Added>>> {
  const outcomes = new Map<Addition, Outcome<Added>>();
  const made: Addition[] = [];
  for (const addition of additions) {
    try {
      const documents = await knownDocuments(change, addition);
      if (documents !== undefined) {
        outcomes.set(addition, { result: { ...documents, added: false } });
        continue;
      }
    } catch (error) {
      if (!isProblem(error, ...ownProblems)) throw error;
      // Nothing of it has been written.
      outcomes.set(addition, failureOf(error));
      continue;
    }
    const documents = await append(change, addition).catch((error) => {
      throw isProblem(error, ...ownProblems) ? new AdditionFailed(addition, error) : error;
    });
    outcomes.set(addition, { result: { ...documents, added: true } });
    made.push(addition);
  }
  for (const addition of made)
    concerning(addition, () => new UploadProgress(addition.progress).enter('committing'));
  return outcomes;
}

async function append(change: CorpusChange, addition: Addition): Promise<AddedDocuments> {
  const { draft, labels = {}, now, key, summarized } = addition;
  const progress = new UploadProgress(addition.progress);
  if (draft !== undefined) await checkIds(change, draft);
  const documents = draft === undefined ? [] : await addDraft(change, draft, { ...addition, progress });
  const answer = summarized ? totalsOf(documents) : documents;
  if (key !== undefined) await change.keepAnswer(key, digest(draft, labels), answer, now);
  return answered(answer);
}

/** Adds what a draft has to a corpus: texts, or counts. */
function addDraft(
  change: CorpusChange,
  draft: DraftContent,
  options: AddingOptions,
): Promise<DocumentSummary[]> {
  return draft.isOfCounts ? addCounts(change, draft, options) : addTexts(change, draft, options);
}

/** Throws `document-exists` if the corpus has a document with the id of a text. */
async function checkIds(change: CorpusChange, { texts }: DraftContent): Promise<void> {
  const ids = texts.flatMap(({ id }) => id ?? []);
  const [taken] = ids.length === 0 ? [] : await change.takenIds(ids);
  if (taken === undefined) return;
  throw new NgramdError(
    'document-exists',
    `The corpus has a document ${JSON.stringify(taken)}. Choose another id, or delete it first.`,
  );
}

function totalsOf(documents: readonly DocumentSummary[]): AddedTotals {
  return {
    documents: documents.length,
    tokens: documents.reduce((sum, { tokens }) => sum + tokens, 0),
    bytes: documents.reduce((sum, { bytes }) => sum + bytes, 0),
    version: documents[0]?.version ?? 0,
  };
}

/** The answer to an addition, as it is kept, as its result. */
function answered(answer: DocumentSummary[] | AddedTotals): AddedDocuments {
  return Array.isArray(answer) ? { documents: answer } : { totals: answer };
}

/** Thrown by a change that one of its additions prevents; `cause` is the problem. */
class AdditionFailed extends Error {
  override readonly name = 'AdditionFailed';
  readonly addition: Addition;

  constructor(addition: Addition, cause: unknown) {
    super('An addition failed.', { cause });
    this.addition = addition;
  }
}

/** Does something for one of several additions. Throws `AdditionFailed` for a problem of its own. */
function concerning(addition: Addition, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw isProblem(error, ...ownProblems) ? new AdditionFailed(addition, error) : error;
  }
}

/** The documents that the texts became before, undefined where they are new. */
async function knownDocuments(
  change: CorpusChange,
  { corpus, draft, labels = {}, key, summarized }: Addition,
): Promise<AddedDocuments | undefined> {
  if (change.ref.id !== corpus.id) {
    throw new NgramdError('corpus-not-found', 'The corpus was deleted or replaced during the upload.');
  }
  if (key !== undefined) {
    const answer = await change.answerTo<DocumentSummary[] | AddedTotals>(key, digest(draft, labels));
    return answer && answered(answer);
  }
  const id = summarized ? undefined : draft?.texts[0]?.id;
  const stored = id === undefined ? undefined : await change.document(id);
  if (stored === undefined) return undefined;
  const sha256 = draft?.texts[0]?.sha256;
  if (stored.sha256 !== sha256) {
    throw new NgramdError(
      'document-exists',
      `The corpus has a document ${JSON.stringify(id)} with another text (SHA-256 ${stored.sha256}, not ${sha256}). Choose another id.`,
    );
  }
  if (!hasLabels(stored, labels)) {
    throw new NgramdError(
      'document-exists',
      `The corpus has the document ${JSON.stringify(id)} with another title or date. To change these, delete it first.`,
    );
  }
  const { ordinal, first, ...document } = stored;
  return { documents: [document] };
}

function digest(draft: DraftContent | undefined, labels: DocumentLabels, settings?: CorpusSettings): string {
  return requestDigest(settings, draft?.texts ?? [], labels);
}

function isLong(draft: DraftContent | undefined): boolean {
  return draft !== undefined && draft.tokens.length > manyTokens;
}
