import { NgramdError } from '../../errors.ts';
import { type CorpusSettings, type CorpusSummary, type DocumentSummary, listedNGrams } from '../corpus.ts';
import { listInPages } from '../kept-answer.ts';
import type {
  CorpusHistory,
  CorpusRef,
  CountedNGrams,
  CountOfCounts,
  CountsRequest,
  CountsResponse,
  KeptAnswer,
  NGrams,
  NumberedDocument,
  Snapshot,
} from '../store.ts';
import type { CorpusCache } from './corpus-cache.ts';
import { Counts } from './counts.ts';
import type { Databases } from './databases.ts';
import { Documents } from './documents.ts';
import { readPiece } from './files.ts';
import { type Head, historyOf, summaryOf } from './head.ts';
import { answerTo, listKeptAnswers, readKeptAnswer } from './kept-answers.ts';
import { checkNotLost, type Reading } from './owners.ts';
import { SortedNGrams } from './sorted-ngrams.ts';
import { ngramsOf } from './statistics.ts';
import { readTokens } from './token-pages.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * A corpus at the revision of its head. Nothing is held open: rows and runs of a revision are kept while it is read.
 */
export class ClusterSnapshot implements Snapshot {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly #databases: Databases;
  readonly #head: Head;
  readonly #cache: CorpusCache;
  readonly #reading: Reading;
  readonly #counts: Counts;
  readonly #sorted: SortedNGrams;
  readonly #documents: Documents;
  readonly #vocabulary: Vocabulary;

  constructor(databases: Databases, ref: CorpusRef, head: Head, cache: CorpusCache, reading: Reading) {
    const { postgres, clickhouse } = databases;
    this.ref = ref;
    this.settings = head.settings;
    this.version = head.version;
    this.#databases = databases;
    this.#head = head;
    this.#cache = cache;
    this.#reading = reading;
    this.#counts = new Counts(clickhouse, head, head.settings);
    this.#sorted = new SortedNGrams(clickhouse, head, head.settings, head.tokenIds);
    this.#documents = new Documents(postgres, head.id, head.revision);
    this.#vocabulary = new Vocabulary(postgres, head.id);
  }

  async summary(): Promise<CorpusSummary> {
    const listed = listedNGrams(this.settings);
    if (listed !== undefined) return summaryOf(this.#head, listed);
    return summaryOf(this.#head, ngramsOf(await this.#cache.countsOfCounts(this.#head)));
  }

  async history(): Promise<CorpusHistory> {
    return historyOf(this.#head);
  }

  tokenIds(tokens: readonly string[]): Promise<Int32Array> {
    return this.#cache.tokenIds(tokens, this.#head.tokenIds);
  }

  async tokens(ids: ArrayLike<number>): Promise<string[]> {
    const tokens = await this.#cache.tokens(ids, this.#head.tokenIds);
    return tokens.map((token, i) => {
      if (token === undefined) throw this.#noToken(ids[i]);
      return token;
    });
  }

  async *vocabulary(from: number): AsyncIterable<readonly string[]> {
    for (let next = from; ; ) {
      const page = await this.#vocabulary.page(next, this.#head.tokenIds);
      if (page.length === 0) return;
      yield page.map(({ id, token }) => {
        if (id !== next) throw this.#noToken(next);
        next++;
        return token.toString();
      });
    }
  }

  idsWithPrefix(prefix: string): Promise<Int32Array> {
    return this.#vocabulary.idsWithPrefix(prefix, this.#head.tokenIds);
  }

  counts(request: CountsRequest): Promise<CountsResponse> {
    return this.#checked(this.#counts.read(request, this.#head.tokens));
  }

  ngrams(order: number, from: readonly number[] = [], least = 1): AsyncIterable<CountedNGrams> {
    return this.#whileNotLost(this.#sorted.counted(order, from, least));
  }

  adjustedNGrams(order: number): AsyncIterable<CountedNGrams> {
    return this.#whileNotLost(this.#sorted.adjusted(order));
  }

  precededNGrams(order: number): AsyncIterable<NGrams> {
    return this.#whileNotLost(this.#sorted.preceded(order));
  }

  frequentNGrams(order: number, least: number): Promise<CountedNGrams | undefined> {
    return this.#checked(this.#counts.frequent(order, least));
  }

  async countsOfCounts(order: number, adjusted = false): Promise<readonly CountOfCounts[]> {
    return (await this.#checked(this.#cache.countsOfCounts(this.#head, adjusted)))[order - 1];
  }

  sequenceEnds(order: number): Promise<CountedNGrams> {
    return this.#checked(this.#counts.ends(order));
  }

  async readTokens(first: number, target: Int32Array): Promise<void> {
    const extents = await this.#cache.extents(this.#head);
    await this.#checked(readTokens(this.#databases.clickhouse, this.#head.id, extents, first, target));
  }

  filePiece(name: string, number: number): Promise<Uint8Array | undefined> {
    return readPiece(this.#databases.postgres, this.#head.id, name, number);
  }

  documents(after: number, limit: number): Promise<NumberedDocument[]> {
    return this.#documents.list(after, limit);
  }

  document(id: string): Promise<DocumentSummary | undefined> {
    return this.#documents.get(id);
  }

  documentsSince(version: number, limit: number): Promise<DocumentSummary[]> {
    return this.#documents.since(version, limit);
  }

  createdFrom(): Promise<string[] | undefined> {
    return this.#documents.firstHashes(this.#head.createdDocuments);
  }

  async hasKey(key: string): Promise<boolean> {
    return (await readKeptAnswer(this.#databases.postgres, this.#head.id, key)) !== undefined;
  }

  async answerTo<Answer>(key: string, request: string): Promise<Answer | undefined> {
    return answerTo(this.#databases.postgres, this.#head.id, key, request);
  }

  async *keptAnswers(): AsyncIterable<KeptAnswer[]> {
    const { id, revision } = this.#head;
    const { postgres } = this.#databases;
    yield* listInPages((key, limit) => listKeptAnswers(postgres, id, key, limit));
    // They have no revisions: an answer of a later one must not be taken for one of this.
    const isNewest = await postgres.row('SELECT FROM corpora WHERE id = $1 AND revision = $2', [
      id,
      revision,
    ]);
    if (isNewest !== undefined) return;
    throw new NgramdError('unavailable', `The corpus ${this.ref.name} is being changed. Try again.`);
  }

  damage(reason: string): Error {
    const { name } = this.ref;
    return new NgramdError('corpus-damaged', `The corpus ${name} is damaged: ${reason}.`, [], this.ref);
  }

  /** Batches of an answer, each if the runs were certainly there until it came. */
  async *#whileNotLost<T>(batches: AsyncIterable<T>): AsyncIterable<T> {
    for await (const batch of batches) {
      checkNotLost(this.#reading);
      yield batch;
    }
  }

  /** The answer to a question of ClickHouse, if the runs were certainly there until it came. */
  async #checked<T>(answer: Promise<T>): Promise<T> {
    const found = await answer;
    checkNotLost(this.#reading);
    return found;
  }

  #noToken(id: number): Error {
    return this.damage(`its vocabulary has no token ${id}`);
  }
}
