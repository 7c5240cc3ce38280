/** The encodings of tiktoken that corpora can be tokenized with. */
export const encodingNames = ['gpt2', 'cl100k_base', 'o200k_base'] as const;

export type EncodingName = (typeof encodingNames)[number];

/** What is known of an encoding without its tokens. */
export interface EncodingOutline {
  /** How many ids it has, from 0. */
  readonly ids: number;
  /** Matches one piece of a text after the other: byte pairs are merged within pieces. */
  readonly pieces: RegExp;
  /** The special tokens, which no text becomes. */
  readonly special: Readonly<Record<string, number>>;
}

/**
 * The patterns are those of tiktoken (`tiktoken_ext/openai_public.py`) with what they mean in Rust's regular
 * expressions: `\s` is Unicode's White_Space there, and a letter of any case stands for all letters with the same
 * simple case folding.
 */
const space = '\\p{White_Space}';
const endOfSpace = `${space}+(?!\\P{White_Space})|${space}+`;
const contraction = "'(?:[sSſdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])";
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';

export const encodings: Readonly<Record<EncodingName, EncodingOutline>> = {
  gpt2: {
    ids: 50_257,
    pieces: pattern(
      "'(?:[sdmt]|ll|ve|re)",
      ' ?\\p{L}+',
      ' ?\\p{N}+',
      ` ?[^${space}\\p{L}\\p{N}]+`,
      endOfSpace,
    ),
    special: { '<|endoftext|>': 50_256 },
  },
  cl100k_base: {
    ids: 100_277,
    pieces: pattern(
      contraction,
      '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+',
      '\\p{N}{1,3}',
      ` ?[^${space}\\p{L}\\p{N}]+[\\r\\n]*`,
      `${space}*[\\r\\n]+`,
      endOfSpace,
    ),
    special: {
      '<|endoftext|>': 100_257,
      '<|fim_prefix|>': 100_258,
      '<|fim_middle|>': 100_259,
      '<|fim_suffix|>': 100_260,
      '<|endofprompt|>': 100_276,
    },
  },
  o200k_base: {
    ids: 200_019,
    pieces: pattern(
      `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+(?:${contraction})?`,
      `[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*(?:${contraction})?`,
      '\\p{N}{1,3}',
      ` ?[^${space}\\p{L}\\p{N}]+[\\r\\n/]*`,
      `${space}*[\\r\\n]+`,
      endOfSpace,
    ),
    special: { '<|endoftext|>': 199_999, '<|endofprompt|>': 200_018 },
  },
};

function pattern(...alternatives: string[]): RegExp {
  return new RegExp(alternatives.join('|'), 'gu');
}

/** Whether a tokenizer is an encoding. */
export function isEncoding(tokenizer: string): tokenizer is EncodingName {
  return (encodingNames as readonly string[]).includes(tokenizer);
}
