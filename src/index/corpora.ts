import { LRUCache } from 'lru-cache';
import { NgramdError } from '../errors.ts';
import type { CorpusSummary } from '../store/corpus.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { isLongToOpen } from '../store/sqlite/database.ts';
import type { CountIndex, TokenId } from './count-index.ts';
import type { RankingMemory } from './ranking.ts';
import type { CountTrie } from './resident/count-trie.ts';
import type { ResidentIndex } from './resident/resident-index.ts';
import type { ResidentIndexes } from './resident/resident-indexes.ts';
import { StoreIndex } from './store-index.ts';
import { TokenMemory, type TokenPages } from './token-stream.ts';

/** How many corpus files are kept open. */
const maxOpen = 100;

/** A corpus, open for reading. */
export interface Corpus {
  readonly name: string;
  readonly path: string;
  readonly reader: CorpusReader;
  readonly index: CountIndex;
  readonly tokens: Tokens;
}

/** A corpus as its file is. */
interface OpenCorpus extends Corpus {
  readonly index: StoreIndex;
}

/** Which counts a question needs. */
export interface Needs {
  /** Whether it reads adjusted counts, which only an index in memory has. */
  readonly adjusted: boolean;
  /** The version from which on the corpus may answer, which its file has reached; any where it is left out. */
  readonly minVersion?: number | undefined;
}

/** The tokens of a corpus and their ids. */
export interface Tokens {
  /** The id of a token, undefined where the corpus has never had it. */
  tokenId(token: string): TokenId | undefined;
  token(id: TokenId): string;
}

