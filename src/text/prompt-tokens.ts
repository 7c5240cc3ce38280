import { afterLineStart, type QuerySettings, reservedTokens, tokenizePart } from './reserved.ts';
import { nameOfBytes } from './subwords/byte-names.ts';
import { spellingOf, textOfTokens } from './token-text.ts';
import { whiteSpaceOf } from './whitespace.ts';

/** Stands for the beginning of a text in corpora of documents, which have no `<s>`. */
export const textStart = '<|endoftext|>';

/** A token of a prompt. */
export interface PromptToken {
  readonly token: string;
  /** The index of its first character in the prompt, in UTF-16 code units. */
  readonly start: number;
}

/** What a token of a prompt can be that no text of the corpus has. */
function markTokens({ sequences }: QuerySettings): readonly string[] {
  return sequences === 'line' ? reservedTokens('line') : [...reservedTokens('document'), textStart];
}

/**
 * The tokens of a prompt, as `tokenizeQuery` finds them, each with its place. Marks that stand alone between white
 * space are tokens under every tokenizer, and in a corpus of lines a line that has tokens, or is a sentence though it
 * is blank, ends with `</s>` at its line feed. A prompt that is continued after white space has the same tokens and
 * further ones; one of subwords, after a line or where no token goes on. In these, a mark is the whole prompt, or the
 * `<s>` at its beginning.
 */
export function promptTokens(settings: QuerySettings, prompt: string): PromptToken[] {
  if (spellingOf(settings) !== undefined) return promptSubwords(settings, prompt);
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

/** The same of subwords. */
function promptSubwords(settings: QuerySettings, prompt: string): PromptToken[] {
  if (markTokens(settings).includes(prompt)) return [{ token: prompt, start: 0 }];
  const found: PromptToken[] = [];
  const isOfLines = settings.sequences === 'line';
  const rest = afterLineStart(settings, prompt);
  if (rest !== undefined) found.push({ token: '<s>', start: 0 });
  let start = prompt.length - (rest ?? prompt).length;
  for (;;) {
    const feed = isOfLines ? prompt.indexOf('\n', start) : -1;
    const end = feed < 0 ? prompt.length : feed;
    const before = found.length;
    addSubwords(found, settings, prompt.slice(start, end), start);
    if (feed < 0) return found;
    if (found.length > before || settings.blankLines === 'sentence')
      found.push({ token: '</s>', start: end });
    start = end + 1;
  }
}

function addSubwords(found: PromptToken[], settings: QuerySettings, text: string, start: number): void {
  const line = settings.sequences === 'line' && text.endsWith('\r') ? text.slice(0, -1) : text;
  const spelling = spellingOf(settings);
  if (spelling !== undefined && spelling.as !== 'bytes') {
    addFound(found, settings, line, start);
    return;
  }
  const tokens = tokenizePart(settings, line);
  // Some tokenizers put a space before a text.
  let bytes = tokens[0]?.startsWith(spaceName) && !line.startsWith(' ') ? -1 : 0;
  let at = 0;
  let bytesTo = 0;
  for (const token of tokens) {
    // Each character of a name stands for a byte.
    for (;;) {
      const size = utf8Length(line.codePointAt(at));
      if (bytesTo + size > bytes || at >= line.length) break;
      bytesTo += size;
      at += size === 4 ? 2 : 1;
    }
    found.push({ token, start: start + at });
    bytes += token.length;
  }
}

/**
 * Adds subwords that can be of a normalized text: each is where its text is found next, or else said to follow the one
 * before it.
 */
function addFound(found: PromptToken[], settings: QuerySettings, line: string, start: number): void {
  const lower = line.toLowerCase();
  const searched = lower.length === line.length ? lower : line;
  let at = 0;
  for (const token of tokenizePart(settings, line)) {
    const written = textOfTokens(settings, [token]).toLowerCase();
    const text = searched.startsWith(written, at) ? written : written.trimStart();
    const ahead = searched.slice(at, at + text.length + lookAhead);
    const place = Math.max(ahead.indexOf(text), 0);
    found.push({ token, start: start + at + place });
    at = Math.min(at + place + text.length, line.length);
  }
}

const spaceName = nameOfBytes(Buffer.of(0x20));

function utf8Length(codePoint = 0): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** Line feeds in corpora of lines, marks, and what is between them: under most tokenizers split at white space. */
function* piecesOf(
  settings: QuerySettings,
  prompt: string,
  marks: ReadonlySet<string>,
): Generator<[start: number, piece: string], void> {
  const { tokenizer, sequences } = settings;
  if (tokenizer !== 'char') {
    const pieces = new RegExp(`\\n|${whiteSpaceOf(settings).others}+`, 'gu');
    for (const { 0: piece, index } of prompt.matchAll(pieces)) yield [index, piece];
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
