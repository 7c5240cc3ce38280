import type { NgramdError } from '../../errors.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import { type NGramStream, ngramKey, readNGramKey } from '../../ngrams/ngram-stream.ts';
import { spend } from '../../platform/turn.ts';
import { reservedId } from '../../text/reserved.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../corpus.ts';
import { documentColumns, readSummary, settingsColumns, settingsOf } from './corpus-rows.ts';
import {
  type Connection,
  damageOf,
  fileOf,
  fileProblem,
  isInPlace,
  onCorpusFile,
  openCorpusFile,
  type Statement,
} from './database.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { type Run, RunReader } from './run-stream.ts';
import { TokenChunks } from './token-chunks.ts';

const selectDocument = `SELECT ordinal, ${documentColumns} FROM documents`;

/**
 * How much of a file SQLite keeps in memory at most: the inner pages of its trees. The system has the others in its own
 * cache.
 */
const defaultCacheBytes = 2 ** 20;

/** About how long it takes to read a row of the vocabulary, and each character of a token, in microseconds. */
const rowTime = 4;
const characterTime = 0.02;

/** How often is looked whether an open file is still in its place, in milliseconds. */
const placeInterval = 5;

/**
 * Reads one corpus file. Everything asked inside one `snapshot` is answered at one version, whatever is
 * committed meanwhile.
 */
export class CorpusReader {
  readonly #connection: Connection;
  readonly #runReader: RunReader;
  readonly #snapshot: (read: () => void) => void;
  readonly #state: Statement;
  readonly #runSizes: Statement;
  readonly #latestVersion: Statement;
  readonly #tokenId: Statement;
  readonly #token: Statement;
  readonly #sequenceEnds: Statement;
  readonly #tokenChunks: TokenChunks;
  #runs: Run[] = [];
  #version = 0;
  #latest: number | undefined;
  #summary: CorpusSummary | undefined;
  #isInPlace = true;
  #lookedAt = performance.now();
  readonly path: string;
  /** Tells this file from others that have had or will have its path: a corpus can be deleted and made anew. */
  readonly fileId: string;
  readonly settings: CorpusSettings;
  /** The id of `<s>`, whose unigram is counted as a context and is no word; undefined without lines. */
  readonly sequenceStart: number | undefined;

