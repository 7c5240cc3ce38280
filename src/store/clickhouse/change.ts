import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import { type CorpusSettings, type CorpusSummary, type DocumentSummary, listedNGrams } from '../corpus.ts';
import {
  type ChangeOptions,
  type CorpusChange,
  type CorpusRef,
  type CountedNGrams,
  type IdentifiedWords,
  type NewDocument,
  type NumberedDocument,
  type StoredDocument,
  UNSEEN,
  type WordList,
} from '../store.ts';
import { identifyWords, newWords } from '../words.ts';
import type { ClickHouse } from './clickhouse.ts';
import { Documents, type Extent } from './documents.ts';
import { addPiece, readPiece, removePieces } from './files.ts';
import { type Head, summaryOf } from './head.ts';
import { answerTo } from './kept-answers.ts';
import type { Queries } from './postgres.ts';
import type { RowsOfRun } from './replicas.ts';
import { RunWriter } from './run-writer.ts';
import { makeLive, takesTooMuch } from './runs.ts';
import { countCounts, keepStatistics, ngramsOf } from './statistics.ts';
import { readTokens, TokenWriter } from './token-pages.ts';
import { storeUnavailable } from './unavailable.ts';
import { Vocabulary } from './vocabulary.ts';

/** What a change is made with: its transaction, and its run. */
export interface ChangeParts {
  readonly queries: Queries;
  readonly clickhouse: ClickHouse;
  readonly run: number;
}

/**
 * A change of a corpus, in a transaction of PostgreSQL that holds the corpus's row. Counts and tokens are written under
 * the id of a run that nobody reads until `commit`.
 */
export class ClusterChange implements CorpusChange {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly tokens: number;
  readonly knownTokens: number;
  readonly #parts: ChangeParts;
  readonly #before: Head;
  readonly #checkpoint: () => void;
  readonly #vocabulary: Vocabulary;
  readonly #documents: Documents;
  readonly #writer: RunWriter;
  readonly #tokenWriter: TokenWriter;
  #head: Head;
  #takesAway = false;
  /** How many times counts were added or subtracted. */
  #counted = 0;
  /** How many tokens of the run's segment belong to documents. */
  #placed = 0;
  #extents: Promise<Extent[]> | undefined;
  /** What was written when it was last waited for. */
  #settled: { rows: number; pages: number; onShards: RowsOfRun } | undefined;

  constructor(parts: ChangeParts, ref: CorpusRef, before: Head, { checkpoint = () => {} }: ChangeOptions) {
    const { queries, clickhouse, run } = parts;
    this.ref = ref;
    this.settings = before.settings;
    this.version = before.version;
    this.tokens = before.tokens;
    this.knownTokens = before.tokenIds;
    this.#parts = parts;
    this.#before = before;
    this.#head = { ...before, revision: before.revision + 1, runs: [...before.runs, run] };
    this.#checkpoint = checkpoint;
    this.#vocabulary = new Vocabulary(queries, before.id);
    this.#documents = new Documents(queries, before.id, this.#head.revision);
    this.#writer = new RunWriter(clickhouse, run, before.settings.order);
    this.#tokenWriter = new TokenWriter(clickhouse, before.id, run);
  }

