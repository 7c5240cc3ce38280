import { nameOfBytes } from '../subwords/byte-names.ts';
import { invalidTokenizer, isObject, type JsonObject, objectsIn, shown } from './json.ts';
import { readPattern } from './patterns.ts';
import { type Behavior, readBehavior, split } from './splitting.ts';

/** What stands for a space in pieces of SentencePiece. */
export const lowerOneEighthBlock = '\u2581';

/** Splits pieces of a text into smaller ones. `isFirst` says whether the first of them begins the text. */
export type PreTokenizer = (pieces: readonly string[], isFirst: boolean) => string[];

/**
 * Where pieces end whatever follows: nowhere, or, after a letter, a digit or punctuation, before a space, before any
 * white space, or where the patterns of byte pairs end their pieces.
 */
export type Ends = 'nowhere' | 'space' | 'white space' | 'pattern';

/** A pre-tokenizer, with what its tokens depend on. */
export interface ReadPreTokenizer {
  readonly split: PreTokenizer;
  readonly ends: Ends;
  /** Whether pieces are bytes under the names of `byte-names.ts`, and whether `▁` stands for spaces in them. */
  readonly isOfBytes: boolean;
  readonly hasSpaceMark: boolean;
  /** Whether a piece gets a space, or a mark of one, at its beginning. */
  readonly prepends: boolean;
  /** Whether it splits at texts that continue after white space. */
  readonly goesOverSpaces?: boolean;
}

const whole: ReadPreTokenizer = {
  split: (pieces) => [...pieces],
  ends: 'nowhere',
  isOfBytes: false,
  hasSpaceMark: false,
  prepends: false,
};

/** Reads a pre-tokenizer; null is none. Throws `invalid-request` for one that is not known. */
export function readPreTokenizer(value: unknown): ReadPreTokenizer {
  if (value === undefined || value === null) return whole;
  if (!isObject(value)) throw invalidTokenizer('its pre_tokenizer must be an object.');
  switch (value.type) {
    case 'Sequence':
      return inSequence(objectsIn(value, 'pretokenizers').map(readPreTokenizer));
    case 'ByteLevel':
      return readByteLevel(value);
    case 'Metaspace':
      return readMetaspace(value);
    case 'Split':
      return readSplit(value);
    case 'BertPreTokenizer':
      return { ...whole, split: each((piece) => piece.match(bertPieces) ?? []), ends: 'white space' };
    case 'Whitespace':
      return { ...whole, split: each((piece) => piece.match(wordsAndSigns) ?? []), ends: 'white space' };
    case 'WhitespaceSplit':
      return { ...whole, split: each((piece) => piece.match(stretches) ?? []), ends: 'white space' };
    case 'Digits':
      return splitting(/\p{N}/gu, value.individual_digits === true ? 'Isolated' : 'Contiguous');
    case 'Punctuation':
      return splitting(punctuation, readBehavior(value.behavior ?? 'Isolated'));
    default:
      throw invalidTokenizer(
        `its pre-tokenizer ${shown(value.type)} is not known; known are ByteLevel, Metaspace, Split, BertPreTokenizer, Whitespace, WhitespaceSplit, Digits and Punctuation, and Sequence of these.`,
      );
  }
}

const stretches = /\P{White_Space}+/gu;
const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';
const wordsAndSigns = new RegExp(`[${word}]+|[^${word}\\p{White_Space}]+`, 'gu');
const sign = '\\p{P}!-/:-@\\[-`{-~';
const punctuation = new RegExp(`[${sign}]`, 'gu');
const bertPieces = new RegExp(`[${sign}]|[^${sign}\\p{White_Space}]+`, 'gu');

function each(split: (piece: string) => readonly string[]): PreTokenizer {
  return (pieces) => pieces.flatMap(split);
}

function splitting(pattern: RegExp, behavior: Behavior): ReadPreTokenizer {
  return { ...whole, split: each((piece) => split(piece, pattern, behavior)) };
}

