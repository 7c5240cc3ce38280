/**
 * The boundary of what is stored. Everything above a store imports this file and nothing else of `store/`. It speaks of
 * corpora, snapshots of a version, changes, and n-grams in columns; where they are kept, and how, is the store's own
 * affair. Every method is asynchronous, so that a store may be on another machine, and a question asks for all it needs
 * in one call.
 */
import { basename } from 'node:path';
import type { EncodedBlocks } from '../ngrams/block-batch.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from './corpus.ts';

export type { CorpusSettings, CorpusSummary, DocumentSummary } from './corpus.ts';

/** The id of a token in its corpus: ids are given from 0 on in the order in which tokens are added, and never changed. */
export type TokenId = number;

/** Stands for a token that the corpus has never had. */
export const UNSEEN: TokenId = -1;

/** A corpus, as plain data that can go from thread to thread. */
export interface CorpusRef {
  readonly name: string;
  /** No other corpus of this store has it, had it or will have it: a corpus can be deleted and its name given anew. */
  readonly id: string;
}

/** How a thread opens the same store: plain data. */
export interface StoreAddress {
  readonly engine: 'sqlite';
  /** The data folder. */
  readonly folder: string;
  /** What the paths of this process's temporary files begin with: `ScratchFolder.prefix`. */
  readonly scratch: string;
}

/** How a store is opened. */
export interface StoreOptions {
  /** How many corpora stay open, of those that were used last. */
  maxOpen?: number;
  /** Is told of each corpus that `settle` sets aside. */
  onDamage?: (message: string) => void;
  /** Is told of errors that no call can throw. */
  onError?: (error: unknown) => void;
}

/** n-grams of one order, one after the other: n-gram i has the ids from `i * order` on. */
export interface NGrams {
  readonly order: number;
  readonly length: number;
  readonly ids: Uint32Array;
}

/** n-grams with their counts. */
export interface CountedNGrams extends NGrams {
  readonly counts: Float64Array;
}

/** A context, oldest token first: the empty one is that of all unigrams. */
export type Context = readonly TokenId[];

/** What a question reads of the counts, asked in one call. */
export interface CountsRequest {
  /** n(g) is asked of these; an id that no token has, such as `UNSEEN` in a Uint32Array, is in no n-gram. */
  readonly ngrams?: readonly NGrams[];
  /** n(h·), how often a context is followed by a word, is asked of these. */
  readonly contexts?: readonly Context[];
  /** The words that follow these contexts are asked for. */
  readonly continuations?: readonly Context[];
}

/** What was asked for, in the same order. */
export interface CountsResponse {
  readonly ngrams: readonly Float64Array[];
  readonly contexts: Float64Array;
  readonly continuations: readonly Continuations[];
}

/** The words w that follow a context h, by rising id, each with n(hw). `<s>`, which is no word, is left out. */
export interface Continuations {
  readonly words: Uint32Array;
  readonly counts: Float64Array;
}

/** How many distinct n-grams occur `count` times. */
export interface CountOfCounts {
  readonly count: number;
  readonly ngrams: number;
}

/** A corpus at one version. What is committed meanwhile changes no answer. */
export interface Snapshot {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  summary(): Promise<CorpusSummary>;

  /** The id of each token, `UNSEEN` where the corpus has never had it. */
  tokenIds(tokens: readonly string[]): Promise<Int32Array>;
  /** The token of each id. Throws `corpus-damaged` where there is none. */
  tokens(ids: ArrayLike<TokenId>): Promise<string[]>;
  /** All tokens from an id on, by id, some at a time. Throws `corpus-damaged` where an id has none. */
  vocabulary(from: TokenId): AsyncIterable<readonly string[]>;
  /** The ids of all tokens that begin with a prefix, in no order. */
  idsWithPrefix(prefix: string): Promise<Int32Array>;

  /** Everything that a question reads of the counts, in one call. */
  counts(request: CountsRequest): Promise<CountsResponse>;
  /**
   * The n-grams of an order with their counts, sorted by their ids, from the first that is not before `from`, some
   * thousands at a time. Those that occur fewer than `least` times may be left out.
   */
  ngrams(order: number, from?: readonly TokenId[], least?: number): AsyncIterable<CountedNGrams>;
  /**
   * The n-grams of an order that occur at least `least` times, in no order; undefined where reading `ngrams` is faster.
   */
  frequentNGrams(order: number, least: number): Promise<CountedNGrams | undefined>;
  /** Of an order, by falling count. `<s>` alone is not counted. */
  countsOfCounts(order: number): Promise<readonly CountOfCounts[]>;
  /** The n-grams of an order that are the end of a document somewhere, and how often they are; none with lines. */
  sequenceEnds(order: number): Promise<CountedNGrams>;

