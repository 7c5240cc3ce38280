/**
 * The interface of a store. Everything above a store imports this file and nothing else of `store/`. It describes
 * corpora, snapshots of a version, changes, and n-grams in columns; where and how they are stored is up to the store.
 * Every method is asynchronous, so that a store can be on another machine, and a question requests everything that it
 * needs in one call.
 */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { EncodedBlocks } from '../ngrams/block-batch.ts';
import type { CorpusSettings, CorpusSummary, DocumentLabels, DocumentSummary } from './corpus.ts';

export type {
  ArpaContent,
  ClosedVocabulary,
  CorpusContent,
  CorpusKind,
  CorpusSettings,
  CorpusSummary,
  DocumentLabels,
  DocumentSummary,
  MixedCorpus,
  MixtureContent,
} from './corpus.ts';
export { corpusKinds, maxOrder } from './corpus.ts';

/**
 * The id of a token in its corpus: ids are assigned from 0 in the order in which tokens are added, and never change.
 */
export type TokenId = number;

/** The id of a token that the corpus has never had. */
export const UNSEEN: TokenId = -1;

/** A corpus as plain data, which can be sent between threads. */
export interface CorpusRef {
  readonly name: string;
  /** Unique in this store for all time: a corpus can be deleted and its name given to another. */
  readonly id: string;
}

/** Plain data with which a thread opens the same store. */
export type StoreAddress = SqliteAddress | ClusterAddress;

/** A store of SQLite files. */
export interface SqliteAddress {
  readonly engine: 'sqlite';
  /** The data folder. */
  readonly folder: string;
  /** The prefix of the paths of this process's temporary files: `ScratchFolder.prefix`. */
  readonly scratch: string;
}

/** A store whose counts are in ClickHouse and whose catalogue is in PostgreSQL. */
export interface ClusterAddress {
  readonly engine: 'clickhouse';
  /** The URL of PostgreSQL. */
  readonly postgres: string;
  /** The URLs of the ClickHouse servers; the path is the database. */
  readonly clickhouse: readonly string[];
  /** Their name in `system.clusters`; undefined if there is one server. */
  readonly cluster?: string | undefined;
  /** Whether the servers keep replicas of tables. */
  readonly replicated: boolean;
}

/** How a store is opened. */
export interface StoreOptions {
  /** The maximum number of corpora kept open; the least recently used are closed. */
  maxOpen?: number;
  /** Called for each corpus that `settle` sets aside. */
  onDamage?: (message: string) => void;
  /** Called with errors that no call can throw. */
  onError?: (error: unknown) => void;
}

/** N-grams of one order, one after the other: the ids of n-gram i start at `i * order`. */
export interface NGrams {
  readonly order: number;
  readonly length: number;
  readonly ids: Uint32Array;
}

/** N-grams with their counts. */
export interface CountedNGrams extends NGrams {
  readonly counts: Float64Array;
}

/** A context, oldest token first; the empty one is the context of all unigrams. */
export type Context = readonly TokenId[];

/** Everything that a question reads of the counts, requested in one call. */
export interface CountsRequest {
  /**
   * The n-grams whose n(g) is requested; an id that no token has, such as `UNSEEN` in a Uint32Array, is in no n-gram.
   */
  readonly ngrams?: readonly NGrams[];
  /** The contexts whose n(h·), the number of times they are followed by a word, is requested. */
  readonly contexts?: readonly Context[];
  /** The contexts whose continuations are requested. */
  readonly continuations?: readonly Context[];
  /** The contexts, other than the empty one, of which only sums over their continuations are requested. */
  readonly sums?: readonly Context[];
  /** The same of adjusted counts, of orders below the corpus's: requested only of stores that have them. */
  readonly adjusted?: AdjustedRequest;
}

/**
 * What is requested of the adjusted counts a(g): the number of distinct tokens before an n-gram g, where the start of a
 * document is one more; for a g that begins with `<s>`, which nothing precedes, n(g).
 */
