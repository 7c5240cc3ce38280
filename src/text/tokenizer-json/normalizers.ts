import { invalidTokenizer, isObject, type JsonObject, objectsIn, shown, stringIn } from './json.ts';
import { readPattern } from './patterns.ts';
import { lowerOneEighthBlock } from './pre-tokenizers.ts';
import { PrecompiledNormalizer, PrecompiledTable } from './precompiled.ts';

/**
 * Where a stretch of a text is that is normalized: whether the text before it, and after it, is a part of the same
 * stretch.
 */
export interface Surroundings {
  readonly continues: boolean;
  readonly goesOn: boolean;
}

/** A normalizer, with what its tokens depend on. */
export interface ReadNormalizer {
  normalize(text: string, surroundings: Surroundings): string;
  /** Whether each character stays what it is, but for spaces, which become `▁`. */
  readonly keepsCharacters: boolean;
  /** Whether `▁` stands for spaces afterwards. */
  readonly hasSpaceMark: boolean;
  /** Whether it puts `▁` before a stretch. */
  readonly prependsMark: boolean;
  /**
   * Whether characters become others of another kind, or none; and whether these can be some after white space that
   * follows others.
   */
  readonly changesKinds: boolean;
  readonly goesOverSpaces: boolean;
  /** Whether it does something at the beginning or the end of a stretch. */
  readonly marksEnds: boolean;
}

const plain: ReadNormalizer = {
  normalize: (text) => text,
  keepsCharacters: true,
  hasSpaceMark: false,
  prependsMark: false,
  changesKinds: false,
  goesOverSpaces: false,
  marksEnds: false,
};

/** Reads a normalizer; null is none. Throws `invalid-request` for one that is not known. */
export function readNormalizer(value: unknown): ReadNormalizer {
  if (value === undefined || value === null) return plain;
  if (!isObject(value)) throw invalidTokenizer('its normalizer must be an object.');
  switch (value.type) {
    case 'Sequence':
      return inSequence(objectsIn(value, 'normalizers').map(readNormalizer));
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = value.type;
      return changing((text) => text.normalize(form), form.includes('K'));
    }
    case 'Lowercase':
      return changing(lowerCased, false);
    case 'StripAccents':
      return changing((text) => text.replace(/\p{M}/gu, ''));
    case 'Nmt':
      return changing((text) => text.replace(/\p{Cc}/gu, withoutControl).replace(spacesOfNmt, ' '));
    case 'BertNormalizer':
      return changing(bertNormalizer(value));
    case 'Precompiled':
      return readPrecompiled(value);
    case 'Replace':
      return readReplace(value);
    case 'Prepend':
      return readPrepend(value);
    case 'Strip':
      return readStrip(value);
    default:
      throw invalidTokenizer(
        `its normalizer ${shown(value.type)} is not known; known are NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Nmt, BertNormalizer, Precompiled, Replace, Prepend and Strip, and Sequence of these.`,
      );
  }
}

function changing(normalize: (text: string) => string, changesKinds = true): ReadNormalizer {
  return { ...plain, normalize, keepsCharacters: false, changesKinds };
}

function inSequence(parts: readonly ReadNormalizer[]): ReadNormalizer {
  return {
    normalize: (text, surroundings) => parts.reduce((text, part) => part.normalize(text, surroundings), text),
    keepsCharacters: parts.every(({ keepsCharacters }) => keepsCharacters),
    hasSpaceMark: parts.some(({ hasSpaceMark }) => hasSpaceMark),
    prependsMark: parts.some(({ prependsMark }) => prependsMark),
    changesKinds: parts.some(({ changesKinds }) => changesKinds),
    goesOverSpaces: parts.some(({ goesOverSpaces }) => goesOverSpaces),
    marksEnds: parts.some(({ marksEnds }) => marksEnds),
  };
}

/** Lower-cases each character by itself, so that a Σ at the end of a word becomes σ. */
function lowerCased(text: string): string {
  return (text.includes('Σ') ? text.replaceAll('Σ', 'σ') : text).toLowerCase();
}

const spacesOfNmt = /[\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

/**
 * What a control character becomes: white space a space, and others nothing, but for NUL and most of those beyond
 * ASCII.
 */
function withoutControl(control: string): string {
  const code = control.charCodeAt(0);
  if (/\s/.test(control) && code !== 0x0b) return ' ';
  return code === 0 || (code >= 0x80 && code !== 0x8f && code !== 0x9f) ? control : '';
}

/** What BERT removes: U+FFFD, and what is neither a character nor white space. */
const removedByBert = /\ufffd|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;
const whiteSpace = /\p{White_Space}/gu;
const ideographs =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const ascii = /^[\t\n\r -~]*$/;

function bertNormalizer(value: JsonObject): (text: string) => string {
  const cleans = value.clean_text !== false;
  const separates = value.handle_chinese_chars !== false;
  const lowers = value.lowercase !== false;
  const strips = typeof value.strip_accents === 'boolean' ? value.strip_accents : lowers;
  return (text) => {
    const isAscii = ascii.test(text);
    let changed = text;
    if (cleans) changed = (isAscii ? changed : changed.replace(removedByBert, '')).replace(whiteSpace, ' ');
    if (separates && !isAscii) changed = changed.replace(ideographs, ' $& ');
    if (strips && !isAscii) changed = changed.normalize('NFD').replace(/\p{Mn}/gu, '');
    return lowers ? lowerCased(changed) : changed;
  };
}

function readPrecompiled(value: JsonObject): ReadNormalizer {
  const base64 = stringIn(value, 'precompiled_charsmap') ?? '';
  if (base64 === '') return plain;
  const normalizer = new PrecompiledNormalizer(new PrecompiledTable(base64));
  return changing((text) => normalizer.normalize(text));
}

function readReplace(value: JsonObject): ReadNormalizer {
  const { regExp, text } = readPattern(value.pattern);
  const content = stringIn(value, 'content') ?? '';
  return {
    ...plain,
    normalize: (text) => text.replace(regExp, () => content),
    keepsCharacters: text === ' ' && content === lowerOneEighthBlock,
    hasSpaceMark: content === lowerOneEighthBlock,
    changesKinds: true,
    goesOverSpaces: text !== undefined && /.\p{White_Space}/su.test(text),
  };
}

function readPrepend(value: JsonObject): ReadNormalizer {
  const prefix = stringIn(value, 'prepend') ?? '';
  return {
    ...plain,
    normalize: (text, { continues }) => (text === '' || continues ? text : prefix + text),
    prependsMark: prefix === lowerOneEighthBlock,
    marksEnds: true,
  };
}

function readStrip({ strip_left: left, strip_right: right }: JsonObject): ReadNormalizer {
  return {
    ...plain,
    normalize: (text, { continues, goesOn }) => {
      const stripped = left === true && !continues ? text.replace(/^\p{White_Space}+/u, '') : text;
      return right === true && !goesOn ? trimmedEnd(stripped) : stripped;
    },
    keepsCharacters: false,
    marksEnds: true,
  };
}

/** A text without the white space at its end, which a regular expression would look for in quadratic time. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1])) end--;
  return text.slice(0, end);
}