  /** `cacheBytes` is how much of the file SQLite keeps in memory at most. */
  constructor(path: string, cacheBytes = defaultCacheBytes) {
    const connection = openCorpusFile(path);
    try {
      connection.pragma(`cache_size = -${Math.ceil(cacheBytes / 1024)}`);
      this.#connection = connection;
      this.#runReader = new RunReader(connection);
      this.#snapshot = connection.transaction((read) => {
        this.#refresh();
        read();
      });
      this.#state = connection
        .prepare('SELECT version, (SELECT group_concat(sign * id) FROM runs) FROM corpus')
        .raw();
      this.#runSizes = connection.prepare('SELECT id, ngrams FROM runs WHERE sign > 0');
      this.#latestVersion = connection.prepare('SELECT version FROM corpus').pluck();
      this.#tokenId = connection.prepare('SELECT id FROM vocabulary WHERE token = ?').pluck();
      this.#token = connection.prepare('SELECT token FROM vocabulary WHERE id = ?').pluck();
      this.#sequenceEnds = connection.prepare('SELECT count FROM sequence_ends WHERE ngram = ?').pluck();
      this.#tokenChunks = new TokenChunks(connection);
      const row = connection
        .prepare(`SELECT ${settingsColumns}, created_at AS createdAt FROM corpus`)
        .get() as (CorpusSettings & { createdAt: string }) | undefined;
      if (row === undefined) throw this.damage('it has no settings');
      const { createdAt, ...settings } = row;
      this.settings = settingsOf(settings);
      const { path: opened, inode } = fileOf(connection);
      this.path = opened;
      this.fileId = `${inode} of ${createdAt}`;
      this.sequenceStart = reservedId(this.settings.sequences, '<s>');
    } catch (error) {
      connection.close();
      throw fileProblem(connection, error);
    }
  }

  /** Runs `read` on one state of the corpus. A promise that it returns goes on outside of it. */
  snapshot<T>(read: () => T): T {
    let result: T | undefined;
    onCorpusFile(this.#connection, () =>
      this.#snapshot(() => {
        result = read();
      }),
    );
    return result as T;
  }

  #refresh(): void {
    const [version, runs] = this.#state.get() as [number, string | null];
    this.#runs = runs === null ? [] : runs.split(',').map(toRun);
    if (version !== this.#version) this.#summary = undefined;
    this.#version = version;
  }

  /**
   * The corpus's version as it is now, outside of a snapshot. The file is asked once for all requests that have come in
   * together, unless `expectChange` was called since.
   */
  latestVersion(): number {
    if (this.#latest === undefined) {
      this.#latest = onCorpusFile(this.#connection, () => this.#latestVersion.get() as number);
      setImmediate(() => {
        this.#latest = undefined;
      });
    }
    return this.#latest;
  }

  /** Says that the corpus has been changed. */
  expectChange(): void {
    this.#latest = undefined;
  }

  /**
   * Whether this is still the corpus's file, and has not been deleted, set aside or replaced by another process. Looks
   * at most every few milliseconds.
   */
  isInPlace(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt >= placeInterval) {
      this.#isInPlace = isInPlace(this.#connection);
      this.#lookedAt = now;
    }
    return this.#isInPlace;
  }

  /** The snapshot's version. */
  get version(): number {
    return this.#version;
  }

  summary(): CorpusSummary {
    this.#summary ??= readSummary(this.#connection);
    return this.#summary;
  }

  /** The id of a token, undefined where the corpus has never had it. */
  tokenId(token: string): number | undefined {
    return this.#tokenId.get(token) as number | undefined;
  }

  /** The token of an id. Throws `corpus-damaged` where the vocabulary has none. */
  token(id: number): string {
    const token = this.#token.get(id) as string | undefined;
    if (token === undefined) throw this.damage(`its vocabulary has no token ${id}`);
    spend(rowTime + characterTime * token.length);
    return token;
  }

  /** `corpus-damaged` for this file: SQLite can read it, and what is in it contradicts itself. */
  damage(reason: string): NgramdError {
    return damageOf(fileOf(this.#connection), reason);
  }

  /** All tokens that there ever were, by id. Throws `corpus-damaged` where the ids do not go up from 0 without a gap. */
  *allTokens(): Iterable<string> {
    const rows = this.#connection.prepare('SELECT id, token FROM vocabulary ORDER BY id').raw().iterate();
    let next = 0;
    for (const [id, token] of rows as Iterable<[id: number, token: string]>) {
      if (id !== next) throw this.damage(`its vocabulary has no token ${next}`);
      next++;
      yield token;
    }
  }

  /** The ids of all tokens that begin with `prefix`. */
  idsWithPrefix(prefix: string): number[] {
    const rows = this.#connection
      .prepare('SELECT id, token FROM vocabulary WHERE token >= ? AND token < ?')
      .iterate(prefix, `${prefix}\u{10ffff}\u{10ffff}`) as Iterable<{ id: number; token: string }>;
    const ids: number[] = [];
    for (const { id, token } of rows) {
      spend(rowTime);
      if (token.startsWith(prefix)) ids.push(id);
    }
    return ids;
  }

  /** n(g), summed over the runs. */
  count(ngram: Uint32Array): number {
    let count = 0;
    for (const run of this.#runs) count += this.#runReader.count(run, ngram);
    return count;
  }

  /** How often an n-gram is the end of a document. */
  sequenceEnds(ngram: Uint32Array): number {
    return (this.#sequenceEnds.get(ngramKey(ngram)) as number | undefined) ?? 0;
  }

  /** The n-grams of one order that are the end of a document somewhere, and how often. */
  allSequenceEnds(order: number): { ngram: Uint32Array; count: number }[] {
    const rows = this.#connection
      .prepare('SELECT ngram, count FROM sequence_ends WHERE length(ngram) = ?')
      .all(ngramKey(new Uint32Array(order)).length) as { ngram: Buffer; count: number }[];
    return rows.map(({ ngram: key, count }) => {
      const ngram = new Uint32Array(order);
      readNGramKey(key, ngram);
      return { ngram, count };
    });
  }

  /**
   * The n-grams of one order in order of their ids, from the first that is not before `from`. Where only those that
   * occur at least `leastCount` times are wanted, some of the others are left out.
   */
  ngrams(order: number, from: Uint32Array = new Uint32Array(0), leastCount = 1): NGramStream {
    const leastPeak = this.#runs.length === 1 ? leastCount : 1;
    return mergeStreams(
      order,
      this.#runs.map((run) => this.#runReader.streamFrom(run, order, from, leastPeak)),
    );
  }

  /**
   * N-grams of one order among which are all that occur at least `count` times, with their full counts, in no
   * order; undefined where so many blocks hold them that a scan is better. What occurs that often was added at least
   * as often, whatever was taken away, and so in one of the runs that add at least as often as that run's share of all
   * n-grams says.
   */
  frequentNGrams(
    order: number,
    count: number,
    maxBlocks: number,
  ): { ngram: Uint32Array; count: number }[] | undefined {
    const adding = this.#runSizes.all() as { id: number; ngrams: number }[];
    const all = adding.reduce((sum, { ngrams }) => sum + ngrams, 0);
    const found = new Map<string, { ngram: Uint32Array; count: number }>();
    let blocks = maxBlocks;
    for (const { id, ngrams } of adding) {
      // A little less than the share, which a rounded quotient can be above.
      const share = Math.max(1, Math.ceil(count * (ngrams / all) * (1 - 1e-9)));
      const frequent = this.#runReader.frequent({ id, sign: 1 }, order, share, blocks);
      if (frequent === undefined) return undefined;
      blocks -= frequent.blocks;
      for (const ngram of frequent.ngrams) {
        const key = ngram.join();
        if (!found.has(key)) found.set(key, { ngram, count: this.count(ngram) });
      }
    }
    return [...found.values()];
  }

  /** Of one order, how many distinct n-grams occur how often, by falling count. */
  countsOfCounts(order: number): { count: number; ngrams: number }[] {
    return this.#connection
      .prepare('SELECT count, ngrams FROM counts_of_counts WHERE n = ? ORDER BY count DESC')
      .all(order) as { count: number; ngrams: number }[];
  }

  /** The tokens at positions `first` ≤ p < `first + target.length` of the stream, copied into `target`. */
  readTokens(first: number, target: Int32Array): void {
    this.#tokenChunks.read(first, target);
  }

  /** At most `limit` documents in order of commit, after the one with this ordinal. */
  documents(after: number, limit: number): (DocumentSummary & { ordinal: number })[] {
    return this.#connection
      .prepare(`${selectDocument} WHERE ordinal > ? ORDER BY ordinal LIMIT ?`)
      .all(after, limit) as (DocumentSummary & { ordinal: number })[];
  }

  document(id: string): DocumentSummary | undefined {
    return this.#connection.prepare(`${selectDocument} WHERE id = ?`).get(id) as DocumentSummary | undefined;
  }

  /** The hashes of the texts that the corpus was created with, in their order; undefined where one was taken back. */
  createdFrom(): string[] | undefined {
    const created = this.#connection.prepare('SELECT created_documents FROM corpus').pluck().get() as number;
    const hashes = this.#connection
      .prepare('SELECT sha256 FROM documents WHERE ordinal <= ? ORDER BY ordinal')
      .pluck()
      .all(created) as string[];
    return hashes.length === created ? hashes : undefined;
  }

  /** Whether a request has come with this idempotency key. */
  hasKey(key: string): boolean {
    return new IdempotencyKeys(this.#connection).has(key);
  }

  /** What the request with this key was answered. See `IdempotencyKeys`. */
  answerTo<Answer>(key: string, request: string): Answer | undefined {
    return new IdempotencyKeys(this.#connection).answer(key, request);
  }

  close(): void {
    this.#connection.close();
  }
}

/** A run of the snapshot, from its id times its sign. */
function toRun(signed: string): Run {
  const number = Number(signed);
  return { id: Math.abs(number), sign: number < 0 ? -1 : 1 };
}
