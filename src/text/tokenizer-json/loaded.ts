import { LRUCache } from 'lru-cache';
import { NgramdError } from '../../errors.ts';
import { type TokenList, TokenTable } from '../token-table.ts';
import { decodeUtf8 } from '../utf8.ts';
import { readTokenizerFile, type TokenizerFile, type TokenizerOutline } from './tokenizer-file.ts';

/** What the settings of a corpus say of its tokenizer.json. */
export interface TokenizerDefinition extends TokenizerOutline {
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}

/** A tokenizer that was read, with the names of its tokens. */
export interface LoadedTokenizer extends Pick<TokenizerFile, 'outline' | 'cuts' | 'tokenize'> {
  /** The names of all tokens, by id. */
  readonly names: TokenList;
  /** The id of the token that has a name; -1 if there is none. */
  find(name: string): number;
}

/**
 * The tokenizers that this thread has read and used last, by the SHA-256 of their files. One with 128,000 tokens takes
 * some 100 MB: what is not needed any more is soon read again.
 */
const loaded = new LRUCache<string, LoadedTokenizer>({ max: 2 });

/** Whether this thread has read a tokenizer; if so, it is not among those that are dropped first. */
export function isLoaded({ sha256 }: TokenizerDefinition): boolean {
  return loaded.get(sha256) !== undefined;
}

/** Reads a tokenizer.json for this thread. Throws `invalid-request` if it is not one, or has unknown parts. */
export function loadTokenizer(sha256: string, json: Uint8Array): LoadedTokenizer {
  const known = loaded.get(sha256);
  if (known !== undefined) return known;
  const { outline, names, cuts, tokenize } = readTokenizerFile(decodeUtf8(json, 0, json.length));
  const table = new TokenTable();
  for (const name of names) {
    const bytes = Buffer.from(name);
    table.intern(bytes, 0, bytes.length);
  }
  const find = (name: string) => table.findText(name);
  const { size, bytes, ends } = table.share();
  const tokenizer = { outline, cuts, tokenize, find, names: { size, bytes, ends } };
  loaded.set(sha256, tokenizer);
  return tokenizer;
}

/** A tokenizer that this thread has read. A caller that has a thread tokenize has it read this first. */
export function loadedTokenizer({ sha256 }: TokenizerDefinition): LoadedTokenizer {
  const tokenizer = loaded.get(sha256);
  if (tokenizer !== undefined) return tokenizer;
  throw new NgramdError('unavailable', `The tokenizer ${sha256} is not in memory. Try again.`);
}
