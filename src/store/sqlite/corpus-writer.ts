import { NgramdError } from '../../errors.ts';
import { blockNGrams } from '../../ngrams/block.ts';
import { type EncodedBlocks, encodeNGrams } from '../../ngrams/block-batch.ts';
import { BlockStream } from '../../ngrams/block-stream.ts';
import { CountsOfCounts } from '../../ngrams/counts-of-counts.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import { compareNGrams, type NGramStream, ngramKey } from '../../ngrams/ngram-stream.ts';
import { sortPairs } from '../../ngrams/sort-pairs.ts';
import { reservedId, reservedTokens } from '../../text/reserved.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../corpus.ts';
import { runsToMerge } from './compaction.ts';
import { documentColumns, readSummary, settingsColumns, settingsOf } from './corpus-rows.ts';
import { type Connection, isInPlace, onCorpusFile, type Statement } from './database.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { type Run, RunReader, type RunStream } from './run-stream.ts';
import { RunWriter } from './run-writer.ts';
import { TokenChunks } from './token-chunks.ts';

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
  /** The words that are new to the corpus, by rising id. */
  readonly added: readonly Uint32Array[];
}

/** The highest id: they are read as 32-bit integers with a sign. */
const maxId = 2 ** 31 - 1;

/** The corpus row: its settings and what grows with it. */
interface CorpusRow extends CorpusSettings {
  version: number;
  tokens: number;
  createdAt: string;
}

/** A document and its place. */
export interface StoredDocument {
  /** Its place among all documents that there ever were, from 1 on. */
  ordinal: number;
  /** The position of its first token in the token stream. */
  first: number;
  tokens: number;
  bytes: number;
}

/**
 * Everything that changes a corpus file. The caller holds the corpus's write lock and calls the parts
 * inside one `transaction`, which is committed whole or not at all.
 */
export class CorpusWriter {
  readonly #connection: Connection;
  readonly #reader: RunReader;
  readonly #blockSize: number;
  readonly #checkpoint: () => void;
  readonly #hasDocument: Statement;
  readonly tokenChunks: TokenChunks;
  readonly keys: IdempotencyKeys;

  /** `checkpoint` is called between small pieces of work; what it throws ends the change. */
  constructor(connection: Connection, blockSize = blockNGrams, checkpoint: () => void = () => {}) {
    this.#connection = connection;
    this.#reader = new RunReader(connection);
    this.tokenChunks = new TokenChunks(connection);
    this.keys = new IdempotencyKeys(connection);
    this.#hasDocument = connection.prepare('SELECT 1 FROM documents WHERE id = ?');
    this.#blockSize = blockSize;
    this.#checkpoint = checkpoint;
  }

