import { type IdSettings, ownIds, type TokenizerSettings, tokenize } from './tokenizer.ts';
import { whiteSpaceOf } from './whitespace.ts';

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

/** The tokens whose meaning is defined by the corpus and not by a text; their ids follow one another. */
export function reservedTokens(sequences: Sequences): readonly string[] {
  return reserved[sequences];
}

/**
 * The tokens of a corpus that has just been created, by id: the reserved ones, unless those of a tokenizer that has ids
 * of its own come before them.
 */
export function initialTokens(settings: ReservingSettings): readonly string[] {
  return firstReservedId(settings) === 0 ? reserved[settings.sequences] : [];
}

/** What the ids of reserved tokens depend on. */
export type ReservingSettings = IdSettings & Pick<QuerySettings, 'sequences'>;

/** The id of the first reserved token: 0, or the one after the ids of a tokenizer that has ids of its own. */
export function firstReservedId(settings: IdSettings): number {
  return ownIds(settings);
}

/** The id of a reserved token; undefined if corpora with these sequences do not reserve it. */
export function reservedId(settings: ReservingSettings, token: '<unk>' | '<s>' | '</s>'): number | undefined {
  const place = reservedPlace(settings.sequences, token);
  return place === undefined ? undefined : firstReservedId(settings) + place;
}

/** The place of a reserved token among them; undefined if corpora with these sequences do not reserve it. */
export function reservedPlace(sequences: Sequences, token: '<unk>' | '<s>' | '</s>'): number | undefined {
  const place = reserved[sequences].indexOf(token);
  return place < 0 ? undefined : place;
}

/** The id of `<unk>`, which every corpus reserves. */
export function unknownId(settings: IdSettings): number {
  return firstReservedId(settings);
}

/**
 * The tokens of a text in a query. Reserved tokens that stand alone between white space are kept under every tokenizer,
 * and the text between them is tokenized normally, except that `char` keeps leading and trailing spaces: a space is a
 * token that can be a queried word or a context. Subwords have no white space between them: there, a text can only be
 * `</s>` or begin with `<s>` and a space or nothing more, in a corpus of lines.
 */
export function tokenizeQuery(settings: QuerySettings, text: string): string[] {
  if (ownIds(settings) > 0) return subwordsOfQuery(settings, text);
  // Every reserved token begins with <, and most queries have none.
  if (!text.includes('<')) return tokenizePart(settings, text);
  return text
    .split(standingAlone(settings))
    .flatMap((part, i) => (i % 2 === 1 ? part : tokenizePart(settings, part)));
}

function subwordsOfQuery(settings: QuerySettings, text: string): string[] {
  if (settings.sequences === 'line' && text === '</s>') return [text];
  const rest = afterLineStart(settings, text);
  return rest === undefined ? tokenizePart(settings, text) : ['<s>', ...tokenizePart(settings, rest)];
}

/** What follows a `<s>` and a space at the beginning of a query of subwords; undefined if it does not begin so. */
export function afterLineStart({ sequences }: QuerySettings, text: string): string | undefined {
  return sequences === 'line' && /^<s>( |$)/.test(text) ? text.slice('<s> '.length) : undefined;
}

/** The tokens of a part of a query's text that contains no reserved token. */
export function tokenizePart(settings: QuerySettings, part: string): string[] {
  return settings.tokenizer === 'char' ? characters(part) : tokenize(settings, part);
}

function characters(text: string): string[] {
  return [...text.replace(/[^A-Za-z]+/g, ' ').toLowerCase()];
}

/** Matches a reserved token; since `split` keeps what the group matches, every second part is one. */
function standingAlone(settings: QuerySettings): RegExp {
  const { others } = whiteSpaceOf(settings);
  const known = patterns.get(others + settings.sequences);
  if (known !== undefined) return known;
  const pattern = new RegExp(`(?<!${others})(${reserved[settings.sequences].join('|')})(?!${others})`, 'u');
  patterns.set(others + settings.sequences, pattern);
  return pattern;
}

const patterns = new Map<string, RegExp>();
