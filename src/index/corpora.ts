import { LRUCache } from 'lru-cache';
import { NgramdError } from '../errors.ts';
import type { CorpusDirectory } from '../store/sqlite/corpus-directory.ts';
import { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { StoreIndex } from './store-index.ts';

/** How many corpus files are kept open. */
const maxOpen = 100;

/** A corpus, open for reading. */
export interface Corpus {
  readonly name: string;
  readonly reader: CorpusReader;
  readonly index: StoreIndex;
}

/** The corpora of a data folder, opened when they are asked for and closed when others are asked for more. */
export class Corpora {
  readonly #directory: CorpusDirectory;
  readonly #open = new LRUCache<string, Corpus>({
    max: maxOpen,
    dispose: ({ reader }) => reader.close(),
  });

  constructor(directory: CorpusDirectory) {
    this.#directory = directory;
  }

  names(): string[] {
    return this.#directory.names();
  }

  /**
   * Answers a question about one corpus from one state of it.
   * Throws `corpus-not-found`, and what opening its file can throw.
   */
  read<T>(name: string, question: (corpus: Corpus) => T): T {
    const corpus = this.#get(name);
    return corpus.reader.snapshot(() => question(corpus));
  }

  /** Lets go of a corpus's file. */
  close(name: string): void {
    this.#open.delete(name);
  }

  closeAll(): void {
    this.#open.clear();
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
