import { LRUCache } from 'lru-cache';
import type { Snapshot, TokenId } from '../store/store.ts';
import { requireText } from './kinds.ts';
import { lastWhere } from './search.ts';
import { type TokenBlock, type TokenPages, TokenStream, tokenBlocks } from './token-stream.ts';

/** How many documents are read at a time. */
const documentsAtATime = 1000;

/** The documents of a corpus and their places in its token stream, in its order. */
export interface DocumentPlaces {
  readonly ids: readonly string[];
  /** When each was written, as a year, a month or a day; undefined where it is not known. */
  readonly dates: readonly (string | undefined)[];
  /** The position of the first token of each document, and the length of the stream. */
  readonly starts: Float64Array;
}

/** The documents of the corpora that this thread has read last, by corpus and version. */
const known = new LRUCache<string, DocumentPlaces>({ max: 2 });

/** The text of a corpus at one version: its tokens and its documents. */
export class CorpusText {
  readonly snapshot: Snapshot;
  readonly documents: DocumentPlaces;
  readonly #pages: TokenPages | undefined;
  readonly #pagesOfBlock: number | undefined;

  private constructor(
    snapshot: Snapshot,
    documents: DocumentPlaces,
    pages: TokenPages | undefined,
    pagesOfBlock: number | undefined,
  ) {
    this.snapshot = snapshot;
    this.documents = documents;
    this.#pages = pages;
    this.#pagesOfBlock = pagesOfBlock;
  }

  /** The text of a snapshot. Tokens are read from `pages`, as far as these are of its version. Throws `no-text`. */
  static async of(
    snapshot: Snapshot,
    pages: TokenPages | undefined,
    pagesOfBlock?: number,
  ): Promise<CorpusText> {
    requireText(snapshot.settings);
    const key = `${snapshot.ref.id} ${snapshot.version}`;
    const documents = known.get(key) ?? (await readPlaces(snapshot));
    known.set(key, documents);
    return new CorpusText(snapshot, documents, pages, pagesOfBlock);
  }

  /** The number of tokens. */
  get length(): number {
    const { starts } = this.documents;
    return starts[starts.length - 1];
  }

  /** All tokens, as `tokenBlocks` returns them. */
  blocks(overlap: number): AsyncIterable<TokenBlock> {
    return tokenBlocks(this.snapshot, this.length, this.#pages, overlap, this.#pagesOfBlock);
  }

  /** The `length` tokens from each of these positions on, as far as they exist. */
  async passages(positions: readonly number[], length: number): Promise<TokenId[][]> {
    const stream = new TokenStream(this.snapshot, this.length, this.#pages);
    await stream.load(positions, length);
    const passage = new Int32Array(length);
    return positions.map((position) => {
      const copied = Math.min(length, this.length - position);
      stream.copy(position, copied, passage, 0);
      return [...passage.subarray(0, copied)];
    });
  }

  /** The number, in `documents`, of the document that has the token at a position. */
  documentAt(position: number): number {
    const { starts } = this.documents;
    return lastWhere(0, starts.length - 1, (i) => starts[i] <= position);
  }
}

async function readPlaces(snapshot: Snapshot): Promise<DocumentPlaces> {
  const ids: string[] = [];
  const dates: (string | undefined)[] = [];
  const starts: number[] = [];
  let next = 0;
  for (let after = 0; ; ) {
    const documents = await snapshot.documents(after, documentsAtATime);
    for (const { id, date, tokens } of documents) {
      ids.push(id);
      dates.push(date);
      starts.push(next);
      next += tokens;
    }
    if (documents.length < documentsAtATime) {
      return { ids, dates, starts: Float64Array.from([...starts, next]) };
    }
    after = documents[documents.length - 1].ordinal;
  }
}