function inSequence(parts: readonly ReadPreTokenizer[]): ReadPreTokenizer {
  return {
    split: (pieces, isFirst) => {
      let all = [...pieces];
      for (const part of parts) all = part.split(all, isFirst);
      return all;
    },
    ends: endsOf(parts),
    isOfBytes: parts.some(({ isOfBytes }) => isOfBytes),
    hasSpaceMark: parts.some(({ hasSpaceMark }) => hasSpaceMark),
    prepends: parts.some(({ prepends }) => prepends),
    goesOverSpaces: parts.some(({ goesOverSpaces }) => goesOverSpaces === true),
  };
}

/**
 * The pieces of a sequence end where those of the first part do that ends any. Parts before it can have split a text at
 * a cut that the patterns of byte pairs would allow, but not before a space.
 */
function endsOf(parts: readonly ReadPreTokenizer[]): Ends {
  const first = parts.findIndex(({ ends }) => ends !== 'nowhere');
  if (first < 0 || parts.slice(0, first).some(({ goesOverSpaces }) => goesOverSpaces === true))
    return 'nowhere';
  const { ends } = parts[first];
  return ends === 'pattern' && first > 0 ? 'space' : ends;
}

/** The pieces of GPT-2's tokenizer. */
const byteLevelPieces = readPattern({
  Regex: "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
}).regExp;

function readByteLevel({ add_prefix_space: prefix, use_regex: splits = true }: JsonObject): ReadPreTokenizer {
  const prepends = prefix !== false;
  return {
    split: each((piece) => {
      const text = prepends && !piece.startsWith(' ') ? ` ${piece}` : piece;
      const pieces = splits === false ? [text] : split(text, byteLevelPieces, 'Isolated');
      return pieces.map((each) => nameOfBytes(Buffer.from(each)));
    }),
    ends: splits === false ? 'nowhere' : prepends ? 'space' : 'pattern',
    isOfBytes: true,
    hasSpaceMark: false,
    prepends,
  };
}

function readMetaspace(value: JsonObject): ReadPreTokenizer {
  const mark = value.replacement ?? lowerOneEighthBlock;
  if (mark !== lowerOneEighthBlock)
    throw invalidTokenizer(`the replacement of its Metaspace is ${shown(mark)}; known is ▁ (U+2581).`);
  const scheme = value.prepend_scheme ?? (value.add_prefix_space === false ? 'never' : 'always');
  if (!['always', 'first', 'never'].includes(scheme as string))
    throw invalidTokenizer(`the prepend_scheme of its Metaspace, ${shown(scheme)}, is not known.`);
  const splits = value.split !== false;
  return {
    split: (pieces, isFirst) =>
      pieces.flatMap((piece, i) => {
        const marked = piece.replaceAll(' ', lowerOneEighthBlock);
        const isPrepended = scheme === 'always' || (scheme === 'first' && isFirst && i === 0);
        const text =
          isPrepended && !marked.startsWith(lowerOneEighthBlock) ? lowerOneEighthBlock + marked : marked;
        return splits ? split(text, marks, 'MergedWithNext') : [text];
      }),
    ends: splits ? 'space' : 'nowhere',
    isOfBytes: false,
    hasSpaceMark: true,
    prepends: scheme !== 'never',
  };
}

const marks = /\u2581/gu;

function readSplit({ pattern, behavior, invert }: JsonObject): ReadPreTokenizer {
  const { regExp, text, isOfPieces, isOfSpaces } = readPattern(pattern);
  const kept = readBehavior(behavior);
  const isInverted = invert === true;
  const endsBefore = !isInverted && kept !== 'MergedWithPrevious';
  const ends = (): Ends => {
    if (isOfPieces && (isInverted ? kept === 'Removed' : kept === 'Isolated')) return 'pattern';
    if (endsBefore && isOfSpaces) return 'white space';
    return endsBefore && text === ' ' ? 'space' : 'nowhere';
  };
  return {
    ...whole,
    split: each((piece) => split(piece, regExp, kept, isInverted)),
    ends: ends(),
    goesOverSpaces: text !== undefined && /.\p{White_Space}/su.test(text),
  };
}