export type AdjustedRequest = Pick<CountsRequest, 'ngrams' | 'continuations' | 'sums'>;

/** The requested values, in the same order. */
export interface CountsResponse {
  readonly ngrams: readonly Float64Array[];
  readonly contexts: Float64Array;
  readonly continuations: readonly Continuations[];
  readonly sums: readonly ContinuationSums[];
  /** Undefined if none were requested. */
  readonly adjusted?: Pick<CountsResponse, 'ngrams' | 'continuations' | 'sums'>;
}

/** The words w that follow a context h, by increasing id, each with n(hw), without `<s>`, which is not a word. */
export interface Continuations {
  readonly words: Uint32Array;
  readonly counts: Float64Array;
}

/** Sums over the continuations of a context h. */
export interface ContinuationSums {
  /** Σ_w n(hw) */
  readonly total: number;
  /** How many words follow h; how many of them once, and how many twice. */
  readonly followers: number;
  readonly once: number;
  readonly twice: number;
}

/** The number of distinct n-grams that occur `count` times. */
export interface CountOfCounts {
  readonly count: number;
  readonly ngrams: number;
}

/** The history of a corpus, which a copy of it continues. */
export interface CorpusHistory {
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The number of documents that it was created with. */
  readonly createdDocuments: number;
  /** The highest ordinal that a document has had; 0 if there was none. */
  readonly lastOrdinal: number;
}

/** A document and its number among all documents that the corpus has ever had, from 1. */
export type NumberedDocument = DocumentSummary & { readonly ordinal: number };

/** The answer to a request with an idempotency key. */
export interface KeptAnswer {
  readonly key: string;
  /** A digest of the request. */
  readonly request: string;
  readonly answer: unknown;
  readonly createdAt: string;
}

/** A corpus at one version. Changes that are committed meanwhile have no effect on it. */
export interface Snapshot {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  summary(): Promise<CorpusSummary>;
  history(): Promise<CorpusHistory>;

  /** The id of each token; `UNSEEN` if the corpus has never had it. */
  tokenIds(tokens: readonly string[]): Promise<Int32Array>;
  /** The token of each id. Throws `corpus-damaged` if an id has none. */
  tokens(ids: ArrayLike<TokenId>): Promise<string[]>;
  /** All tokens from an id on, by id, in batches. Throws `corpus-damaged` if an id has none. */
  vocabulary(from: TokenId): AsyncIterable<readonly string[]>;
  /** The ids of all tokens that begin with a prefix, in no order. */
  idsWithPrefix(prefix: string): Promise<Int32Array>;

  /** Everything that a question reads of the counts, in one call. */
  counts(request: CountsRequest): Promise<CountsResponse>;
  /**
   * The n-grams of an order with their counts, sorted by their ids, starting with the first that is not before `from`,
   * in batches of some thousands. Those that occur fewer than `least` times may be omitted.
   */
  ngrams(order: number, from?: readonly TokenId[], least?: number): AsyncIterable<CountedNGrams>;
  /** As all of `ngrams`, with their adjusted counts: only of stores that have these, of orders below the corpus's. */
  adjustedNGrams(order: number): AsyncIterable<CountedNGrams>;
  /**
   * As all of `ngrams`, from order 2 on, but sorted by the ids after the first and then by the first, and without
   * counts: only of stores that have adjusted counts.
   */
  precededNGrams(order: number): AsyncIterable<NGrams>;
  /**
   * The n-grams of an order that occur at least `least` times, in no order; undefined if reading `ngrams` is faster.
   */
  frequentNGrams(order: number, least: number): Promise<CountedNGrams | undefined>;
  /**
   * The counts of counts of an order, by decreasing count; of a(g) instead of n(g) if `adjusted`, which only some stores
   * have, for orders below the corpus's. The unigram `<s>` is not included.
   */
  countsOfCounts(order: number, adjusted?: boolean): Promise<readonly CountOfCounts[]>;
  /** The n-grams of an order at the ends of documents, with the number of documents; none if sequences are lines. */
  sequenceEnds(order: number): Promise<CountedNGrams>;

