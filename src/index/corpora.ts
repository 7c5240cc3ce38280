import { LRUCache } from 'lru-cache';
import { NgramdError } from '../errors.ts';
import type { CorpusRef, Snapshot, Store, StoredCorpus } from '../store/store.ts';
import { type Corpus, type CorpusAddress, corpusOf, readerOf, residentCorpus } from './corpus.ts';
import type { RankingMemory } from './ranking.ts';
import type { ResidentIndex } from './resident/resident-index.ts';
import type { ResidentIndexes } from './resident/resident-indexes.ts';
import { StoreCounts } from './store-source.ts';
import { TokenMemory, type TokenPages } from './token-stream.ts';

/** Of how many corpora it is remembered what was read of them. */
const maxKnown = 100;

/** Which counts a question needs. */
export interface Needs {
  /** Whether it reads adjusted counts, which only an index in memory has. */
  readonly adjusted: boolean;
  /** The version from which on the corpus may answer, which it has reached; any where it is left out. */
  readonly minVersion?: number | undefined;
}

/** The corpora of a store, with the indexes in memory. */
export class Corpora {
  readonly store: Store;
  readonly #indexes: ResidentIndexes;
  readonly #rankings: RankingMemory;
  readonly #streams = new TokenMemory();
  /** The corpora that were opened, by name. */
  readonly #known = new LRUCache<string, StoredCorpus>({ max: maxKnown });
  /** What is remembered of their counts, by id. */
  readonly #counts = new LRUCache<string, StoreCounts>({
    max: maxKnown,
    dispose: (counts) => counts.release(),
  });

  /** `rankings` keeps the ranked lists of all corpora. */
  constructor(store: Store, indexes: ResidentIndexes, rankings: RankingMemory) {
    this.store = store;
    this.#indexes = indexes;
    this.#rankings = rankings;
  }

  /** Opens a corpus. Throws what `Store.open` throws. */
  async open(name: string): Promise<StoredCorpus> {
    try {
      return await this.#open(name);
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** Asks a question of a snapshot of a corpus. Throws what `Store.open` and `StoredCorpus.read` throw. */
  async read<T>(name: string, question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    try {
      return await (await this.#open(name)).read(question);
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /**
   * Asks a question of a corpus with the fastest counts available: those in memory are read without reading the corpus. If
   * adjusted counts are needed, the newest index in memory answers while a newer one is built for later questions; the
   * question waits only if no index is new enough. Also throws `index-not-ready` and `index-too-large`.
   */
  async ask<T>(name: string, needs: Needs, question: (corpus: Corpus) => T | Promise<T>): Promise<T> {
    try {
      const stored = await this.#open(name);
      if (needs.minVersion !== undefined) stored.expectChange();
      const ready = this.#indexes.ready(stored.ref, await stored.version());
      if (ready !== undefined) return await question(residentCorpus(stored, ready, readerOf(stored)));
      if (!needs.adjusted) return await this.#readIndexed(stored, question);
      const { corpus, index } = await this.#adjusted(name, needs);
      return await question(residentCorpus(corpus, index, readerOf(corpus)));
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** As `read`, of a corpus whose counts are of the snapshot's version. */
  async readIndexed<T>(name: string, question: (corpus: Corpus) => T | Promise<T>): Promise<T> {
    try {
      return await this.#readIndexed(await this.#open(name), question);
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** A corpus for another thread, with the counts that a question needs. Waits and throws as `ask`. */
  async address(name: string, needs: Needs): Promise<CorpusAddress> {
    try {
      const { address: store } = this.store;
      if (needs.adjusted) {
        const { corpus, index } = await this.#adjusted(name, needs);
        return { store, corpus: corpus.ref, trie: index.trie };
      }
      return await (await this.#open(name)).read(async (snapshot) => {
        const index = await this.#current(snapshot);
        return { store, corpus: snapshot.ref, trie: index?.trie };
      });
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** Whether a corpus that was asked is still there, and still at this version. */
  async isCurrent({ name, id }: CorpusRef, version: number): Promise<boolean> {
    try {
      const stored = await this.#open(name);
      return stored.ref.id === id && (await stored.version()) === version;
    } catch {
      // The question itself reports what is wrong.
      return false;
    }
  }

  /** Whether a corpus is open: its questions need not wait for it to be migrated or recovered. */
  isOpen(name: string): boolean {
    return this.#known.has(name);
  }

  /** What is in memory of the token stream of a corpus, at the version of its counts. */
  pagesOf({ ref, counts: { totals } }: Corpus): TokenPages {
    return this.#streams.pagesOf(ref.id, totals.version, totals.tokens);
  }

  /** Says that a corpus has been changed. */
  changed(name: string): void {
    this.#known.peek(name)?.expectChange();
  }

  /** Forgets what is in memory of a corpus, which has been deleted. */
  forget(name: string): void {
    const known = this.#known.peek(name);
    if (known !== undefined) this.#forget(known.ref);
  }

  /** As `Store.settle`. */
  async settle(error: unknown): Promise<unknown> {
    if (error instanceof NgramdError && error.corpus !== undefined) this.forget(error.corpus.name);
    return this.store.settle(error);
  }

  async close(): Promise<void> {
    this.#counts.clear();
    await this.#indexes.close();
  }

  async #open(name: string): Promise<StoredCorpus> {
    const stored = await this.store.open(name);
    const known = this.#known.get(name);
    if (known === stored) return stored;
    // The name was given to another corpus.
    if (known !== undefined && known.ref.id !== stored.ref.id) this.#forget(known.ref);
    this.#known.set(name, stored);
    return stored;
  }

  #forget(ref: CorpusRef): void {
    this.#known.delete(ref.name);
    this.#counts.delete(ref.id);
    this.#streams.release(ref.id);
    this.#indexes.forget(ref);
  }

  #readIndexed<T>(stored: StoredCorpus, question: (corpus: Corpus) => T | Promise<T>): Promise<T> {
    return stored.read(async (snapshot) => {
      const index = await this.#current(snapshot);
      return question(await corpusOf(snapshot, this.#countsOf(snapshot.ref), index));
    });
  }

  #countsOf({ id }: CorpusRef): StoreCounts {
    const known = this.#counts.get(id);
    if (known !== undefined) return known;
    const counts = new StoreCounts(this.#rankings);
    this.#counts.set(id, counts);
    return counts;
  }

  /** The index of a snapshot's version, where that is ready; else it is built for the questions to come. */
  async #current(snapshot: Snapshot): Promise<ResidentIndex | undefined> {
    const ready = this.#indexes.ready(snapshot.ref, snapshot.version);
    if (ready === undefined) this.#indexes.prepare(snapshot.ref, await snapshot.summary());
    return ready;
  }

  /** A corpus with the newest index in memory, as `ask` has it where adjusted counts are needed. */
  async #adjusted(
    name: string,
    { minVersion = 1 }: Needs,
  ): Promise<{ corpus: StoredCorpus; index: ResidentIndex }> {
    for (;;) {
      const corpus = await this.#open(name);
      const summary = await corpus.read((snapshot) => snapshot.summary());
      const newest = this.#indexes.newest(corpus.ref, summary.version);
      if (newest !== undefined && newest.totals.version >= minVersion) {
        if (newest.totals.version < summary.version) this.#indexes.renew(corpus.ref, summary);
        return { corpus, index: newest };
      }
      const index = await this.#indexes.atLeast(corpus.ref, summary, minVersion);
      // Meanwhile another corpus can have been given the name.
      const isSame = (await this.#open(name)).ref.id === corpus.ref.id;
      if (index !== undefined && isSame) return { corpus, index };
    }
  }
}
