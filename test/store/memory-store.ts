/**
 * A store in the memory of one thread: plain, slow and short. It shows that `store.ts` says all that a store has to do,
 * and serves tests that need a corpus and no file.
 */
import { NgramdError } from '../../src/errors.ts';
import type { EncodedBlocks } from '../../src/ngrams/block-batch.ts';
import type {
  AdjustedRequest,
  ChangeOptions,
  CorpusChange,
  CorpusHistory,
  CorpusRef,
  CorpusSettings,
  CountedNGrams,
  CountsRequest,
  CountsResponse,
  DocumentSummary,
  IdentifiedWords,
  KeptAnswer,
  NewCorpus,
  NewDocument,
  NGrams,
  NumberedDocument,
  Snapshot,
  Store,
  StoreAddress,
  StoredCorpus,
  StoredDocument,
  StoreSizes,
  WordList,
} from '../../src/store/store.ts';
import { UNSEEN } from '../../src/store/store.ts';
import { MemoryJobs } from './memory-jobs.ts';
import {
  adjustedState,
  contextCount,
  continuationsOf,
  countsOfCountsOf,
  endsOf,
  initialState,
  ngramCount,
  type State,
  summaryOf,
} from './memory-state.ts';
import {
  batchesOf,
  batchLength,
  placeOf,
  sliceOf,
  sortedByEnd,
  sumOf,
  type Table,
  TableBuilder,
} from './memory-table.ts';

export class MemoryStore implements Store {
  readonly jobs = new MemoryJobs();
  readonly hasAdjustedCounts = true;
  readonly #corpora = new Map<string, MemoryCorpus>();
  readonly #damaged = new Set<string>();
  #created = 0;

  /** No other thread can open it. */
  get address(): StoreAddress {
    throw new Error('A store in memory has no address.');
  }

