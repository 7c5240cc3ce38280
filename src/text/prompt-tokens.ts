import { type QuerySettings, reservedTokens, tokenizePart } from './reserved.ts';

/** Stands for the beginning of a text in corpora of documents, which have no `<s>`. */
export const textStart = '<|endoftext|>';

/** A token of a prompt. */
export interface PromptToken {
  readonly token: string;
  /** The index of its first character in the prompt, in UTF-16 code units. */
  readonly start: number;
}

/** What a token of a prompt can be that no text of the corpus has. */
export function markTokens({ sequences }: QuerySettings): readonly string[] {
  return sequences === 'line' ? reservedTokens('line') : [...reservedTokens('document'), textStart];
}

/**
 * The tokens of a prompt, as `tokenizeQuery` finds them, each with its place. Marks that stand alone between white space
 * are tokens under every tokenizer, and in a corpus of lines a line that has tokens, or is a sentence though it is blank, ends
 * with `</s>` at its line feed. A
 * prompt that is continued after white space has the same tokens and further ones.
 */
export function promptTokens(settings: QuerySettings, prompt: string): PromptToken[] {
  const found: PromptToken[] = [];
  const marks = new Set(markTokens(settings));
  const isOfLines = settings.sequences === 'line';
  const countsBlankLines = settings.blankLines === 'sentence';
  let lineHasTokens = false;
  for (const [start, piece] of piecesOf(settings, prompt, marks)) {
    if (piece === '\n') {
      if (isOfLines && (lineHasTokens || countsBlankLines)) found.push({ token: '</s>', start });
      lineHasTokens = false;
    } else if (marks.has(piece)) {
      found.push({ token: piece, start });
      lineHasTokens = piece === '<unk>' || (lineHasTokens && piece !== '</s>' && piece !== '<s>');
    } else {
      const before = found.length;
      addTokens(found, settings, piece, start);
      lineHasTokens ||= found.length > before;
    }
  }
  return found;
}

/** Line feeds in corpora of lines, marks, and what is between them: under most tokenizers split at white space. */
function* piecesOf(
  { tokenizer, sequences }: QuerySettings,
  prompt: string,
  marks: ReadonlySet<string>,
): Generator<[start: number, piece: string], void> {
  if (tokenizer !== 'char') {
    for (const { 0: piece, index } of prompt.matchAll(/\n|\P{White_Space}+/gu)) yield [index, piece];
    return;
  }
  let from = 0;
  for (const { 0: piece, index } of prompt.matchAll(/\n|\P{White_Space}+/gu)) {
    if (!marks.has(piece) && !(piece === '\n' && sequences === 'line')) continue;
    if (index > from) yield [from, prompt.slice(from, index)];
    yield [index, piece];
    // The white space after a mark only makes it one.
    from = index + piece.length + (piece === '\n' ? 0 : 1);
  }
  if (from < prompt.length) yield [from, prompt.slice(from)];
}

function addTokens(found: PromptToken[], settings: QuerySettings, piece: string, start: number): void {
  if (settings.tokenizer === 'char') {
    for (const { 0: character, index } of piece.matchAll(/[A-Za-z]|[^A-Za-z]+/g)) {
      const token = /[A-Za-z]/.test(character) ? character.toLowerCase() : ' ';
      found.push({ token, start: start + index });
    }
    return;
  }
  const lower = piece.toLowerCase();
  const isFolded = settings.tokenizer !== 'whitespace' && lower.length === piece.length;
  const searched = isFolded ? lower : piece;
  let at = 0;
  for (const token of tokenizePart(settings, piece)) {
    // One in another normal form than the text is not found; it is then said to follow the token before it.
    const ahead = searched.slice(at, at + token.length + lookAhead);
    at += Math.max(ahead.indexOf(token), 0);
    found.push({ token, start: start + at });
    at = Math.min(at + token.length, piece.length);
  }
}

/** How many characters that are in no token are skipped in search of the next one. */
const lookAhead = 64;
