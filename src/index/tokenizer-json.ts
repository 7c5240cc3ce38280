import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { filePieces, type Snapshot } from '../store/store.ts';
import { definitionOf } from '../text/tokenizer.ts';
import { isLoaded, loadTokenizer } from '../text/tokenizer-json/loaded.ts';
import { maxTokenizerBytes } from '../text/tokenizer-json/tokenizer-file.ts';
import { kindOf } from './kinds.ts';

/** The file of a corpus with the tokenizer.json by which its texts are tokenized, compressed. */
export const tokenizerJsonFile = 'tokenizer.json.gz';

/** The size of a piece of it, in bytes. */
const pieceBytes = 2 ** 20;

/** A tokenizer.json as the file of a corpus. */
export function* tokenizerJsonPieces(json: Uint8Array): Generator<Uint8Array, void> {
  const file = gzipSync(json);
  for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes);
}

/** Whether a corpus has a tokenizer.json: a mixture is tokenized by that of its parts. */
export function hasTokenizerJson(settings: Snapshot['settings']): boolean {
  return definitionOf(settings) !== undefined && kindOf(settings) === 'text';
}

/**
 * Reads the tokenizer.json of a corpus that has one. Throws `corpus-damaged` if it is not the one that the settings
 * name.
 */
export async function readTokenizerJson(snapshot: Snapshot): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of filePieces(snapshot, tokenizerJsonFile)) pieces.push(Uint8Array.from(piece));
  const json = await promisify(gunzip)(Buffer.concat(pieces), { maxOutputLength: maxTokenizerBytes }).catch(
    () => Buffer.alloc(0),
  );
  const sha256 = createHash('sha256').update(json).digest('hex');
  if (sha256 === definitionOf(snapshot.settings)?.sha256) return json;
  throw snapshot.damage('its tokenizer.json is not the one that its settings name');
}

/**
 * Has this thread read the tokenizer.json of a corpus, if it has one: its texts can be tokenized then without waiting.
 */
export async function prepareTokenizer(
  settings: Snapshot['settings'],
  read: (question: (snapshot: Snapshot) => Promise<void>) => Promise<void>,
): Promise<void> {
  const definition = definitionOf(settings);
  if (definition === undefined || !hasTokenizerJson(settings) || isLoaded(definition)) return;
  await read(async (snapshot) => {
    loadTokenizer(definition.sha256, await readTokenizerJson(snapshot));
  });
}