  /** The tokens at positions `first` ≤ p < `first + target.length` of the stream, copied into `target`. */
  readTokens(first: number, target: Int32Array): Promise<void>;

  /** At most `limit` documents in the order in which they were added, after the one with this ordinal. */
  documents(after: number, limit: number): Promise<readonly (DocumentSummary & { ordinal: number })[]>;
  document(id: string): Promise<DocumentSummary | undefined>;
  /** The hashes of the texts that the corpus was created with, in their order; undefined where one was taken back. */
  createdFrom(): Promise<readonly string[] | undefined>;

  /** Whether a request has come with this idempotency key. */
  hasKey(key: string): Promise<boolean>;
  /**
   * What the request with this key was answered; undefined where there was none. Throws `idempotency-key-reused` where
   * that was another request.
   */
  answerTo<Answer>(key: string, request: string): Promise<Answer | undefined>;

  /** `corpus-damaged` for this corpus, whose content contradicts itself. */
  damage(reason: string): Error;
}

/** The distinct words of some texts, by the order of their first appearance. */
export interface WordList {
  readonly size: number;
  token(word: number): string;
  /** How often a word occurs in the first text that has it. */
  count(word: number): number;
  /** How many words the texts up to each have. */
  readonly afterTexts: readonly number[];
}

/** The words of some texts under ids. */
export interface IdentifiedWords {
  readonly words: WordList;
  /** Each word's id. */
  readonly ids: Uint32Array;
  /** The words that are new to the corpus, by rising id; a list for each text that has any. */
  readonly added: readonly Uint32Array[];
}

/** A document that is added; without an id it gets one that no document has. */
export type NewDocument = Pick<DocumentSummary, 'tokens' | 'bytes' | 'sha256'> & { id?: string | undefined };

/** A document and its place. */
export interface StoredDocument extends DocumentSummary {
  /** Its place among all documents that there ever were, from 1 on. */
  readonly ordinal: number;
  /** The position of its first token in the token stream. */
  readonly first: number;
}

/** A change of a corpus: committed whole, or not at all. */
export interface CorpusChange {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  /** The version before the change; 0 where the corpus is being created. */
  readonly version: number;
  /** How many tokens the stream has before the change. */
  readonly tokens: number;
  /** How many tokens have ids before the change, the reserved ones included: the first id that is free. */
  readonly knownTokens: number;

  /**
   * The ids of the words of texts. New ones, which `addWords` makes part of the corpus, are numbered after its last, text by
   * text by falling count in it, ties by first appearance. Throws `vocabulary-too-large`.
   */
  identify(words: WordList): Promise<IdentifiedWords>;
  /** Adds the words that are new under the ids that they were identified with. */
  addWords(words: IdentifiedWords): Promise<void>;

  /**
   * Adds a run of counts, or takes it away where `sign` is -1, and moves the counts of counts along. The blocks of one
   * order come sorted, each n-gram once; those of different orders in any order. `<s>` alone, which is no word, is in
   * the run with the number of lines as its count.
   */
  addRun(blocks: AsyncIterable<EncodedBlocks> | Iterable<EncodedBlocks>, sign?: 1 | -1): Promise<void>;

  /** Adds tokens to the end of the stream. */
  appendTokens(pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array>): Promise<void>;
  readTokens(first: number, target: Int32Array): Promise<void>;
  /** Takes a document's tokens out of the stream; those after them move up. */
  removeTokens(first: number, length: number): Promise<void>;

  /** Notes that sequences end with these tokens, or takes that back: each n-gram at the end of one is followed by nothing. */
  noteSequenceEnds(ends: Iterable<Uint32Array>, by: 1 | -1): Promise<void>;

  /** Adds documents that come with the corpus's next version, which the change makes. */
  addDocuments(documents: readonly NewDocument[], now: string): Promise<DocumentSummary[]>;
  document(id: string): Promise<StoredDocument | undefined>;
  /** Removes what is known of a document; its version is the corpus's next, too. */
  removeDocument(document: StoredDocument, now: string): Promise<void>;

  summary(): Promise<CorpusSummary>;
  /** As of a snapshot. */
  answerTo<Answer>(key: string, request: string): Promise<Answer | undefined>;
  /** Keeps what the request with a key is answered. */
  keepAnswer(key: string, request: string, answer: unknown, now: string): Promise<void>;
}

/** How a change is made. */
export interface ChangeOptions {
  /** Is called between small pieces of work; what it throws ends the change. */
  checkpoint?: () => void;
  /** Whether much is written: the store makes room for it first, so that a change that fails leaves none taken. */
  isLarge?: boolean;
}

