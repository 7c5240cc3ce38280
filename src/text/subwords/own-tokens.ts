import { bytesOfName, nameOfBytes } from './byte-names.ts';
import { type EncodingName, encodings } from './encodings.ts';
import { loadEncoding } from './piece-scanner.ts';
import { findToken } from './token-file.ts';

/**
 * The names of all tokens of an encoding, by id: those of their bytes, the special ones, and `<|reserved_N|>` for ids N
 * that have no token.
 */
export function* encodingTokens(name: EncodingName): Generator<string, void> {
  const { ids, special } = encodings[name];
  const { tokens } = loadEncoding(name);
  const specialNames = new Map(Object.entries(special).map(([token, id]) => [id, token]));
  for (let id = 0; id < ids; id++) {
    if (id < tokens.size) yield nameOfBytes(tokens.bytes, tokens.ends[id], tokens.ends[id + 1]);
    else yield specialNames.get(id) ?? `<|reserved_${id}|>`;
  }
}

/** Whether a token of an encoding that texts can have is written like this. */
export function isEncodingToken(name: EncodingName, token: string): boolean {
  const bytes = bytesOfName(token);
  return bytes !== undefined && findToken(loadEncoding(name).tokens, bytes, 0, bytes.length) >= 0;
}
