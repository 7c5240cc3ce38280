import { type TokenizerSettings, tokenize } from './tokenizer.ts';

/** The unit that n-grams do not cross: a document or a line. */
export const sequencesNames = ['document', 'line'] as const;

export type Sequences = (typeof sequencesNames)[number];

/** What a line without tokens is, if sequences are lines: nothing, or a sequence of its own. */
export const blankLinesNames = ['skip', 'sentence'] as const;

export type BlankLines = (typeof blankLinesNames)[number];

const reserved: Record<Sequences, readonly string[]> = {
  document: ['<unk>'],
  line: ['<unk>', '<s>', '</s>'],
};

/** How a corpus reads a text in a query. */
export interface QuerySettings extends TokenizerSettings {
  sequences: Sequences;
  /** `sentence` if a line without tokens is a sequence; otherwise absent. */
  blankLines?: 'sentence' | undefined;
}

/** The tokens whose meaning is defined by the corpus and not by a text; a token's index is its id. */
export function reservedTokens(sequences: Sequences): readonly string[] {
  return reserved[sequences];
}

/** The id of a reserved token; undefined if corpora with these sequences do not reserve it. */
export function reservedId(sequences: Sequences, token: '<unk>' | '<s>' | '</s>'): number | undefined {
  const id = reserved[sequences].indexOf(token);
  return id < 0 ? undefined : id;
}

/**
 * The tokens of a text in a query. Reserved tokens that stand alone between white space are kept under every tokenizer,
 * and the text between them is tokenized normally, except that `char` keeps leading and trailing spaces: a space is a
 * token that can be a queried word or a context.
 */
export function tokenizeQuery(settings: QuerySettings, text: string): string[] {
  // Every reserved token begins with <, and most queries have none.
  if (!text.includes('<')) return tokenizePart(settings, text);
  return text
    .split(standingAlone[settings.sequences])
    .flatMap((part, i) => (i % 2 === 1 ? part : tokenizePart(settings, part)));
}

/** The tokens of a part of a query's text that contains no reserved token. */
export function tokenizePart(settings: QuerySettings, part: string): string[] {
  return settings.tokenizer === 'char' ? characters(part) : tokenize(settings, part);
}

function characters(text: string): string[] {
  return [...text.replace(/[^A-Za-z]+/g, ' ').toLowerCase()];
}

/** Matches a reserved token; since `split` keeps what the group matches, every second part is one. */
const standingAlone: Record<Sequences, RegExp> = {
  document: alone(reserved.document),
  line: alone(reserved.line),
};

function alone(tokens: readonly string[]): RegExp {
  return new RegExp(`(?<!\\P{White_Space})(${tokens.join('|')})(?!\\P{White_Space})`, 'u');
}