/** A corpus that was opened. */
export interface StoredCorpus {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  /** The newest version, at least that of the last change that `expectChange` was told of. */
  version(): Promise<number>;
  /** Says that the corpus has been changed, by another thread or process. */
  expectChange(): void;
  /** Asks a question at one version of the corpus. Throws `corpus-damaged` and `corpus-busy`. */
  read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /**
   * Makes a change. Throws what `work` throws, `corpus-busy` where others are changing the corpus, `corpus-not-found` where
   * it was deleted since it was opened, and `corpus-damaged`; the corpus is as before then.
   */
  change<T>(work: (change: CorpusChange) => Promise<T>, options?: ChangeOptions): Promise<T>;
  /** Whether `maintain` has much to do. */
  needsMaintenance(): Promise<boolean>;
  /** Merges what many changes have left and gives space back. Answers are the same before and after. */
  maintain(): Promise<void>;
}

/** A new corpus. */
export interface NewCorpus {
  readonly name: string;
  readonly settings: CorpusSettings;
  /** When it is created; a corpus that had the name before was created at another time. */
  readonly now: string;
  /** How many corpora there may be. */
  readonly maxCorpora: number;
}

/** A copy of a corpus. */
export interface Backup {
  /** The corpus's version that it holds. */
  version: number;
  bytes: number;
  /** Of the copy's bytes, in hexadecimal. */
  sha256: string;
  /** Its path below the data folder. */
  file: string;
  createdAt: string;
}

/** What the store takes, in bytes. */
export interface StoreSizes {
  readonly corpora: ReadonlyMap<string, number>;
  readonly temporary: number;
  /** Of the disk; undefined where the store is on another machine. */
  readonly disk?: { readonly free: number; readonly total: number };
}

/** Corpora, each under its name. */
export interface Store {
  readonly address: StoreAddress;
  /** Sorted. */
  names(): Promise<string[]>;
  has(name: string): Promise<boolean>;
  /** The names of the corpora that were found damaged and not uploaded again since, sorted. */
  damaged(): Promise<string[]>;
  /**
   * Opens a corpus, or gives it as it is open. Throws `corpus-not-found`, `corpus-damaged`, `corpus-unreadable`,
   * `schema-too-new` and `corpus-busy`.
   */
  open(name: string): Promise<StoredCorpus>;
  /** Whether `open` comes back at once: it does not where the corpus has to be migrated or recovered. */
  opensAtOnce(name: string): Promise<boolean>;
  /**
   * Creates a corpus as `write` fills it, all or nothing; undefined where there is one of that name. Throws what `write`
   * throws, and `too-many-corpora`.
   */
  create<T>(
    corpus: NewCorpus,
    write: (change: CorpusChange) => Promise<T>,
    options?: ChangeOptions,
  ): Promise<T | undefined>;
  /** Deletes a corpus, or what is left of a damaged one. Throws `corpus-not-found` and `corpus-busy`. */
  remove(name: string): Promise<void>;
  /**
   * The error to answer with: where it says that a corpus is damaged, the corpus is set aside, and the error says where it
   * is. Any other error comes back as it is.
   */
  settle(error: unknown): Promise<unknown>;
  /**
   * Copies a corpus as it is at one version, to where the operator finds it; `reserve` is told how many bytes the copy will
   * take, and may refuse. Left out by stores whose engine makes backups itself.
   */
  backup?(name: string, reserve: (bytes: number) => Promise<void>): Promise<Backup>;
  sizes(): Promise<StoreSizes>;
  /** Throws why the store cannot be read and written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a store. Its engine is loaded only where it is used. */
export async function openStore(address: StoreAddress, options: StoreOptions = {}): Promise<Store> {
  const { SqliteStore } = await import('./sqlite/sqlite-store.ts');
  return new SqliteStore(address, options);
}

/** The stores that this thread has opened with `storeInThread`, by their folders. */
const inThread = new Map<string, Promise<Store>>();

/** The store of a worker thread, which is opened once and closed with the thread. */
export function storeInThread(address: StoreAddress): Promise<Store> {
  const known = inThread.get(address.folder);
  if (known !== undefined) return known;
  const opened = openStore(address);
  inThread.set(address.folder, opened);
  return opened;
}

/** Opens one corpus file by itself, wherever it is: a backup, say. It is to be closed. Throws as `Store.open`. */
export async function openCorpusFile(path: string): Promise<StoredCorpus & { close(): void }> {
  const { SqliteCorpus } = await import('./sqlite/sqlite-corpus.ts');
  return new SqliteCorpus(path, basename(path, '.sqlite'));
}