  /** The tokens at positions `first` ≤ p < `first + target.length` of the stream, copied into `target`. */
  readTokens(first: number, target: Int32Array): Promise<void>;

  /** A piece of a file that belongs to the corpus, from 0, as it was added; undefined after the last. */
  filePiece(name: string, number: number): Promise<Uint8Array | undefined>;

  /** At most `limit` documents in the order in which they were added, after the one with this ordinal. */
  documents(after: number, limit: number): Promise<readonly NumberedDocument[]>;
  document(id: string): Promise<DocumentSummary | undefined>;
  /** The last `limit` of the documents that were added after a version, in the order in which they were added. */
  documentsSince(version: number, limit: number): Promise<readonly DocumentSummary[]>;
  /** The hashes of the texts that the corpus was created with, in order; undefined if one of them has been removed. */
  createdFrom(): Promise<readonly string[] | undefined>;

  /** Whether a request with this idempotency key has been answered. */
  hasKey(key: string): Promise<boolean>;
  /**
   * The answer to the request with this key; undefined if there was none. Throws `idempotency-key-reused` if that was a
   * different request.
   */
  answerTo<Answer>(key: string, request: string): Promise<Answer | undefined>;
  /** All answers that are kept, in batches. Throws `unavailable` if the corpus was changed while they were read. */
  keptAnswers(): AsyncIterable<readonly KeptAnswer[]>;

  /** The error `corpus-damaged` for this corpus, if its content is found to contradict itself. */
  damage(reason: string): Error;
}

/** All pieces of a file that belongs to the corpus of a snapshot, or of a change. */
export async function* filePieces(
  corpus: Pick<Snapshot, 'filePiece'>,
  name: string,
): AsyncGenerator<Uint8Array, void> {
  for (let number = 0; ; number++) {
    const piece = await corpus.filePiece(name, number);
    if (piece === undefined) return;
    yield piece;
  }
}

/** The distinct words of some texts, in order of first appearance. */
export interface WordList {
  readonly size: number;
  token(word: number): string;
  /** The number of occurrences of a word in the first text that has it. */
  count(word: number): number;
  /** For each text, the number of distinct words up to its end. */
  readonly afterTexts: readonly number[];
}

/** The words of some texts with their ids. */
export interface IdentifiedWords {
  readonly words: WordList;
  /** The id of each word. */
  readonly ids: Uint32Array;
  /** The words that are new to the corpus, by increasing id: a list for each text that has any. */
  readonly added: readonly Uint32Array[];
}

/**
 * A document to be added; without an id it gets one that no document has, and no other document that is added with it.
 */
export type NewDocument = Pick<DocumentSummary, 'tokens' | 'bytes' | 'sha256'> &
  DocumentLabels & { id?: string | undefined };

/** A document with its position. */
export interface StoredDocument extends NumberedDocument {
  /** The position of its first token in the token stream. */
  readonly first: number;
}

/** A change of a corpus: committed completely or not at all. */
export interface CorpusChange {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  /** The version before the change; 0 if the corpus is being created. */
  readonly version: number;
  /** The number of tokens of the stream before the change. */
  readonly tokens: number;
  /** The number of tokens with ids before the change, including reserved ones: the first free id. */
  readonly knownTokens: number;

  /**
   * The ids of the words of texts. New words, which `addWords` adds to the corpus, are numbered after its last id: text
   * by text, by decreasing count in the text, ties by first appearance. Throws `vocabulary-too-large`.
   */
  identify(words: WordList): Promise<IdentifiedWords>;
  /** Adds new words with the ids that `identify` assigned, or with others that continue those that there are. */
  addWords(words: IdentifiedWords): Promise<void>;

