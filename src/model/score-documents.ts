import { NgramdError } from '../errors.ts';
import { CharacterStream, decodeUtf8 } from '../text/utf8.ts';
import type { LanguageModel } from './language-model.ts';
import { type ScoreOptions, TextScorer } from './score.ts';
import { type LineBlock, type LineVisitor, splitLines } from './score-lines.ts';

/** The names of the fields that have the text and the id of a document. */
export interface DocumentFields {
  readonly text: string;
  readonly id: string;
}

/** The id that a document came with. */
export type DocumentId = string | number;

/** Receives the scores of documents, each of which is a text. */
export interface DocumentVisitor extends LineVisitor {
  /** Called before the score or the problem of the document in a line. */
  begin(line: number): void;
  /** Called with the id of this document, if it has one. */
  identify(id: DocumentId): void;
}

/**
 * Scores the documents of a block of whole lines, each of which is a JSON object or blank. One that cannot be scored has a
 * problem; the score of a document does not depend on others.
 */
export async function scoreDocuments(
  model: LanguageModel,
  options: ScoreOptions,
  { bytes, firstLine }: LineBlock,
  fields: DocumentFields,
  visitor: DocumentVisitor,
): Promise<void> {
  let scorer: TextScorer | undefined;
  for (const [i, line] of splitLines(bytes).entries()) {
    if (isBlank(line)) continue;
    visitor.begin(firstLine + i);
    try {
      const document = parseDocument(line, firstLine + i === 1);
      const id = idOf(document, fields.id);
      if (id !== undefined) visitor.identify(id);
      const text = textOf(document, fields.text);
      scorer ??= new TextScorer(model, options, visitor, { isOfLines: false, isStart: true });
      await scorer.write(Buffer.from(text));
      await scorer.endText();
    } catch (error) {
      if (!(error instanceof NgramdError)) throw error;
      // The scorer is in the middle of a text and cannot be reused.
      scorer = undefined;
      visitor.problem(error);
    }
  }
}

/** Whether a line has nothing but JSON's white space. */
function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a);
}

/** The object in a line; `isFirst` if a byte order mark may precede it. */
function parseDocument(line: Uint8Array, isFirst: boolean): Record<string, unknown> {
  const characters = new CharacterStream();
  const written = characters.write(line);
  characters.end();
  const json = decodeUtf8(written, 0, written.length);
  let value: unknown;
  try {
    value = JSON.parse(isFirst && json.startsWith('\ufeff') ? json.slice(1) : json);
  } catch (error) {
    throw invalidDocument(`it is not JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalidDocument('it must be a JSON object.');
}

/** The text of a document. Throws `invalid-request` if it has none, and `invalid-text` for half of a surrogate pair. */
function textOf(document: Record<string, unknown>, field: string): string {
  const text = Object.hasOwn(document, field) ? document[field] : undefined;
  if (typeof text !== 'string') {
    throw invalidDocument(`its field ${JSON.stringify(field)}, the text, must be a string.`);
  }
  if (text.isWellFormed()) return text;
  throw new NgramdError('invalid-text', 'The text has half of a surrogate pair, which is not a character.');
}

/** The id of a document; undefined if it has none, or null. Throws `invalid-request` for another value. */
function idOf(document: Record<string, unknown>, field: string): DocumentId | undefined {
  const id = Object.hasOwn(document, field) ? document[field] : undefined;
  if (id === undefined || id === null) return undefined;
  if (typeof id === 'string' || typeof id === 'number') return id;
  throw invalidDocument(`its field ${JSON.stringify(field)}, the id, must be a string or a number.`);
}

function invalidDocument(reason: string): NgramdError {
  return new NgramdError('invalid-request', `The line is not a document: ${reason}`);
}
