import { reservedId } from '../../text/reserved.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../corpus.ts';
import { listInPages } from '../kept-answer.ts';
import {
  type Context,
  type CorpusHistory,
  type CorpusRef,
  type CountedNGrams,
  type CountOfCounts,
  type CountsRequest,
  type CountsResponse,
  type KeptAnswer,
  type NGrams,
  type NumberedDocument,
  type Snapshot,
  UNSEEN,
} from '../store.ts';
import { damageOf, fileOf } from './connection.ts';
import { createdDocuments, readHistory } from './corpus-row.ts';
import { Counts } from './counts.ts';
import { readCountsOfCounts } from './counts-of-counts.ts';
import type { Run } from './run-stream.ts';
import { readRuns } from './runs.ts';
import type { Tables } from './tables.ts';

/** A corpus file in a read transaction of a connection. It is of no use after `end`. */
export class SqliteSnapshot implements Snapshot {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly #tables: Tables;
  readonly #counts: Counts;
  readonly #sequenceStart: number | undefined;
  readonly #sequenceEnd: number | undefined;
  #hasEnded = false;

  constructor(tables: Tables, version: number, runs: readonly Run[]) {
    const { ref, settings } = tables;
    this.ref = ref;
    this.settings = settings;
    this.version = version;
    this.#tables = tables;
    this.#counts = new Counts(tables.runs, runs);
    this.#sequenceStart = reservedId(settings, '<s>');
    this.#sequenceEnd = reservedId(settings, '</s>');
  }

  /** Has every later question fail: the connection may be in another transaction by then. */
  end(): void {
    this.#hasEnded = true;
  }

  async summary(): Promise<CorpusSummary> {
    return this.#open.summary(this.version);
  }

  async history(): Promise<CorpusHistory> {
    return readHistory(this.#open.connection);
  }

  async tokenIds(tokens: readonly string[]): Promise<Int32Array> {
    const { vocabulary } = this.#open;
    return Int32Array.from(tokens, (token) => vocabulary.id(token) ?? UNSEEN);
  }

  async tokens(ids: ArrayLike<number>): Promise<string[]> {
    const { vocabulary } = this.#open;
    return Array.from(ids, (id) => {
      const token = vocabulary.token(id);
      if (token === undefined) throw this.#noToken(id);
      return token;
    });
  }

  async *vocabulary(from: number): AsyncIterable<readonly string[]> {
    for (let next = from; ; ) {
      const page = this.#open.vocabulary.page(next);
      if (page.length === 0) return;
      const tokens = page.map(([id, token]) => {
        if (id !== next) throw this.#noToken(next);
        next++;
        return token;
      });
      yield tokens;
    }
  }

  async idsWithPrefix(prefix: string): Promise<Int32Array> {
    return this.#open.vocabulary.idsWithPrefix(prefix);
  }

  async counts({
    ngrams = [],
    contexts = [],
    continuations = [],
    sums = [],
    adjusted,
  }: CountsRequest): Promise<CountsResponse> {
    if (adjusted !== undefined) throw noAdjustedCounts();
    const counts = this.#openCounts;
    return {
      ngrams: ngrams.map((asked) => counts.countAll(asked)),
      contexts: Float64Array.from(contexts, (context) => this.#contextCount(context)),
      continuations: continuations.map((context) => counts.continuations(context, this.#sequenceStart)),
      sums: sums.map((context) => counts.sums(context, this.#sequenceStart)),
    };
  }

  async *ngrams(order: number, from: readonly number[] = [], least = 1): AsyncIterable<CountedNGrams> {
    for (const batch of this.#openCounts.batches(order, from, least)) {
      yield batch;
      // Throws where the question has ended meanwhile.
      this.#open;
    }
  }

  adjustedNGrams(): AsyncIterable<CountedNGrams> {
    throw noAdjustedCounts();
  }

  precededNGrams(): AsyncIterable<NGrams> {
    throw noAdjustedCounts();
  }

  async frequentNGrams(order: number, least: number): Promise<CountedNGrams | undefined> {
    const adding = readRuns(this.#open.connection).filter(({ sign }) => sign > 0);
    return this.#counts.frequent(order, least, adding);
  }

  async countsOfCounts(order: number, adjusted = false): Promise<CountOfCounts[]> {
    if (adjusted) throw noAdjustedCounts();
    return readCountsOfCounts(this.#open.connection, order);
  }

  async sequenceEnds(order: number): Promise<CountedNGrams> {
    return this.#open.sequenceEnds.all(order);
  }

  async readTokens(first: number, target: Int32Array): Promise<void> {
    this.#open.tokenChunks.read(first, target);
  }

  async filePiece(name: string, number: number): Promise<Uint8Array | undefined> {
    return this.#open.files.piece(name, number);
  }

  async documents(after: number, limit: number): Promise<NumberedDocument[]> {
    return this.#open.documents.list(after, limit);
  }

  async document(id: string): Promise<DocumentSummary | undefined> {
    return this.#open.documents.get(id);
  }

  async documentsSince(version: number, limit: number): Promise<DocumentSummary[]> {
    return this.#open.documents.since(version, limit);
  }

  async createdFrom(): Promise<string[] | undefined> {
    const { documents, connection } = this.#open;
    return documents.firstHashes(createdDocuments(connection));
  }

  async hasKey(key: string): Promise<boolean> {
    return this.#open.keys.has(key);
  }

  async answerTo<Answer>(key: string, request: string): Promise<Answer | undefined> {
    return this.#open.keys.answer(key, request);
  }

  keptAnswers(): AsyncIterable<KeptAnswer[]> {
    return listInPages(async (key, limit) => this.#open.keys.list(key, limit));
  }

  damage(reason: string): Error {
    return damageOf(fileOf(this.#tables.connection), reason);
  }

  get #open(): Tables {
    if (this.#hasEnded) throw new Error('The question of this snapshot has been answered.');
    return this.#tables;
  }

  get #openCounts(): Counts {
    this.#open;
    return this.#counts;
  }

  #contextCount(context: Context): number {
    if (context.length === 0) return this.#open.summary(this.version).tokens;
    if (context.some((id) => id < 0) || context.at(-1) === this.#sequenceEnd) return 0;
    const count = this.#openCounts.count(Uint32Array.from(context));
    return count === 0 ? 0 : count - this.#open.sequenceEnds.count(context);
  }

  #noToken(id: number): Error {
    return this.damage(`its vocabulary has no token ${id}`);
  }
}

/** They cannot be added up over runs. */
function noAdjustedCounts(): Error {
  return new Error('A corpus file has no adjusted counts.');
}
