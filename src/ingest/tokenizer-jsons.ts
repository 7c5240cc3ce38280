import { LRUCache } from 'lru-cache';
import { hasTokenizerJson, readTokenizerJson } from '../index/tokenizer-json.ts';
import type { StoredCorpus } from '../store/store.ts';
import { definitionOf } from '../text/tokenizer.ts';

/** The most bytes of files that are kept. */
const maxBytes = 64 * 2 ** 20;

/** A tokenizer.json in memory that threads share. */
export interface SharedTokenizerJson {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly json: Uint8Array;
}

/** The tokenizer.json files by which texts were tokenized last. */
export class TokenizerJsons {
  readonly #kept = new LRUCache<string, SharedTokenizerJson>({
    maxSize: maxBytes,
    sizeCalculation: ({ json }) => json.length,
  });

  /** That of a corpus; undefined if it has none. Throws `corpus-damaged`. */
  async of(corpus: StoredCorpus): Promise<SharedTokenizerJson | undefined> {
    const sha256 = definitionOf(corpus.settings)?.sha256;
    if (sha256 === undefined || !hasTokenizerJson(corpus.settings)) return undefined;
    const known = this.#kept.get(sha256);
    if (known !== undefined) return known;
    const read = await corpus.read(readTokenizerJson);
    const json = new Uint8Array(new SharedArrayBuffer(read.length));
    json.set(read);
    this.#kept.set(sha256, { sha256, json });
    return { sha256, json };
  }
}