  async names(): Promise<string[]> {
    return [...this.#corpora.keys()].sort();
  }

  async has(name: string): Promise<boolean> {
    return this.#corpora.has(name);
  }

  async damaged(): Promise<string[]> {
    return [...this.#damaged].sort();
  }

  async open(name: string): Promise<StoredCorpus> {
    const corpus = this.#corpora.get(name);
    if (corpus === undefined) throw this.#missing(name);
    return corpus;
  }

  /** As a store on another machine, which cannot tell without waiting. */
  opened(): undefined {}

  async opensAtOnce(): Promise<boolean> {
    return true;
  }

  async create<T>(
    { name, settings, now, maxCorpora, copyOf }: NewCorpus,
    write: (change: CorpusChange) => Promise<T>,
    options: ChangeOptions = {},
  ): Promise<T | undefined> {
    if (this.#corpora.has(name)) return undefined;
    const ref = { name, id: String(++this.#created) };
    const change = new MemoryChange(ref, initialState(settings, now), options);
    const result = await write(change);
    if (this.#corpora.has(name)) return undefined;
    if (this.#corpora.size >= maxCorpora)
      throw new NgramdError('too-many-corpora', `There are ${maxCorpora} corpora.`);
    const { state } = change;
    const history = copyOf ?? { version: 1, createdDocuments: state.documents.length };
    this.#corpora.set(name, new MemoryCorpus(ref, { ...state, ...history }));
    this.#damaged.delete(name);
    return result;
  }

  async remove(name: string): Promise<void> {
    const corpus = this.#corpora.get(name);
    const wasDamaged = this.#damaged.delete(name);
    if (corpus === undefined && !wasDamaged) throw this.#missing(name);
    await corpus?.remove();
    this.#corpora.delete(name);
  }

  async settle(error: unknown): Promise<unknown> {
    if (!(error instanceof NgramdError) || error.corpus === undefined) return error;
    const { name, id } = error.corpus;
    if (this.#corpora.get(name)?.ref.id === id) {
      this.#corpora.delete(name);
      this.#damaged.add(name);
    }
    return this.#damaged.has(name) ? this.#missing(name) : error;
  }

  async sizes(): Promise<StoreSizes> {
    const corpora = [...this.#corpora].map(([name, { state }]) => [name, bytesOf(state)] as const);
    return { corpora: new Map(corpora), temporary: 0 };
  }

  async probe(): Promise<undefined> {}

  async close(): Promise<void> {}

  #missing(name: string): NgramdError {
    return this.#damaged.has(name)
      ? new NgramdError('corpus-damaged', `The corpus ${name} was damaged.`)
      : new NgramdError('corpus-not-found', `There is no corpus named ${JSON.stringify(name)}.`);
  }
}

class MemoryCorpus implements StoredCorpus {
  readonly ref: CorpusRef;
  /** The newest version. */
  state: State;
  #isRemoved = false;
  /** The last change that was asked for. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(ref: CorpusRef, state: State) {
    this.ref = ref;
    this.state = state;
  }

  get settings(): CorpusSettings {
    return this.state.settings;
  }

  versionNow(): undefined {}

  async version(): Promise<number> {
    return this.state.version;
  }

  expectChange(): void {}

  async read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return question(new MemorySnapshot(this.ref, this.state));
  }

  change<T>(work: (change: CorpusChange) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    return this.#inTurn(async () => {
      const change = new MemoryChange(this.ref, this.state, options);
      const result = await work(change);
      this.state = change.state;
      return result;
    });
  }

  async needsMaintenance(): Promise<boolean> {
    return false;
  }

  async maintain(): Promise<void> {}

  /** Ends all changes. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isRemoved = true;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#changing.then(() => {
      if (this.#isRemoved) throw new NgramdError('corpus-not-found', 'The corpus was deleted.');
      return work();
    });
    this.#changing = turn.catch(() => {});
    return turn;
  }
}

class MemorySnapshot implements Snapshot {
  readonly ref: CorpusRef;
  readonly #state: State;

  constructor(ref: CorpusRef, state: State) {
    this.ref = ref;
    this.#state = state;
  }

  get settings(): CorpusSettings {
    return this.#state.settings;
  }

  get version(): number {
    return this.#state.version;
  }

  async summary() {
    return summaryOf(this.#state);
  }

  async history(): Promise<CorpusHistory> {
    const { version, createdAt, updatedAt, createdDocuments, lastOrdinal } = this.#state;
    return { version, createdAt, updatedAt, createdDocuments, lastOrdinal };
  }

  async tokenIds(tokens: readonly string[]): Promise<Int32Array> {
    return Int32Array.from(tokens, (token) => this.#state.ids.get(token) ?? UNSEEN);
  }

  async tokens(ids: ArrayLike<number>): Promise<string[]> {
    return Array.from(ids, (id) => {
      const token = this.#state.vocabulary[id];
      if (token === undefined) throw this.damage(`its vocabulary has no token ${id}`);
      return token;
    });
  }

  async *vocabulary(from: number): AsyncIterable<readonly string[]> {
    const { vocabulary } = this.#state;
    for (let at = from; at < vocabulary.length; at += batchLength)
      yield vocabulary.slice(at, at + batchLength);
  }

  async idsWithPrefix(prefix: string): Promise<Int32Array> {
    const { vocabulary } = this.#state;
    return Int32Array.from([...vocabulary.keys()].filter((id) => vocabulary[id].startsWith(prefix)));
  }

  async counts({ contexts = [], adjusted, ...others }: CountsRequest): Promise<CountsResponse> {
    return {
      ...countsIn(this.#state, others),
      contexts: Float64Array.from(contexts, (context) => contextCount(this.#state, context)),
      ...(adjusted && { adjusted: countsIn(adjustedState(this.#state), adjusted) }),
    };
  }

  async *ngrams(order: number, from: readonly number[] = [], least = 1): AsyncIterable<Table> {
    const all = this.#state.tables[order - 1];
    for (let at = placeOf(all, from); at < all.length; at += batchLength) {
      yield frequentOf(sliceOf(all, at, Math.min(at + batchLength, all.length)), least);
    }
  }

  async *adjustedNGrams(order: number): AsyncIterable<Table> {
    yield* batchesOf(adjustedState(this.#state).tables[order - 1]);
  }

  async *precededNGrams(order: number): AsyncIterable<Table> {
    yield* batchesOf(sortedByEnd(this.#state.tables[order - 1]));
  }

  async frequentNGrams(order: number, least: number): Promise<Table | undefined> {
    return frequentOf(this.#state.tables[order - 1], least);
  }

  async countsOfCounts(order: number, adjusted = false) {
    return countsOfCountsOf(adjusted ? adjustedState(this.#state) : this.#state, order);
  }

  async sequenceEnds(order: number): Promise<Table> {
    return endsOf(this.#state, order);
  }

  async readTokens(first: number, target: Int32Array): Promise<void> {
    target.set(this.#state.tokens.subarray(first, first + target.length));
  }

  async filePiece(name: string, number: number): Promise<Uint8Array | undefined> {
    return this.#state.files.get(name)?.[number];
  }

  async documents(after: number, limit: number) {
    return this.#state.documents.filter(({ ordinal }) => ordinal > after).slice(0, limit);
  }

  async document(id: string): Promise<DocumentSummary | undefined> {
    return documentOf(this.#state, id);
  }

  async documentsSince(version: number, limit: number) {
    const since = this.#state.documents.filter((document) => document.version > version);
    return since.slice(-limit).map(({ ordinal, ...document }) => document);
  }

  async createdFrom(): Promise<string[] | undefined> {
    const { documents, createdDocuments } = this.#state;
    const left = documents.filter(({ ordinal }) => ordinal <= createdDocuments);
    return left.length === createdDocuments ? left.map(({ sha256 }) => sha256) : undefined;
  }

  async hasKey(key: string): Promise<boolean> {
    return this.#state.answers.has(key);
  }

  async answerTo<Answer>(key: string, request: string): Promise<Answer | undefined> {
    return answerTo(this.#state, key, request);
  }

  async *keptAnswers(): AsyncIterable<KeptAnswer[]> {
    yield [...this.#state.answers].map(([key, { answer, ...kept }]) => ({
      ...kept,
      key,
      answer: JSON.parse(answer),
    }));
  }

  damage(reason: string): Error {
    return new NgramdError('corpus-damaged', `${this.ref.name} is damaged: ${reason}.`, [], this.ref);
  }
}

class MemoryChange implements CorpusChange {
  readonly ref: CorpusRef;
  readonly version: number;
  readonly tokens: number;
  readonly knownTokens: number;
  readonly #checkpoint: () => void;
  /** The corpus as it is changed. */
  state: State;

  constructor(ref: CorpusRef, state: State, { checkpoint = () => {} }: ChangeOptions) {
    this.ref = ref;
    this.version = state.version;
    this.tokens = state.tokens.length;
    this.knownTokens = state.vocabulary.length;
    this.#checkpoint = checkpoint;
    this.state = state;
  }

  get settings(): CorpusSettings {
    return this.state.settings;
  }

  async identify(words: WordList): Promise<IdentifiedWords> {
    const ids = new Uint32Array(words.size);
    const added: Uint32Array[] = [];
    let next = this.state.vocabulary.length;
    let first = 0;
    for (const end of words.afterTexts) {
      const ofText = Array.from({ length: end - first }, (_, i) => first + i);
      const unknown = ofText.filter((word) => !this.state.ids.has(words.token(word)));
      for (const word of ofText) ids[word] = this.state.ids.get(words.token(word)) ?? 0;
      unknown.sort((a, b) => words.count(b) - words.count(a));
      for (const word of unknown) ids[word] = next++;
      if (unknown.length > 0) added.push(Uint32Array.from(unknown));
      this.#checkpoint();
      first = end;
    }
    return { words, ids, added };
  }

  async addWords({ words, ids, added }: IdentifiedWords): Promise<void> {
    const vocabulary = [...this.state.vocabulary];
    for (const word of added.flatMap((ofText) => [...ofText])) {
      this.#checkpoint();
      vocabulary[ids[word]] = words.token(word);
    }
    this.#set({ vocabulary, ids: new Map(vocabulary.map((token, id) => [token, id])) });
  }

  async addRun(
    blocks: AsyncIterable<EncodedBlocks> | Iterable<EncodedBlocks>,
    sign: 1 | -1 = 1,
  ): Promise<void> {
    const builder = new TableBuilder(this.settings.order);
    for await (const some of blocks) {
      this.#checkpoint();
      builder.add(some);
    }
    const run = builder.take();
    this.#set({ tables: this.state.tables.map((table, i) => sumOf(table, run[i], sign)) });
  }

  async appendTokens(pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array>): Promise<void> {
    const all = [...this.state.tokens];
    for await (const piece of pieces) {
      this.#checkpoint();
      for (const id of piece) all.push(id);
    }
    this.#set({ tokens: Uint32Array.from(all) });
  }

  async readTokens(first: number, target: Int32Array): Promise<void> {
    target.set(this.state.tokens.subarray(first, first + target.length));
  }

  async removeTokens(first: number, length: number): Promise<void> {
    this.#set({ tokens: this.state.tokens.filter((_, at) => at < first || at >= first + length) });
  }

  async noteSequenceEnds(ends: Iterable<Uint32Array>, by: 1 | -1): Promise<void> {
    const noted = new Map(this.state.ends);
    for (const tokens of ends) {
      for (let length = 1; length <= tokens.length; length++) {
        const key = tokens.subarray(-length).join();
        const count = (noted.get(key) ?? 0) + by;
        if (count === 0) noted.delete(key);
        else noted.set(key, count);
      }
    }
    this.#set({ ends: noted });
  }

  async noteCountedEnds({ order, length, ids, counts }: CountedNGrams, by: 1 | -1): Promise<void> {
    const noted = new Map(this.state.ends);
    for (let i = 0; i < length; i++) {
      const key = ids.subarray(i * order, (i + 1) * order).join();
      const count = (noted.get(key) ?? 0) + by * counts[i];
      if (count === 0) noted.delete(key);
      else noted.set(key, count);
    }
    this.#set({ ends: noted });
  }

  async addFile(name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) {
      this.#checkpoint();
      all.push(Uint8Array.from(piece));
    }
    this.#set({ files: new Map([...this.state.files, [name, all]]) });
  }

  async filePiece(name: string, number: number): Promise<Uint8Array | undefined> {
    return this.state.files.get(name)?.[number];
  }

  async removeFile(name: string): Promise<void> {
    this.#set({ files: new Map([...this.state.files].filter(([known]) => known !== name)) });
  }

  async addDocuments(documents: readonly NewDocument[], now: string): Promise<DocumentSummary[]> {
    const wanted = documents.map(({ id }) => id);
    const added = documents.map(({ id, ...others }) => {
      this.#checkpoint();
      const ordinal = this.state.lastOrdinal + 1;
      const document = {
        ...others,
        id: id ?? freeId(this.state, ordinal, wanted),
        version: this.state.version + 1,
        createdAt: now,
      };
      if (documentOf(this.state, document.id) !== undefined)
        throw new Error(`There is a document ${document.id}.`);
      this.#set({ documents: [...this.state.documents, { ...document, ordinal }], lastOrdinal: ordinal });
      return document;
    });
    this.#set({ version: this.state.version + 1, updatedAt: now });
    return added;
  }

  async copyDocuments(documents: readonly NumberedDocument[]): Promise<void> {
    this.#set({ documents: [...this.state.documents, ...documents] });
  }

  async document(id: string): Promise<StoredDocument | undefined> {
    const { documents } = this.state;
    const at = documents.findIndex((document) => document.id === id);
    if (at < 0) return undefined;
    const first = documents.slice(0, at).reduce((sum, { tokens }) => sum + tokens, 0);
    return { ...documents[at], first };
  }

  async takenIds(ids: readonly string[]): Promise<string[]> {
    return ids.filter((id) => documentOf(this.state, id) !== undefined);
  }

  async removeDocument({ ordinal }: StoredDocument, now: string): Promise<void> {
    this.#set({
      documents: this.state.documents.filter((document) => document.ordinal !== ordinal),
      version: this.state.version + 1,
      updatedAt: now,
    });
  }

  async summary() {
    return summaryOf(this.state);
  }

  async answerTo<Answer>(key: string, request: string): Promise<Answer | undefined> {
    return answerTo(this.state, key, request);
  }

  async keepAnswer(key: string, request: string, answer: unknown, createdAt: string): Promise<void> {
    const answers = new Map(this.state.answers);
    answers.set(key, { request, answer: JSON.stringify(answer), createdAt });
    this.#set({ answers });
  }

  #set(changed: Partial<State>): void {
    this.state = { ...this.state, ...changed };
  }
}

function countsIn(state: State, { ngrams = [], continuations = [], sums = [] }: AdjustedRequest) {
  return {
    ngrams: ngrams.map((asked) => countsOf(state, asked)),
    continuations: continuations.map((context) => continuationsOf(state, context)),
    sums: sums.map((context) => {
      const { counts } = continuationsOf(state, context);
      return {
        total: counts.reduce((sum, count) => sum + count, 0),
        followers: counts.length,
        once: counts.filter((count) => count === 1).length,
        twice: counts.filter((count) => count === 2).length,
      };
    }),
  };
}

function countsOf(state: State, { order, length, ids }: NGrams): Float64Array {
  return Float64Array.from({ length }, (_, i) => ngramCount(state, ids.subarray(i * order, (i + 1) * order)));
}

/** The n-grams that occur at least `least` times. */
function frequentOf(table: Table, least: number): Table {
  const { order, counts, ids } = table;
  const places = [...counts.keys()].filter((place) => counts[place] >= least);
  return {
    order,
    length: places.length,
    ids: Uint32Array.from(places.flatMap((place) => [...ids.subarray(place * order, (place + 1) * order)])),
    counts: Float64Array.from(places, (place) => counts[place]),
  };
}

function documentOf({ documents }: State, id: string): DocumentSummary | undefined {
  const found = documents.find((document) => document.id === id);
  if (found === undefined) return undefined;
  const { ordinal: _, ...document } = found;
  return document;
}

function freeId(state: State, first: number, wanted: readonly (string | undefined)[]): string {
  let number = first;
  while (wanted.includes(String(number)) || documentOf(state, String(number)) !== undefined) number++;
  return String(number);
}

function answerTo<Answer>({ answers }: State, key: string, request: string): Answer | undefined {
  const kept = answers.get(key);
  if (kept === undefined) return undefined;
  if (kept.request === request) return JSON.parse(kept.answer);
  throw new NgramdError('idempotency-key-reused', `The key ${key} came with another request.`);
}

/** Of the numbers alone. */
function bytesOf({ tables, tokens }: State): number {
  return tables.reduce((sum, { ids, counts }) => sum + ids.byteLength + counts.byteLength, tokens.byteLength);
}