/** The corpora of a data folder, opened when they are asked for and closed when others are asked for more. */
export class Corpora {
  readonly #directory: CorpusDirectory;
  readonly #indexes: ResidentIndexes;
  readonly #streams = new TokenMemory();
  readonly #rankings: RankingMemory;
  readonly #open = new LRUCache<string, OpenCorpus>({
    max: maxOpen,
    dispose: ({ reader, index }) => {
      index.release();
      reader.close();
      this.#streams.release(reader);
    },
  });

  /** `rankings` keeps the ranked lists of all corpora. */
  constructor(directory: CorpusDirectory, indexes: ResidentIndexes, rankings: RankingMemory) {
    this.#directory = directory;
    this.#indexes = indexes;
    this.#rankings = rankings;
  }

  names(): string[] {
    return this.#directory.names();
  }

  /** Where the file of a corpus is or would be. */
  path(name: string): string {
    return this.#directory.path(name);
  }

  /**
   * Opens the file of a corpus where that takes no time; false where it has to be migrated, has a long log, or is locked by
   * another process: a thread should open it first.
   */
  opensAtOnce(name: string): boolean {
    if (this.#open.peek(name)?.reader.isInPlace()) return true;
    try {
      if (isLongToOpen(this.#directory.path(name))) return false;
      this.#get(name);
    } catch (error) {
      // Of anything else, who asks is told.
      return !(error instanceof NgramdError && error.code === 'corpus-busy');
    }
    return true;
  }

  /** The size of a corpus whose file is open; undefined where it is not, and opening it would take time. */
  summaryIfOpen(name: string): CorpusSummary | undefined {
    if (!this.#open.peek(name)?.reader.isInPlace()) return undefined;
    return this.read(name, ({ reader }) => reader.summary());
  }

  /** What is in memory of the token stream of a corpus, in a snapshot of it. */
  pagesOf({ reader }: Corpus): TokenPages {
    return this.#streams.pagesOf(reader, reader.version, reader.summary().tokens);
  }

  /** The names of the corpora whose files were damaged and have been set aside. */
  damaged(): string[] {
    return this.#directory.damaged();
  }

  /**
   * The error to answer with: where it is about a damaged file, the file is set aside, and the error says where it is.
   * Any other error comes back as it is.
   */
  settle(error: unknown): unknown {
    if (!(error instanceof NgramdError) || error.corpus === undefined) return error;
    const { name, id } = error.corpus;
    this.#directory.setAside(
      { path: this.#directory.path(name), inode: Number.parseInt(id, 10) },
      error.message,
    );
    this.close(name);
    return this.#directory.missing(name);
  }

  /**
   * Answers a question about one corpus from one state of its file.
   * Throws `corpus-not-found`, `corpus-damaged`, and what opening its file can throw.
   */
  read<T>(name: string, question: (corpus: OpenCorpus) => T): T {
    try {
      const corpus = this.#get(name);
      return corpus.reader.snapshot(() => question(corpus));
    } catch (error) {
      throw this.settle(error);
    }
  }

  /** As `read`, with the index in memory where there is one of the same state. */
  readIndexed<T>(name: string, question: (corpus: Corpus) => T): T {
    return this.read(name, (corpus) => {
      const index = this.#current(corpus);
      return question(index === undefined ? corpus : { ...corpus, index, tokens: index });
    });
  }

  /**
   * As `read`, with the fastest index that there is, which takes no look at the file where it is in memory. Where adjusted
   * counts are needed that is the newest index in memory, while a newer one is built for the questions to come; it is
   * waited for where there is none yet, or none that is new enough. Throws also `index-not-ready` and `index-too-large`.
   */
  async ask<T>(name: string, needs: Needs, question: (corpus: Corpus) => T): Promise<T> {
    if (needs.minVersion !== undefined) this.changed(name);
    const { asked, ready } = this.#look(name);
    if (ready !== undefined) return question({ ...asked, index: ready, tokens: ready });
    if (!needs.adjusted) return this.readIndexed(name, question);
    const { corpus, index } = await this.#adjusted(name, needs);
    return question({ ...corpus, index, tokens: index });
  }

  /** Whether a corpus that was asked is still there, and still at this version. */
  isCurrent({ name, reader }: Pick<Corpus, 'name' | 'reader'>, version: number): boolean {
    if (this.#open.get(name)?.reader !== reader || !reader.isInPlace()) return false;
    try {
      return reader.latestVersion() === version;
    } catch (error) {
      throw this.settle(error);
    }
  }

  /** Where the counts of a corpus are, for another thread. Waits and throws as `ask`. */
  async counts(name: string, needs: Needs): Promise<{ path: string; trie: CountTrie | undefined }> {
    const index = needs.adjusted
      ? (await this.#adjusted(name, needs)).index
      : this.read(name, (corpus) => this.#current(corpus));
    return { path: this.#directory.path(name), trie: index?.trie };
  }

  /** Says that a corpus has been changed. */
  changed(name: string): void {
    this.#open.peek(name)?.reader.expectChange();
  }

  /** Lets go of a corpus's file. */
  close(name: string): void {
    this.#open.delete(name);
    this.#indexes.forget(this.#directory.path(name));
  }

  async closeAll(): Promise<void> {
    this.#open.clear();
    await this.#indexes.close();
  }

  /** A corpus with the index of its version, where that is ready. */
  #look(name: string): { asked: OpenCorpus; ready: ResidentIndex | undefined } {
    try {
      const asked = this.#get(name);
      return { asked, ready: this.#indexes.ready(asked.reader, asked.reader.latestVersion()) };
    } catch (error) {
      throw this.settle(error);
    }
  }

  /** The index of the corpus's version, where that is ready; else it is built for the questions to come. */
  #current({ reader }: Corpus): ResidentIndex | undefined {
    const ready = this.#indexes.ready(reader, reader.version);
    if (ready === undefined) this.#indexes.prepare(reader, reader.summary());
    return ready;
  }

  /** A corpus with the newest index in memory, as `ask` has it where adjusted counts are needed. */
  async #adjusted(
    name: string,
    { minVersion = 1 }: Needs,
  ): Promise<{ corpus: OpenCorpus; index: ResidentIndex }> {
    for (;;) {
      const { corpus, summary, newest } = this.read(name, (corpus) => ({
        corpus,
        summary: corpus.reader.summary(),
        newest: this.#indexes.newest(corpus.reader, corpus.reader.version),
      }));
      try {
        if (newest !== undefined && newest.totals.version >= minVersion) {
          if (newest.totals.version < summary.version) this.#indexes.renew(corpus.reader, summary);
          return { corpus, index: newest };
        }
        const index = await this.#indexes.atLeast(corpus.reader, summary, minVersion);
        // Meanwhile another corpus can have got the name.
        if (index !== undefined && this.#open.peek(name) === corpus) return { corpus, index };
      } catch (error) {
        throw this.settle(error);
      }
    }
  }

  #get(name: string): OpenCorpus {
    const known = this.#open.get(name);
    if (known?.reader.isInPlace()) return known;
    if (known !== undefined) this.close(name);
    if (!this.#directory.has(name)) throw this.#directory.missing(name);
    const path = this.#directory.path(name);
    const reader = new CorpusReader(path);
    const corpus = { name, path, reader, index: new StoreIndex(reader, this.#rankings), tokens: reader };
    this.#open.set(name, corpus);
    return corpus;
  }
}
