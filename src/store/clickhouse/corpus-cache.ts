import { LRUCache } from 'lru-cache';
import { UNSEEN } from '../store.ts';
import type { Databases } from './databases.ts';
import { Documents, type Extent } from './documents.ts';
import type { Head } from './head.ts';
import { type CountsOfCounts, countCounts, type Kind, keepStatistics, keptStatistics } from './statistics.ts';
import { Vocabulary } from './vocabulary.ts';

/** How many tokens are remembered with their ids, and up to which length. */
const maxTokens = 50_000;
const maxLength = 100;

/** A value of one revision. */
interface OfRevision<T> {
  readonly revision: number;
  readonly value: Promise<T>;
}

/** What the questions of a corpus share: tokens and ids, which never change, and what was read of the last revision. */
export class CorpusCache {
  readonly #databases: Databases;
  readonly #vocabulary: Vocabulary;
  readonly #ids = new LRUCache<string, number>({ max: maxTokens });
  readonly #tokens = new LRUCache<number, string>({ max: maxTokens });
  readonly #ofRevision = new Map<string, OfRevision<unknown>>();

  constructor(databases: Databases, corpus: number) {
    this.#databases = databases;
    this.#vocabulary = new Vocabulary(databases.postgres, corpus);
  }

  /** The id of each token; `UNSEEN` for those that have none below `end`. */
  async tokenIds(tokens: readonly string[], end: number): Promise<Int32Array> {
    const found = new Map<string, number>();
    const missing: string[] = [];
    for (const token of new Set(tokens)) {
      const id = this.#ids.get(token);
      if (id === undefined) missing.push(token);
      else found.set(token, id);
    }
    if (missing.length > 0) {
      const ids = await this.#vocabulary.ids(missing, end);
      for (const [i, token] of missing.entries()) {
        found.set(token, ids[i]);
        if (ids[i] !== UNSEEN && token.length <= maxLength) this.#ids.set(token, ids[i]);
      }
    }
    return Int32Array.from(tokens, (token) => {
      const id = found.get(token) as number;
      // One that came with a later revision is not part of it yet.
      return id < end ? id : UNSEEN;
    });
  }

  /** The token of each id; undefined for those that have none below `end`. */
  async tokens(ids: ArrayLike<number>, end: number): Promise<(string | undefined)[]> {
    const tokens = Array.from(ids, (id) => (id < end ? this.#tokens.get(id) : undefined));
    const missing = [...tokens.keys()].filter((i) => tokens[i] === undefined);
    if (missing.length === 0) return tokens;
    const found = await this.#vocabulary.tokens(
      missing.map((i) => ids[i]),
      end,
    );
    for (const [j, i] of missing.entries()) {
      const token = found[j];
      tokens[i] = token;
      if (token !== undefined && token.length <= maxLength) this.#tokens.set(ids[i], token);
    }
    return tokens;
  }

  countsOfCounts(head: Head, adjusted = false): Promise<CountsOfCounts> {
    const kind = adjusted ? 'continuations' : 'occurrences';
    return this.#at(head, kind, () => this.#readCountsOfCounts(head, kind));
  }

  /** The parts of the token stream. */
  extents(head: Head): Promise<Extent[]> {
    const { postgres } = this.#databases;
    return this.#at(head, 'extents', () => new Documents(postgres, head.id, head.revision).extents());
  }

  /** The value of a revision: the last one, or a new one. One that could not be read is read again. */
  #at<T>({ revision }: Head, name: string, read: () => Promise<T>): Promise<T> {
    const last = this.#ofRevision.get(name) as OfRevision<T> | undefined;
    if (last?.revision === revision) return last.value;
    const next = { revision, value: read() };
    this.#ofRevision.set(name, next);
    next.value.catch(() => {
      if (this.#ofRevision.get(name) === next) this.#ofRevision.delete(name);
    });
    return next.value;
  }

  async #readCountsOfCounts(head: Head, kind: Kind): Promise<CountsOfCounts> {
    const { id, revision } = head;
    const { postgres, clickhouse } = this.#databases;
    const kept = await keptStatistics<CountsOfCounts>(postgres, id, revision, kind);
    if (kept !== undefined) return kept;
    const counted = await countCounts(postgres, clickhouse, head, kind);
    await keepStatistics(postgres, id, revision, kind, counted);
    return counted;
  }
}