  /**
   * Adds a run of counts, or subtracts it if `sign` is -1, and updates the counts of counts. The blocks of one order
   * are sorted and have each n-gram once; blocks of different orders may be interleaved. The unigram `<s>`, which is
   * not a word, is in the run with the number of lines as its count.
   */
  addRun(blocks: AsyncIterable<EncodedBlocks> | Iterable<EncodedBlocks>, sign?: 1 | -1): Promise<void>;

  /** Adds tokens to the end of the stream. Each piece is valid until the next is requested. */
  appendTokens(pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array>): Promise<void>;
  readTokens(first: number, target: Int32Array): Promise<void>;
  /** Removes a document's tokens from the stream; those after them move up. */
  removeTokens(first: number, length: number): Promise<void>;

  /** Adds (or, with -1, removes) ends of sequences: no word follows the n-grams at the end of these tokens there. */
  noteSequenceEnds(ends: Iterable<Uint32Array>, by: 1 | -1): Promise<void>;

  /** Adds (or, with -1, removes) ends of documents with these n-grams, as often as they count. */
  noteCountedEnds(ends: CountedNGrams, by: 1 | -1): Promise<void>;

  /** Adds a file that belongs to the corpus, of some pieces. Each piece is valid until the next is requested. */
  addFile(name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** As in `Snapshot`. */
  filePiece(name: string, number: number): Promise<Uint8Array | undefined>;
  removeFile(name: string): Promise<void>;

  /** Adds documents; each call makes the next version, which is theirs. */
  addDocuments(documents: readonly NewDocument[], now: string): Promise<DocumentSummary[]>;
  /**
   * Adds documents of the corpus that this one is a copy of, in the order of their ordinals, with all that they have.
   */
  copyDocuments(documents: readonly NumberedDocument[]): Promise<void>;
  document(id: string): Promise<StoredDocument | undefined>;
  /** Those of these ids that documents have. */
  takenIds(ids: readonly string[]): Promise<string[]>;
  /** Removes the entry of a document, which makes the next version. */
  removeDocument(document: StoredDocument, now: string): Promise<void>;

  summary(): Promise<CorpusSummary>;
  /** As in `Snapshot`. */
  answerTo<Answer>(key: string, request: string): Promise<Answer | undefined>;
  /** Stores the answer to the request with a key. */
  keepAnswer(key: string, request: string, answer: unknown, now: string): Promise<void>;
}

/** Options of a change. */
export interface ChangeOptions {
  /** Called between small pieces of work; an error that it throws ends the change. */
  checkpoint?: () => void;
  /** Whether much will be written: the store then prepares so that a failed change leaves no space allocated. */
  isLarge?: boolean;
}

/** An open corpus. */
export interface StoredCorpus {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  /** The newest version, or at least the newest at the last call of `expectChange`. */
  version(): Promise<number>;
  /** The same, if the store can tell without waiting; otherwise undefined. */
  versionNow(): number | undefined;
  /** Call after the corpus has been changed by another thread or process, so that `version` is read again. */
  expectChange(): void;
  /** Runs a question on one version of the corpus. Throws `corpus-damaged` and `corpus-busy`. */
  read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /**
   * Makes a change. `work` may be called again, with another change, if a server did not answer. Throws the errors of
   * `work`, `corpus-busy` if others are changing the corpus, `corpus-not-found` if it has been deleted since it was
   * opened, and `corpus-damaged`; the corpus is then unchanged.
   */
  change<T>(work: (change: CorpusChange) => Promise<T>, options?: ChangeOptions): Promise<T>;
  /** Whether maintenance is due. */
  needsMaintenance(): Promise<boolean>;
  /** Merges the data of many changes and releases space. Answers are the same before and after. */
  maintain(): Promise<void>;
}

/** A new corpus. */
export interface NewCorpus {
  readonly name: string;
  readonly settings: CorpusSettings;
  /** When it is created; a corpus that had the name before was created at another time. */
  readonly now: string;
  /** The maximum number of corpora. */
  readonly maxCorpora: number;
  /** The history of the corpus that it is a copy of, if it is one. */
  readonly copyOf?: CorpusHistory | undefined;
}

/** A copy of a corpus that the store keeps, by its name alone. */
export interface BackupEntry {
  /** The corpus that was copied. It may have been deleted since. */
  readonly corpus: string;
  /** Unique among the corpus's backups. */
  readonly name: string;
  /** The version of the corpus in it. */
  readonly version: number;
  readonly createdAt: string;
  /** Whether it was made by the schedule. */
  readonly isScheduled: boolean;
}

/** A copy of a corpus that the store keeps. */
export interface Backup extends BackupEntry {
  readonly bytes: number;
  /** The hash of the copy, in hexadecimal; undefined if the file was put there by hand. */
  readonly sha256: string | undefined;
  /** Where the operator finds it: its path below the data folder. */
  readonly file: string;
}

/** How a backup is made. */
export interface BackupOptions {
  readonly isScheduled: boolean;
  /** Called with the size of the copy before it is made; an error that it throws ends the backup. */
  reserve(bytes: number): Promise<void>;
}

/** The backups that a store makes and keeps. Every method that names one throws `backup-not-found`. */
export interface StoreBackups {
  /** Copies a corpus at one version and checks the copy. Throws the errors of `Store.open`. */
  create(corpus: string, options: BackupOptions): Promise<Backup>;
  /** The backups of a corpus, or of all corpora, newest first. */
  list(corpus?: string): Promise<BackupEntry[]>;
  describe(corpus: string, name: string): Promise<Backup>;
  /** The bytes of a backup from `start` up to and including `end`. */
  read(corpus: string, name: string, start: number, end: number): Promise<Readable>;
  remove(corpus: string, name: string): Promise<void>;
  /**
   * Makes a corpus of a backup: with all that is in it, but with an id of its own. Until everything has been checked,
   * nothing is changed. Throws `invalid-backup`, `too-many-corpora`, `corpus-busy` and, unless it is to be replaced,
   * `corpus-exists`.
   */
  restore(source: RestoreSource, options: RestoreOptions): Promise<'created' | 'replaced'>;
}

/** What is restored: a backup that the store keeps, or one that is being received, with its SHA-256 in hexadecimal. */
export type RestoreSource =
  | { readonly corpus: string; readonly backup: string }
  | { readonly file: AsyncIterable<Uint8Array>; readonly sha256: string };

/** How a backup is restored. */
export interface RestoreOptions {
  /** The name of the restored corpus. */
  readonly name: string;
  /** Whether a corpus of this name is replaced. */
  readonly replace: boolean;
  /** The maximum number of corpora. */
  readonly maxCorpora: number;
  /** Called with the size of all that will be written, as it becomes known; an error that it throws ends the work. */
  reserve(bytes: number): Promise<void>;
  /** Runs the last step, the change of the corpus, in turn with other changes of it; for `corpus-busy`, again. */
  inTurn<T>(change: () => Promise<T>): Promise<T>;
}

/** What a process writes of one of its jobs. */
export interface WrittenJob {
  readonly id: string;
  /** Whatever the processes have agreed on. */
  readonly status: string;
  readonly hasEnded: boolean;
}

/** What any process finds of a job. */
export interface FoundJob {
  /** Increases from job to job, in the order in which they were first written. */
  readonly number: number;
  readonly status: string;
  /** Whether the job has not ended, and its process has, or has not been heard of for a while. */
  readonly isOrphaned: boolean;
}

/** The jobs of all processes that have a store open. */
export interface SharedJobs {
  /** Writes the states of jobs of this process. Returns the ids of those that another process has asked to cancel. */
  write(jobs: readonly WrittenJob[]): Promise<string[]>;
  find(id: string): Promise<FoundJob | undefined>;
  /** The jobs with lower numbers than `below`, the newest first. */
  list(below: number): Promise<FoundJob[]>;
  /** Asks the process of a job to cancel it: its next `write` says so. */
  requestCancel(id: string): Promise<void>;
  /** Forgets jobs that ended more than `ttl` milliseconds ago, and all but the last `max` that ended; now, or soon. */
  forget(kept: { max: number; ttl: number }): Promise<void>;
}

/** The sizes of the store's files, in bytes. */
export interface StoreSizes {
  readonly corpora: ReadonlyMap<string, number>;
  readonly temporary: number;
  /** The disk; undefined if the store is on another machine. */
  readonly disk?: { readonly free: number; readonly total: number };
}

/** A set of corpora by name. */
export interface Store {
  readonly address: StoreAddress;
  /** Whether its snapshots have adjusted counts. */
  readonly hasAdjustedCounts: boolean;
  /** The names of all corpora, sorted. */
  names(): Promise<string[]>;
  has(name: string): Promise<boolean>;
  /** The names of the corpora that were found damaged and have not been uploaded again, sorted. */
  damaged(): Promise<string[]>;
  /**
   * Opens a corpus, unless it is already open. Throws `corpus-not-found`, `corpus-damaged`, `corpus-unreadable`,
   * `schema-too-new` and `corpus-busy`.
   */
  open(name: string): Promise<StoredCorpus>;
  /** The corpus, if the store can tell without waiting that it is open and still exists; otherwise undefined. */
  opened(name: string): StoredCorpus | undefined;
  /** Whether `open` returns at once: not if the corpus has to be migrated or recovered. */
  opensAtOnce(name: string): Promise<boolean>;
  /**
   * Creates a corpus, filled by `write`, completely or not at all; undefined if the name exists. `write` may be called
   * again, with another change, if a server did not answer. Throws the errors of `write`, and `too-many-corpora`.
   */
  create<T>(
    corpus: NewCorpus,
    write: (change: CorpusChange) => Promise<T>,
    options?: ChangeOptions,
  ): Promise<T | undefined>;
  /** Deletes a corpus, or the remains of a damaged one. Throws `corpus-not-found` and `corpus-busy`. */
  remove(name: string): Promise<void>;
  /**
   * Returns the error to answer with. If the error says that a corpus is damaged, the corpus is set aside, and the
   * returned error says where. Any other error is returned unchanged.
   */
  settle(error: unknown): Promise<unknown>;
  /** Omitted by stores that do not share jobs: only their own process knows of them. */
  readonly jobs?: SharedJobs;
  /** Omitted by stores whose engine makes backups itself. */
  readonly backups?: StoreBackups;
  sizes(): Promise<StoreSizes>;
  /**
   * Throws an error with the reason if the store cannot be used; returns what an operator should know although it can.
   */
  probe(): Promise<string | undefined>;
  /** Throws `store-unavailable` if no change can be made now. Omitted by stores that need no other machine. */
  checkWritable?(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a store. Its engine is loaded only when it is used. */
export async function openStore(address: StoreAddress, options: StoreOptions = {}): Promise<Store> {
  if (address.engine === 'clickhouse') {
    const { ClusterStore } = await import('./clickhouse/cluster-store.ts');
    return ClusterStore.open(address, options);
  }
  const { SqliteStore } = await import('./sqlite/sqlite-store.ts');
  return new SqliteStore(address, options);
}

/** The stores that this thread has opened with `storeInThread`, by address. */
const inThread = new Map<string, Promise<Store>>();

/** The store of a worker thread, opened once and closed with the thread. */
export function storeInThread(address: StoreAddress): Promise<Store> {
  const key = JSON.stringify(address);
  const known = inThread.get(key);
  if (known !== undefined) return known;
  const opened = openStore(address);
  inThread.set(key, opened);
  // A store that could not be reached is opened again.
  opened.catch(() => inThread.delete(key));
  return opened;
}

/** Opens one corpus file by itself, wherever it is: a backup, say. It is to be closed. Throws as `Store.open`. */
export async function openCorpusFile(path: string): Promise<StoredCorpus & { close(): void }> {
  const { SqliteCorpus } = await import('./sqlite/sqlite-corpus.ts');
  return new SqliteCorpus(path, basename(path, '.sqlite'));
}
