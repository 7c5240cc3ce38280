import { LRUCache } from 'lru-cache';
import { NgramdError } from '../errors.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import type { CountIndex } from './count-index.ts';
import type { CountTrie } from './resident/count-trie.ts';
import type { ResidentIndex } from './resident/resident-index.ts';
import type { ResidentIndexes } from './resident/resident-indexes.ts';
import { StoreIndex } from './store-index.ts';

/** How many corpus files are kept open. */
const maxOpen = 100;

/** A corpus, open for reading. */
export interface Corpus {
  readonly name: string;
  readonly reader: CorpusReader;
  readonly index: CountIndex;
}

/** The corpora of a data folder, opened when they are asked for and closed when others are asked for more. */
export class Corpora {
  readonly #directory: CorpusDirectory;
  readonly #indexes: ResidentIndexes;
  readonly #open = new LRUCache<string, Corpus>({
    max: maxOpen,
    dispose: ({ reader }) => reader.close(),
  });

  constructor(directory: CorpusDirectory, indexes: ResidentIndexes) {
    this.#directory = directory;
    this.#indexes = indexes;
  }

  names(): string[] {
    return this.#directory.names();
  }

  /**
   * Answers a question about one corpus from one state of its file.
   * Throws `corpus-not-found`, and what opening its file can throw.
   */
  read<T>(name: string, question: (corpus: Corpus) => T): T {
    const corpus = this.#get(name);
    return corpus.reader.snapshot(() => question(corpus));
  }

  /**
   * As `read`, with the fastest index that there is. One that has adjusted counts is waited for where they are needed;
   * its version is the file's or, where the corpus changes meanwhile, one that the file had since the call.
   * Throws also `index-not-ready` and `index-too-large`.
   */
  async ask<T>(name: string, needsAdjusted: boolean, question: (corpus: Corpus) => T): Promise<T> {
    if (!needsAdjusted) {
      return this.read(name, (corpus) =>
        question({ ...corpus, index: this.#current(corpus) ?? corpus.index }),
      );
    }
    const asked = this.#get(name);
    const index = await this.#resident(name);
    // Meanwhile another corpus can have got the name.
    if (this.#open.peek(name) !== asked) return this.ask(name, needsAdjusted, question);
    return this.read(name, (corpus) => question({ ...corpus, index }));
  }

  /** Where the counts of a corpus are, for another thread. Waits and throws as `ask`. */
  async counts(name: string, needsAdjusted: boolean): Promise<{ path: string; trie: CountTrie | undefined }> {
    const index = needsAdjusted
      ? await this.#resident(name)
      : this.read(name, (corpus) => this.#current(corpus));
    return { path: this.#directory.path(name), trie: index?.trie };
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

  #current({ name, reader }: Corpus): ResidentIndex | undefined {
    return this.#indexes.current(this.#directory.path(name), reader.summary());
  }

  #resident(name: string): Promise<ResidentIndex> {
    const summary = this.read(name, ({ reader }) => reader.summary());
    return this.#indexes.atLeast(this.#directory.path(name), summary);
  }

  #get(name: string): Corpus {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    if (!this.#directory.has(name)) {
      throw new NgramdError('corpus-not-found', `There is no corpus named ${JSON.stringify(name)}.`);
    }
    const reader = new CorpusReader(this.#directory.path(name));
    const corpus = { name, reader, index: new StoreIndex(reader) };
    this.#open.set(name, corpus);
    return corpus;
  }
}
