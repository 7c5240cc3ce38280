import { LRUCache } from 'lru-cache';
import { isProblem, NgramdError } from '../errors.ts';
import type {
  CorpusRef,
  CorpusSettings,
  MixedCorpus,
  MixtureContent,
  Snapshot,
  Store,
  StoredCorpus,
} from '../store/store.ts';
import type { ArpaIndex } from './arpa/arpa-index.ts';
import {
  type AnyCorpus,
  arpaCorpus,
  type Corpus,
  type CorpusAddress,
  corpusOf,
  type MemoryIndex,
  mixtureCorpus,
  readerOf,
  residentCorpus,
} from './corpus.ts';
import { hasCounts, kindOf, requireCounts, requireText } from './kinds.ts';
import type { RankingMemory } from './ranking.ts';
import type { ResidentIndexes } from './resident/resident-indexes.ts';
import { differingSetting } from './same-tokens.ts';
import { StoreCounts } from './store-source.ts';
import { TokenMemory, type TokenPages } from './token-stream.ts';

/** The number of corpora whose counts are cached. */
const maxKnown = 100;

/** The counts that a question needs. */
export interface Needs {
  /** Whether it reads adjusted counts, which an index in memory has, and some stores. */
  readonly adjusted: boolean;
  /** The lowest version that may answer, which the corpus has reached; any if omitted. */
  readonly minVersion?: number | undefined;
  /** Whether it reads a trie that has all counts, and no index that is extended, if there can be one. */
  readonly whole?: boolean;
  /** Whether this index has to be in memory although the store has adjusted counts. */
  readonly inMemory?: boolean;
  /** What a mixture needs of one of its parts; adjusted counts if omitted. */
  readonly ofPart?: (part: MixedCorpus) => Needs;
}

/** Thrown by a question that is only answered in a thread, with what it is asked of. */
export class NeedsThread extends Error {
  override readonly name = 'NeedsThread';
  readonly address: CorpusAddress;

  constructor(address: CorpusAddress) {
    super('The question is answered in a thread.');
    this.address = address;
  }
}

/** The corpora of a store, with the indexes in memory. */
export class Corpora {
  readonly store: Store;
  readonly #indexes: ResidentIndexes;
  readonly #rankings: RankingMemory;
  readonly #streams = new TokenMemory();
  /** The corpora that were opened, by name. */
  readonly #known = new LRUCache<string, StoredCorpus>({ max: maxKnown });
  /** The cached counts, by id. */
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