  async identify(words: WordList): Promise<IdentifiedWords> {
    const tokens = Array.from({ length: words.size }, (_, word) => words.token(word));
    const ids = await this.#vocabulary.ids(tokens, this.#head.tokenIds, this.#checkpoint);
    const known = {
      id: (word: number) => (ids[word] === UNSEEN ? undefined : ids[word]),
      nextId: this.#head.tokenIds,
    };
    return identifyWords(known, words, this.#checkpoint);
  }

  async addWords(words: IdentifiedWords): Promise<void> {
    await this.#vocabulary.add(newWords(words, this.#checkpoint));
    const added = words.added.reduce((sum, ofText) => sum + ofText.length, 0);
    this.#head = { ...this.#head, tokenIds: this.#head.tokenIds + added };
  }

  async addRun(
    blocks: AsyncIterable<EncodedBlocks> | Iterable<EncodedBlocks>,
    sign: 1 | -1 = 1,
  ): Promise<void> {
    for await (const some of blocks) {
      this.#checkpoint();
      await this.#writer.add(some, sign);
    }
    this.#counted++;
    if (sign < 0) this.#takesAway = true;
  }

  async appendTokens(pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array>): Promise<void> {
    for await (const piece of pieces) {
      this.#checkpoint();
      await this.#tokenWriter.append(piece);
    }
  }

  async readTokens(first: number, target: Int32Array): Promise<void> {
    const { queries, clickhouse } = this.#parts;
    const { id, revision } = this.#before;
    this.#extents ??= new Documents(queries, id, revision).extents();
    await readTokens(clickhouse, id, await this.#extents, first, target);
  }

  /** The stream is what the documents say: their tokens leave it with them. */
  async removeTokens(): Promise<void> {}

  async noteSequenceEnds(ends: Iterable<Uint32Array>, by: 1 | -1): Promise<void> {
    for (const tokens of ends) {
      for (let length = 1; length <= tokens.length; length++)
        await this.#writer.addEnd(tokens.subarray(-length), by);
    }
  }

  async noteCountedEnds({ order, length, ids, counts }: CountedNGrams, by: 1 | -1): Promise<void> {
    this.#checkpoint();
    for (let i = 0; i < length; i++)
      await this.#writer.addEnd(ids.subarray(i * order, (i + 1) * order), by * counts[i]);
  }

  async addFile(name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    let number = 0;
    for await (const piece of pieces) {
      this.#checkpoint();
      await addPiece(this.#parts.queries, this.#before.id, name, number++, piece);
    }
  }

  filePiece(name: string, number: number): Promise<Uint8Array | undefined> {
    return readPiece(this.#parts.queries, this.#before.id, name, number);
  }

  async removeFile(name: string): Promise<void> {
    await removePieces(this.#parts.queries, this.#before.id, name);
  }

  async addDocuments(documents: readonly NewDocument[], now: string): Promise<DocumentSummary[]> {
    const { lastOrdinal } = this.#head;
    const version = this.#head.version + 1;
    const { run: segment } = this.#parts;
    const added = await this.#documents.add(
      documents,
      { version, createdAt: now, segment, offset: this.#placed, lastOrdinal },
      this.#checkpoint,
    );
    this.#place(added, now, lastOrdinal + added.length);
    return added;
  }

  async copyDocuments(documents: readonly NumberedDocument[]): Promise<void> {
    this.#checkpoint();
    await this.#documents.copy(documents, { segment: this.#parts.run, offset: this.#placed });
    for (const { createdAt, ordinal } of documents.slice(-1)) this.#place(documents, createdAt, ordinal);
  }

  async document(id: string): Promise<StoredDocument | undefined> {
    return this.#documents.find(id);
  }

  async takenIds(ids: readonly string[]): Promise<string[]> {
    return this.#documents.taken(ids);
  }

  async removeDocument({ ordinal, tokens, bytes }: StoredDocument, now: string): Promise<void> {
    await this.#documents.remove(ordinal, this.#head.revision);
    this.#change(now, { documents: -1, tokens: -tokens, bytes: -bytes });
  }

  async summary(): Promise<CorpusSummary> {
    await this.#writeAll();
    // One that is created without documents is at version 1, too.
    const head = { ...this.#head, version: Math.max(this.#head.version, 1) };
    const listed = listedNGrams(this.settings);
    if (listed !== undefined) return summaryOf(head, listed);
    const { queries, clickhouse, run } = this.#parts;
    const { id, revision } = this.#head;
    const base = this.#head.base ?? (this.#isPlain ? run : undefined);
    const counts = await countCounts(queries, clickhouse, { ...this.#head, base }, 'occurrences');
    await keepStatistics(queries, id, revision, 'occurrences', counts);
    return summaryOf(head, ngramsOf(counts));
  }

  async answerTo<Answer>(key: string, request: string): Promise<Answer | undefined> {
    return answerTo(this.#parts.queries, this.#before.id, key, request);
  }

  async keepAnswer(key: string, request: string, answer: unknown, now: string): Promise<void> {
    await this.#parts.queries.rows('INSERT INTO idempotency_keys VALUES ($1, $2, $3, $4, $5)', [
      this.#before.id,
      key,
      request,
      JSON.stringify(answer),
      now,
    ]);
  }

  /** Writes what is left, and makes the run live in the transaction. Returns the corpus after the change. */
  async commit(): Promise<Head> {
    const rows = await this.#writeAll();
    const { queries, clickhouse, run } = this.#parts;
    const { runs } = this.#head;
    if (this.#takesAway && (await takesTooMuch(clickhouse, run, runs, this.settings))) {
      throw new Error('More n-grams would be removed than there are.');
    }
    await clickhouse.checkShards();
    const content = { ngrams: this.#writer.ngrams, isPlain: this.#isPlain, rows };
    if (!(await makeLive(queries, run, content))) {
      throw storeUnavailable('PostgreSQL did not answer for too long; nothing was changed.');
    }
    return this.#head;
  }

  /** Gives up what is on its way to ClickHouse. */
  async abort(): Promise<void> {
    await Promise.all([this.#writer.abort(), this.#tokenWriter.abort()]);
  }

  /** Whether the run has each n-gram once, with a positive count. */
  get #isPlain(): boolean {
    return this.#counted === 1 && !this.#takesAway;
  }

  /** Resolves with the number of rows of the run on each shard when everything has been written. */
  async #writeAll(): Promise<RowsOfRun> {
    this.#checkpoint();
    await Promise.all([this.#writer.finish(), this.#tokenWriter.finish()]);
    const { rows } = this.#writer;
    const { pages } = this.#tokenWriter;
    if (this.#settled?.rows !== rows || this.#settled.pages !== pages) {
      const { clickhouse, run } = this.#parts;
      const onShards = await clickhouse.settle(this.#before.id, run, { rows, pages });
      this.#settled = { rows, pages, onShards };
    }
    return this.#settled.onShards;
  }

  /** Counts documents that were added, whose tokens come next in the run's segment. */
  #place(added: readonly DocumentSummary[], now: string, lastOrdinal: number): void {
    const tokens = added.reduce((sum, { tokens }) => sum + tokens, 0);
    this.#placed += tokens;
    const bytes = added.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#change(now, { documents: added.length, tokens, bytes }, lastOrdinal);
  }

  #change(
    now: string,
    by: Pick<Head, 'documents' | 'tokens' | 'bytes'>,
    lastOrdinal: number = this.#head.lastOrdinal,
  ): void {
    const { version, documents, tokens, bytes } = this.#head;
    this.#head = {
      ...this.#head,
      version: version + 1,
      documents: documents + by.documents,
      tokens: tokens + by.tokens,
      bytes: bytes + by.bytes,
      lastOrdinal,
      updatedAt: now,
    };
  }
}