  /**
   * Makes a change, all or nothing. What it throws is thrown on; the space that it took is given back. Throws
   * `corpus-busy` while another connection is writing, `corpus-not-found` where the corpus has been deleted since the file
   * was opened, and `corpus-damaged`.
   */
  transaction<T>(change: () => T): T {
    const whole = this.#connection.transaction(() => {
      // Who deletes a corpus holds its lock, so that it stays in its place until the end of this.
      if (!isInPlace(this.#connection)) throw new NgramdError('corpus-not-found', 'The corpus was deleted.');
      return change();
    });
    return onCorpusFile(this.#connection, () => {
      try {
        return whole.immediate();
      } catch (error) {
        try {
          this.emptyLog();
        } catch {
          // A full disk may have no room for this either; the change's own error says more.
        }
        throw error;
      }
    });
  }

  /** Fills the tables of a new file for a corpus without documents. */
  create(settings: CorpusSettings, now: string): void {
    this.#connection
      .prepare(
        `INSERT INTO corpus (id, tokenizer, max_order, sequences, locale, version, tokens, bytes, created_documents,
           created_at, updated_at) VALUES (1, ?, ?, ?, ?, 1, 0, 0, 0, ?, ?)`,
      )
      .run(settings.tokenizer, settings.order, settings.sequences, settings.locale ?? null, now, now);
    const insert = this.#connection.prepare('INSERT INTO vocabulary (id, token) VALUES (?, ?)');
    for (const [id, token] of reservedTokens(settings.sequences).entries()) insert.run(id, token);
  }

  /** The documents that are there now are those that the corpus was created with. */
  markCreated(): void {
    this.#connection.prepare('UPDATE corpus SET created_documents = (SELECT count(*) FROM documents)').run();
  }

  corpus(): CorpusRow {
    const row = this.#connection
      .prepare(`SELECT ${settingsColumns}, version, tokens, created_at AS createdAt FROM corpus`)
      .get() as CorpusRow;
    return settingsOf(row);
  }

  /**
   * The ids of the words of texts. New ones, which `addWords` makes part of the corpus, are numbered after its last, text
   * by text by falling count in it, ties by first appearance. Throws `vocabulary-too-large` where there are no more ids.
   */
  identify(words: WordList): IdentifiedWords {
    const find = this.#connection.prepare('SELECT id FROM vocabulary WHERE token = ?').pluck();
    let next = this.lastId() + 1;
    const ids = new Uint32Array(words.size);
    const unknown = new Uint32Array(words.size);
    const added: Uint32Array[] = [];
    let word = 0;
    for (const end of words.afterTexts) {
      let length = 0;
      for (; word < end; word++) {
        this.#checkpoint();
        const id = find.get(words.token(word)) as number | undefined;
        if (id === undefined) unknown[length++] = word;
        else ids[word] = id;
      }
      if (length === 0) continue;
      if (next + length - 1 > maxId) throw noMoreIds();
      const byCount = unknown.slice(0, length);
      const counts = Float64Array.from(byCount, (word) => words.count(word));
      const most = counts.reduce((most, count) => Math.max(most, count), 0);
      sortPairs(
        counts.map((count) => most - count),
        byCount,
      );
      for (const word of byCount) ids[word] = next++;
      added.push(byCount);
    }
    return { words, ids, added };
  }

  /** The highest id of a token. */
  lastId(): number {
    return this.#connection.prepare('SELECT max(id) FROM vocabulary').pluck().get() as number;
  }

  /** Adds the words that are new under the ids that they were identified with. */
  addWords({ words, ids, added }: IdentifiedWords): void {
    const insert = this.#connection.prepare('INSERT INTO vocabulary (id, token) VALUES (?, ?)');
    for (const ofText of added) {
      for (const word of ofText) {
        this.#checkpoint();
        insert.run(ids[word], words.token(word));
      }
    }
  }

  /**
   * Adds a run of counts, or takes it away where `sign` is -1, and moves the counts of counts along. The blocks of one
   * order come sorted; those of different orders in any order.
   */
  addRun(blocks: Iterable<EncodedBlocks>, sign: Run['sign'] = 1): void {
    const { order, sequences } = this.corpus();
    const changes = Array.from({ length: order }, () => new CountsOfCounts());
    const older = changes.map((_, i) => this.#runs().map((run) => this.#reader.stream(run, i + 1)));
    const contextOnly = reservedId(sequences, '<s>');
    const run = new RunWriter(this.#connection, this.#checkpoint, sign);
    for (const batch of blocks) {
      run.add(batch);
      const before = older[batch.order - 1];
      const change = changes[batch.order - 1];
      if (before.length === 0 && sign > 0 && (batch.order > 1 || contextOnly === undefined)) {
        for (const [count, ngrams] of batch.countsOfCounts) change.add(count, ngrams);
      } else {
        const stream = new BlockStream(batch.order, [batch]);
        while (stream.next()) {
          this.#checkpoint();
          const isContext = batch.order === 1 && stream.ngram[0] === contextOnly;
          if (!isContext) moveCount(change, sumIn(before, stream.ngram), sign * stream.count);
        }
      }
    }
    run.end();
    this.#changeCountsOfCounts(changes);
  }

  #changeCountsOfCounts(changes: readonly CountsOfCounts[]): void {
    const add = this.#connection.prepare(
      `INSERT INTO counts_of_counts (n, count, ngrams) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET ngrams = ngrams + excluded.ngrams`,
    );
    for (const [index, change] of changes.entries()) {
      for (const [count, ngrams] of change.entries()) add.run(index + 1, count, ngrams);
    }
    this.#connection.prepare('DELETE FROM counts_of_counts WHERE ngrams = 0').run();
  }

  /** Notes that sequences end with these tokens: each n-gram at the end of one is once followed by nothing. */
  addSequenceEnds(ends: Iterable<Uint32Array>): void {
    const add = this.#connection.prepare(
      'INSERT INTO sequence_ends (ngram, count) VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1',
    );
    for (const tokens of ends) {
      for (let length = 1; length <= tokens.length; length++) add.run(ngramKey(tokens.subarray(-length)));
    }
  }

  /** Takes back what `addSequenceEnds` noted of one sequence. */
  takeSequenceEnd(tokens: Uint32Array): void {
    const take = this.#connection.prepare('UPDATE sequence_ends SET count = count - 1 WHERE ngram = ?');
    for (let length = 1; length <= tokens.length; length++) take.run(ngramKey(tokens.subarray(-length)));
    this.#connection.prepare('DELETE FROM sequence_ends WHERE count = 0').run();
  }

  summary(): CorpusSummary {
    return readSummary(this.#connection);
  }

  /** What is told of a document; undefined where there is none of this id. */
  documentSummary(id: string): DocumentSummary | undefined {
    return this.#connection.prepare(`SELECT ${documentColumns} FROM documents WHERE id = ?`).get(id) as
      | DocumentSummary
      | undefined;
  }

  /**
   * Adds documents that come with one version. Those without an id get one that no document has: the number of the document,
   * or one of the next.
   */
  addDocuments(
    documents: readonly (Pick<DocumentSummary, 'tokens' | 'bytes' | 'sha256'> & {
      id?: string | undefined;
    })[],
    { version, createdAt }: Pick<DocumentSummary, 'version' | 'createdAt'>,
  ): DocumentSummary[] {
    const insert = this.#connection.prepare(
      'INSERT INTO documents (id, tokens, bytes, sha256, version, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const last = this.#connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'documents'").pluck();
    let next = ((last.get() as number | undefined) ?? 0) + 1;
    let allTokens = 0;
    let allBytes = 0;
    const added = documents.map(({ id: wanted, tokens, bytes, sha256 }) => {
      this.#checkpoint();
      const id = wanted ?? this.#freeDocumentId(next);
      insert.run(id, tokens, bytes, sha256, version, createdAt);
      next++;
      allTokens += tokens;
      allBytes += bytes;
      return { id, tokens, bytes, sha256, version, createdAt };
    });
    this.#connection
      .prepare('UPDATE corpus SET tokens = tokens + ?, bytes = bytes + ?, version = ?, updated_at = ?')
      .run(allTokens, allBytes, version, createdAt);
    return added;
  }

  #freeDocumentId(first: number): string {
    let number = first;
    while (this.#hasDocument.get(String(number)) !== undefined) number++;
    return String(number);
  }

  /** The document of an id; undefined where there is none. */
  document(id: string): StoredDocument | undefined {
    return this.#connection
      .prepare(
        `SELECT ordinal, tokens, bytes,
           (SELECT coalesce(sum(tokens), 0) FROM documents AS earlier WHERE earlier.ordinal < documents.ordinal) AS first
         FROM documents WHERE id = ?`,
      )
      .get(id) as StoredDocument | undefined;
  }

  removeDocument({ ordinal, tokens, bytes }: StoredDocument, now: string): void {
    this.#connection.prepare('DELETE FROM documents WHERE ordinal = ?').run(ordinal);
    this.#connection
      .prepare(
        'UPDATE corpus SET tokens = tokens - ?, bytes = bytes - ?, version = version + 1, updated_at = ?',
      )
      .run(tokens, bytes, now);
  }

  /** Whether some runs should be merged. */
  needsCompaction(): boolean {
    return runsToMerge(this.#runs()).length > 0;
  }

  /** Merges runs until there are few. */
  compact(): void {
    for (let runs = runsToMerge(this.#runs()); runs.length > 0; runs = runsToMerge(this.#runs())) {
      this.#merge(runs);
    }
  }

  /** Merges runs of one sign, or all runs of the corpus. */
  #merge(runs: readonly Run[]): void {
    const sign = runs.every((run) => run.sign < 0) ? -1 : 1;
    const streams: NGramStream[] = [];
    for (let order = 1; order <= this.corpus().order; order++) {
      const added = runs.map((run) =>
        this.#reader.stream({ id: run.id, sign: run.sign === sign ? 1 : -1 }, order),
      );
      streams.push(mergeStreams(order, added));
    }
    const run = new RunWriter(this.#connection, this.#checkpoint, sign);
    for (const stream of streams) for (const blocks of encodeNGrams(stream, this.#blockSize)) run.add(blocks);
    run.end();
    for (const { id } of runs) {
      this.#connection.prepare('DELETE FROM blocks WHERE run = ?').run(id);
      this.#connection.prepare('DELETE FROM runs WHERE id = ?').run(id);
    }
  }

  /** Gives the pages that compaction freed back to the file system. */
  trim(): void {
    onCorpusFile(this.#connection, () => this.#connection.pragma('incremental_vacuum'));
    this.emptyLog();
  }

  /** Gives the log's content to the file, as far as no reader needs it: readers are not waited for. */
  emptyLog(): void {
    const timeout = this.#connection.pragma('busy_timeout', { simple: true });
    this.#connection.pragma('busy_timeout = 0');
    try {
      onCorpusFile(this.#connection, () => this.#connection.pragma('wal_checkpoint(TRUNCATE)'));
    } finally {
      this.#connection.pragma(`busy_timeout = ${timeout}`);
    }
  }

  close(): void {
    this.#connection.close();
  }

  #runs(): (Run & { ngrams: number })[] {
    return this.#connection.prepare('SELECT id, sign, ngrams FROM runs ORDER BY id').all() as (Run & {
      ngrams: number;
    })[];
  }
}

/** How often an n-gram occurs in all runs together. It sorts after those that were asked for before. */
function sumIn(runs: readonly RunStream[], ngram: Uint32Array): number {
  let sum = 0;
  for (const stream of runs) {
    if (stream.advanceTo(ngram) && compareNGrams(stream.ngram, ngram, ngram.length) === 0)
      sum += stream.count;
  }
  return sum;
}

/** Notes in the counts of counts that an n-gram occurs `added` times more, or fewer where negative. */
function moveCount(countsOfCounts: CountsOfCounts, before: number, added: number): void {
  const after = before + added;
  if (after < 0) throw new Error(`An n-gram that occurs ${before} times is taken away ${-added} times.`);
  if (before > 0) countsOfCounts.add(before, -1);
  if (after > 0) countsOfCounts.add(after, 1);
}

function noMoreIds(): NgramdError {
  return new NgramdError(
    'vocabulary-too-large',
    `A corpus has at most ${maxId + 1} distinct tokens; with this upload it would have more. Add it to another corpus.`,
  );
}
