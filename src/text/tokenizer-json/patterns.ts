import { invalidTokenizer, isObject, shown } from './json.ts';

/** What a text is split at, or what is replaced in it. */
export interface Pattern {
  readonly regExp: RegExp;
  /** The text that it matches, if that is always the same. */
  readonly text?: string | undefined;
  /** Whether it matches letters, digits, signs and white space, each in pieces of their own: then all of a text. */
  readonly isOfPieces: boolean;
  /** Whether it matches all white space and nothing else. */
  readonly isOfSpaces: boolean;
}

/** The contractions of English, which all families of patterns have. */
const contractions = ["'s|'t|'re|'ve|'m|'ll|'d", "(?i:'s|'t|'re|'ve|'m|'ll|'d)"];
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const before = '[^\\r\\n\\p{L}\\p{N}]?';
const contracted = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

/**
 * The alternatives of the patterns of pieces that tokenizers have: of GPT-2, tiktoken's encodings, Llama 3, Qwen and
 * others of their families. None of them goes on after white space that follows something else, except line ends, and
 * none looks back. Others are refused: what a stranger's pattern needs for a text can be exponential in its length.
 */
const knownAlternatives = new Set([
  ...contractions.flatMap((contraction) =>
    contraction.startsWith('(') ? contraction : contraction.split('|'),
  ),
  "'(?i:[sdmt]|ll|ve|re)",
  ' ?\\p{L}+',
  '\\p{L}+',
  `${before}\\p{L}+`,
  '[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+',
  '[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+',
  `${before}${upper}*${lower}+`,
  `${before}${upper}+${lower}*`,
  `${before}${upper}*${lower}+${contracted}`,
  `${before}${upper}+${lower}*${contracted}`,
  ' ?\\p{N}+',
  ' ?\\p{N}',
  '\\p{N}+',
  '\\p{N}',
  '\\p{N}{1,3}',
  '\\p{Nd}+',
  '\\p{Nd}',
  '\\d+',
  '\\d',
  '\\d{1,3}',
  '[0-9]',
  '[0-9]+',
  '[0-9][0-9][0-9]',
  '[0-9]{1,3}',
  ' ?[^\\s\\p{L}\\p{N}]+',
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*',
  ' ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*',
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*',
  ' ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*',
  ' ?[\\p{P}\\p{S}]+[\\r\\n]*',
  '[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+',
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+',
  '[一-龥぀-ゟ゠-ヿ]+',
  '\\p{Han}+',
  '\\s*[\\r\\n]+',
  '\\s*[\\r\\n]',
  '\\s+(?!\\S)',
  '\\s+',
  '\\s',
]);

/** What a pattern has that matches letters, digits, signs and white space, each by itself. */
const needed = [/\\p\{L\}.*\+$|\\p\{Ll\}.*\+/, /\\p\{N\}(\+|\{1,3\})?$/, /^ \?\[(\^\\s|\\p\{P\})/, /^\\s\+$/];

/** Patterns of white space alone, which normalizers replace. */
const spacePatterns = new Set([' {2,}', ' +', '\\s+', '\\s{2,}', '\\s', '[ ]+', '\\n+', '[\\r\\n]+']);

const space = '\\p{White_Space}';

/**
 * Reads the pattern of a splitting or a replacing part. Throws `invalid-request` for one that is none of those that are
 * known, and no text.
 */
export function readPattern(pattern: unknown): Pattern {
  if (isObject(pattern) && typeof pattern.String === 'string' && pattern.String !== '')
    return {
      regExp: textPattern(pattern.String),
      text: pattern.String,
      isOfPieces: false,
      isOfSpaces: false,
    };
  if (!isObject(pattern) || typeof pattern.Regex !== 'string')
    throw invalidTokenizer(`the pattern ${shown(pattern)} is neither a Regex nor a String.`);
  const { Regex: source } = pattern;
  const isOfSpaces = source === '\\s+' || source === '\\s';
  if (spacePatterns.has(source))
    return { regExp: new RegExp(asInRust(source), 'gu'), isOfPieces: false, isOfSpaces };
  const alternatives = alternativesOf(source);
  const unknown = alternatives.find((alternative) => !knownAlternatives.has(alternative));
  if (unknown === undefined) {
    const isOfPieces = needed.every((some) => alternatives.some((alternative) => some.test(alternative)));
    return { regExp: new RegExp(alternatives.map(asInRust).join('|'), 'gu'), isOfPieces, isOfSpaces };
  }
  throw invalidTokenizer(
    `the part ${shown(unknown)} of its pattern ${shown(source)} is not known. Patterns of the families of GPT-2, tiktoken's encodings, Llama 3 and Qwen are, since they take little time on every text.`,
  );
}

/** Matches a text. */
export function textPattern(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'gu');
}

/** A known pattern as it is read by Oniguruma, whose `\s` is Unicode's white space. */
function asInRust(source: string): string {
  return source
    .replaceAll(']?+', ']?')
    .replaceAll(']++', ']+')
    .replaceAll('\\p{Han}', '\\p{sc=Han}')
    .replaceAll('\\d', '\\p{Nd}')
    .replaceAll('\\S', '\\P{White_Space}')
    .replaceAll('\\s', space);
}

/** The alternatives of a pattern, outside of groups and classes. */
function alternativesOf(source: string): string[] {
  const alternatives: string[] = [];
  let depth = 0;
  let isInClass = false;
  let start = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at++;
    else if (isInClass) isInClass = character !== ']';
    else if (character === '[') isInClass = true;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === '|' && depth === 0) {
      alternatives.push(source.slice(start, at));
      start = at + 1;
    }
  }
  return [...alternatives, source.slice(start)];
}