  /** Opens a corpus. Throws the errors of `Store.open`. */
  async open(name: string): Promise<StoredCorpus> {
    try {
      return await this.#open(name);
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** Runs a question on a snapshot of a corpus. Throws the errors of `Store.open` and `StoredCorpus.read`. */
  async read<T>(name: string, question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    try {
      return await (await this.#open(name)).read(question);
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /**
   * Asks a question of a corpus with the fastest counts available: those in memory are read without reading the corpus.
   * If adjusted counts are needed, the newest index in memory answers while a newer one is built for later questions;
   * the question waits only if no index is new enough. Also throws `index-not-ready` and `index-too-large`. If
   * everything is in memory, the answer is returned at once. Throws `no-counts` for a corpus without counts.
   */
  ask<T>(name: string, needs: Needs, question: (corpus: Corpus) => T | Promise<T>): T | Promise<T> {
    return this.#ask(name, needs, question as (corpus: AnyCorpus) => T | Promise<T>, requireCounts);
  }

  /**
   * As `ask`, of the model of a corpus of any kind. Throws `NeedsThread` for a mixture whose parts are not all in
   * memory.
   */
  askModel<T>(name: string, needs: Needs, question: (corpus: AnyCorpus) => T | Promise<T>): T | Promise<T> {
    return this.#ask(name, needs, question, () => {});
  }

  /** `check` throws an error for a corpus that cannot be asked this, before anything is read into memory. */
  #ask<T>(
    name: string,
    needs: Needs,
    question: (corpus: AnyCorpus) => T | Promise<T>,
    check: (settings: CorpusSettings) => void,
  ): T | Promise<T> {
    try {
      const ready = needs.minVersion === undefined ? this.#readyNow(name) : undefined;
      if (ready === undefined) return this.#askLater(name, needs, question, check);
      check(ready.settings);
      const answer = question(ready);
      return answer instanceof Promise ? answer.catch((error) => this.#fail(error)) : answer;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** What the ARPA file of a corpus lists. Throws what `ResidentIndexes.load` throws. */
  async #listed(stored: StoredCorpus): Promise<ArpaIndex> {
    const { ref } = stored;
    const ready = this.#indexes.listed(ref);
    if (ready !== undefined) return ready;
    const index = await this.#indexes.load(ref, await stored.read((snapshot) => snapshot.summary()));
    if (index.table.corpus === ref.id) return index;
    throw new NgramdError('corpus-not-found', 'The corpus was deleted or replaced.');
  }

  async #fail(error: unknown): Promise<never> {
    throw await this.settle(error);
  }

  /** A corpus with an index of its newest version, if that is known without waiting. */
  #readyNow(name: string): AnyCorpus | undefined {
    const stored = this.#openedNow(name);
    if (stored === undefined) return undefined;
    if (kindOf(stored.settings) === 'mixture') return this.#mixtureNow(stored);
    return this.#unmixedNow(stored);
  }

  #openedNow(name: string): StoredCorpus | undefined {
    const stored = this.store.opened(name);
    return stored === this.#known.get(name) ? stored : undefined;
  }

  /** A mixture, as `#readyNow`. */
  #mixtureNow(stored: StoredCorpus): AnyCorpus | undefined {
    const { ref, settings } = stored;
    const version = stored.versionNow();
    if (version === undefined) return undefined;
    const parts: AnyCorpus[] = [];
    for (const part of (settings.content as MixtureContent).parts) {
      const own = this.#openedNow(part.corpus);
      if (own === undefined || misfit(settings, part, own.settings) !== undefined) return undefined;
      const ready = this.#unmixedNow(own);
      if (ready === undefined) return undefined;
      parts.push(ready);
    }
    return mixtureCorpus(ref, { settings, version }, parts, readerOf(stored));
  }

  /** A corpus that is no mixture, as `#readyNow`. */
  #unmixedNow(stored: StoredCorpus): AnyCorpus | undefined {
    if (!hasCounts(stored.settings)) {
      const listed = this.#indexes.listed(stored.ref);
      return listed && arpaCorpus(stored.ref, listed, readerOf(stored));
    }
    const version = stored.versionNow();
    const index = version === undefined ? undefined : this.#indexes.ready(stored.ref, version);
    return index && residentCorpus(stored, index, readerOf(stored));
  }

  async #askLater<T>(
    name: string,
    needs: Needs,
    question: (corpus: AnyCorpus) => T | Promise<T>,
    check: (settings: CorpusSettings) => void,
  ): Promise<T> {
    try {
      const stored = await this.#open(name);
      check(stored.settings);
      if (kindOf(stored.settings) === 'mixture') {
        throw new NeedsThread(await this.#mixtureAddress(stored, needs));
      }
      if (!hasCounts(stored.settings)) {
        return await question(arpaCorpus(stored.ref, await this.#listed(stored), readerOf(stored)));
      }
      if (needs.minVersion !== undefined) stored.expectChange();
      const ready = this.#indexes.ready(stored.ref, await stored.version());
      if (ready !== undefined) return await question(residentCorpus(stored, ready, readerOf(stored)));
      if (!this.#needsIndex(needs)) return await this.#readIndexed(stored, question);
      const { corpus, index } = await this.#adjusted(name, needs);
      return await question(residentCorpus(corpus, index, readerOf(corpus)));
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** Like `read`, for a corpus with counts. Also throws `no-counts`. */
  async readCounted<T>(name: string, question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return this.read(name, async (snapshot) => {
      requireCounts(snapshot.settings);
      return question(snapshot);
    });
  }

  /** Like `readCounted`, with counts of the snapshot's version. */
  async readIndexed<T>(name: string, question: (corpus: Corpus) => T | Promise<T>): Promise<T> {
    try {
      return await this.#readIndexed(await this.#openCounted(name), question);
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /**
   * The address of a corpus for another thread, with the counts that a question needs. Waits and throws like `ask`,
   * except that an index that does not fit in memory is left out if the store has adjusted counts and it need not be in
   * memory.
   */
  async address(name: string, needs: Needs): Promise<CorpusAddress> {
    try {
      const { address: store } = this.store;
      if (this.#needsIndex(needs)) {
        const found = await this.#adjustedIfItFits(name, needs);
        if (found === undefined) return { store, corpus: (await this.#openCounted(name)).ref };
        const { corpus, index } = found;
        return { store, corpus: corpus.ref, trie: index.trie, extended: index.extended };
      }
      return await (await this.#openCounted(name)).read(async (snapshot) => {
        const index = await this.#current(snapshot);
        return { store, corpus: snapshot.ref, trie: index?.trie, extended: index?.extended };
      });
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** As `address`, of the model of a corpus of any kind. */
  async modelAddress(name: string, needs: Needs): Promise<CorpusAddress> {
    const stored = await this.open(name);
    if (hasCounts(stored.settings)) return this.address(name, needs);
    if (kindOf(stored.settings) === 'mixture') return this.#mixtureAddress(stored, needs);
    try {
      const { table } = await this.#listed(stored);
      return { store: this.store.address, corpus: stored.ref, table };
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** The address of a mixture, with those of its parts at their newest versions. Throws `part-missing`. */
  async #mixtureAddress(stored: StoredCorpus, { ofPart }: Needs): Promise<CorpusAddress> {
    const { ref, settings } = stored;
    const { parts } = settings.content as MixtureContent;
    const addresses = parts.map(async (part) => {
      await this.#checkPart(stored, part);
      return this.modelAddress(part.corpus, ofPart?.(part) ?? { adjusted: true });
    });
    const mixture = { settings, version: await stored.version(), parts: await Promise.all(addresses) };
    return { store: this.store.address, corpus: ref, mixture };
  }

  /** Throws `part-missing` for a part that no longer exists, or has become another corpus, which cannot be mixed. */
  async #checkPart({ ref, settings }: StoredCorpus, mixed: MixedCorpus): Promise<void> {
    const { corpus } = mixed;
    const missing = (why: string) =>
      new NgramdError(
        'part-missing',
        `The mixture ${ref.name} needs the corpus ${corpus}, ${why}: create it again, or delete the mixture.`,
      );
    let part: CorpusSettings;
    try {
      part = (await this.open(corpus)).settings;
    } catch (error) {
      throw isProblem(error, 'corpus-not-found') ? missing('which does not exist any more') : error;
    }
    const why = misfit(settings, mixed, part);
    if (why !== undefined) throw missing(why);
  }

  /**
   * The address of a corpus of any kind for another thread that reads snapshots of it, with its counts if they are in
   * memory.
   */
  async snapshotAddress(name: string): Promise<CorpusAddress> {
    const { ref, settings } = await this.open(name);
    if (hasCounts(settings)) return this.address(name, { adjusted: false });
    return { store: this.store.address, corpus: ref };
  }

  /** The address of a corpus for another thread that reads its text. Throws the errors of `readCounted`. */
  async textAddress(name: string): Promise<CorpusAddress> {
    const tokens = await this.newestPages(name);
    const { ref } = await this.open(name);
    return { store: this.store.address, corpus: ref, tokens };
  }

  /** Whether the counts must be in memory. */
  #needsIndex({ adjusted, whole = false }: Needs): boolean {
    return whole || (adjusted && !this.store.hasAdjustedCounts);
  }

  /** Whether a corpus still exists and is still at this version. */
  isCurrent(corpus: CorpusRef, version: number): boolean | Promise<boolean> {
    try {
      const now = this.store.opened(corpus.name);
      const newest = now?.ref.id === corpus.id ? now.versionNow() : undefined;
      return newest === undefined ? this.#isCurrent(corpus, version) : newest === version;
    } catch {
      // The question itself reports what is wrong.
      return false;
    }
  }

  async #isCurrent({ name, id }: CorpusRef, version: number): Promise<boolean> {
    try {
      const stored = await this.#open(name);
      return stored.ref.id === id && (await stored.version()) === version;
    } catch {
      return false;
    }
  }

  /** Whether a corpus is open: its questions need not wait for it to be migrated or recovered. */
  isOpen(name: string): boolean {
    return this.#known.has(name);
  }

  /** The pages of a corpus's token stream in memory, at the version of its counts. */
  pagesOf({ ref, counts: { totals } }: Corpus): TokenPages {
    return this.#streams.pagesOf(ref.id, totals.version, totals.tokens);
  }

  /** The pages of a corpus's token stream at its newest version. Throws the errors of `readCounted`. */
  async newestPages(name: string): Promise<TokenPages> {
    try {
      const stored = await this.#open(name);
      requireText(stored.settings);
      const known = this.#streams.known(stored.ref.id, await stored.version());
      if (known !== undefined) return known;
      return await stored.read(async (snapshot) => {
        const { tokens } = await snapshot.summary();
        return this.#streams.pagesOf(snapshot.ref.id, snapshot.version, tokens);
      });
    } catch (error) {
      throw await this.settle(error);
    }
  }

  /** Call after a corpus has been changed. */
  changed(name: string): void {
    this.#known.peek(name)?.expectChange();
  }

  /** Drops everything in memory about a corpus that has been deleted. */
  forget(name: string): void {
    const known = this.#known.peek(name);
    if (known !== undefined) this.#forget(known.ref);
  }

  /** Like `Store.settle`. */
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

  async #openCounted(name: string): Promise<StoredCorpus> {
    const stored = await this.#open(name);
    requireCounts(stored.settings);
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

  /** The index of a snapshot's version, if it is ready; otherwise starts preparing it for later questions. */
  async #current(snapshot: Snapshot): Promise<MemoryIndex | undefined> {
    const ready = this.#indexes.ready(snapshot.ref, snapshot.version);
    if (ready === undefined) this.#indexes.prepare(snapshot.ref, await snapshot.summary());
    return ready;
  }

  /** As `#adjusted`; undefined if the index does not fit in memory and the store has adjusted counts. */
  async #adjustedIfItFits(name: string, needs: Needs) {
    try {
      return await this.#adjusted(name, needs);
    } catch (error) {
      const canDoWithout = this.store.hasAdjustedCounts && needs.inMemory !== true;
      if (isProblem(error, 'index-too-large') && canDoWithout) return undefined;
      throw error;
    }
  }

  /** A corpus with the newest index in memory, as `ask` uses it if adjusted counts are needed. */
  async #adjusted(
    name: string,
    { minVersion = 1, whole = false }: Needs,
  ): Promise<{ corpus: StoredCorpus; index: MemoryIndex }> {
    for (;;) {
      const corpus = await this.#openCounted(name);
      const summary = await corpus.read((snapshot) => snapshot.summary());
      const { ref } = corpus;
      const { version } = summary;
      const newest = whole ? this.#indexes.newestWhole(ref, version) : this.#indexes.newest(ref, version);
      if (newest !== undefined && newest.totals.version >= minVersion) {
        if (newest.totals.version < version) this.#indexes.renew(ref, summary, whole);
        return { corpus, index: newest };
      }
      const index = await this.#indexes.atLeast(ref, summary, minVersion, whole);
      // The name may have been given to another corpus meanwhile.
      const isSame = (await this.#open(name)).ref.id === ref.id;
      if (index !== undefined && isSame) return { corpus, index };
    }
  }
}

/**
 * Why a corpus cannot be a part of a mixture with these settings, though one of its name could; undefined if it can.
 */
function misfit(settings: CorpusSettings, { order }: MixedCorpus, part: CorpusSettings): string | undefined {
  if (kindOf(part) === 'mixture') return 'which is a mixture itself now';
  const differing = differingSetting(settings, part);
  if (differing !== undefined) return `which has another ${differing} now`;
  if ((order ?? 0) > part.order) return `which has no n-grams of order ${order} any more`;
  return undefined;
}
