import { nameOfBytes } from '../subwords/byte-names.ts';
import { lowerOneEighthBlock } from './pre-tokenizers.ts';

/**
 * How the tokens of a tokenizer.json are written, which says what they are as a text: `bytes` under the names of
 * `byte-names.ts`; `spaces` with `▁` for each space and `<0xE6>` for bytes; or `words`, between which spaces stand.
 */
export interface Spelling {
  readonly as: 'bytes' | 'spaces' | 'words';
  /**
   * Of words: what the tokens begin with that continue one, or end with that end one: then the others are continued.
   */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  /** Of spaces: whether a text gets one at its beginning. */
  readonly prepends?: true | undefined;
}

/** The marks that a corpus reserves, which a token of the same text must not be taken for. */
const reserved = new Set(['<unk>', '<s>', '</s>']);

/**
 * The names of tokens by id, which differ and have no white space: their texts, with what replaces white space;
 * `<|unk|>` for one that is written as a mark that corpora reserve; and `<|reserved_N|>` for ids N that have no token,
 * or one whose name is taken.
 */
export function namesOf(
  { as }: Spelling,
  ids: number,
  tokens: ReadonlyMap<string, number>,
  added: ReadonlyMap<string, number>,
): string[] {
  const names = new Array<string>(ids);
  const taken = new Set(reserved);
  const give = (id: number, name: string) => {
    if (names[id] !== undefined || taken.has(name)) return;
    names[id] = name;
    taken.add(name);
  };
  for (const [token, id] of tokens) if (!added.has(token)) give(id, written(token));
  for (const [token, id] of added) {
    const isInVocabulary = tokens.get(token) === id;
    give(
      id,
      as === 'bytes' && !isInVocabulary && /\p{White_Space}/u.test(token)
        ? nameOfBytes(Buffer.from(token))
        : written(token),
    );
  }
  for (let id = 0; id < ids; id++) {
    if (names[id] === undefined) names[id] = `<|reserved_${id}|>`;
  }
  return names;
}

function written(token: string): string {
  if (reserved.has(token)) return `<|${token.slice(1, -1)}|>`;
  return token === '' ? '' : token.replace(/\p{White_Space}/gu, (space) => picture(space.charCodeAt(0)));
}

/** The picture of a control character or a space, and the code of other white space. */
function picture(code: number): string {
  return code <= 0x20
    ? String.fromCharCode(0x2400 + code)
    : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

const pictures = /[\u2409-\u240d\u2420]|<U\+([0-9A-F]{4})>/g;

/** What a token of `spaces` or `words` is as a text, without what the spelling says of spaces. */
export function unwritten(name: string): string {
  if (!/[\u2409-\u240d\u2420]|<U\+/.test(name)) return name;
  return name.replace(pictures, (picture, code?: string) =>
    code === undefined
      ? String.fromCharCode(picture.charCodeAt(0) - 0x2400)
      : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const byteToken = /^<0x([0-9A-F]{2})>$/;

/** The bytes of a token of `spaces`. */
export function bytesOfSpaced(name: string): Buffer {
  const byte = byteToken.exec(name);
  if (byte !== null) return Buffer.of(Number.parseInt(byte[1], 16));
  return Buffer.from(unwritten(name).replaceAll(lowerOneEighthBlock, ' '));
}
