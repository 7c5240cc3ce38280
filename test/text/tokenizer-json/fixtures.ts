import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { QuerySettings } from '../../../src/text/reserved.ts';
import { loadTokenizer, type TokenizerDefinition } from '../../../src/text/tokenizer-json/loaded.ts';

const folder = new URL('files/', import.meta.url);

/**
 * Small tokenizers that were trained with the library `tokenizers` 0.23.2 for Python. `ids.json` has the ids that it
 * gives to texts, without special tokens around them (`add_special_tokens=False`) and in them
 * (`encode_special_tokens`).
 */
export const tokenizerNames = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'ids.json')
  .map((file) => file.slice(0, -'.json'.length));

/** The texts of the fixtures, and their ids under each tokenizer. */
export const { texts, ids } = JSON.parse(readFileSync(new URL('ids.json', folder), 'utf8')) as {
  texts: readonly string[];
  ids: Readonly<Record<string, readonly (readonly number[])[]>>;
};

/** A tokenizer.json as it was written. */
export function tokenizerJson(name: string): Buffer {
  return readFileSync(new URL(`${name}.json`, folder));
}

/** The settings of a corpus with a tokenizer, which this thread has read. */
export function settingsWith(
  name: string,
  sequences: QuerySettings['sequences'] = 'document',
): QuerySettings & { vocabulary: TokenizerDefinition } {
  const json = tokenizerJson(name);
  const sha256 = createHash('sha256').update(json).digest('hex');
  const { outline } = loadTokenizer(sha256, json);
  return { tokenizer: 'huggingface', sequences, vocabulary: { ...outline, sha256 } };
}
