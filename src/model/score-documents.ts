import { NgramdError } from '../errors.ts';
import {
  type DocumentFields,
  type DocumentId,
  idOfDocument,
  isBlankLine,
  parseDocument,
  textOfDocument,
} from '../text/json-lines.ts';
import type { LanguageModel } from './language-model.ts';
import { type ScoreOptions, TextScorer } from './score.ts';
import { type LineBlock, type LineVisitor, splitLines } from './score-lines.ts';

/** Receives the scores of documents, each of which is a text. */
export interface DocumentVisitor extends LineVisitor {
  /** Called before the score or the problem of the document in a line. */
  begin(line: number): void;
  /** Called with the id of this document, if it has one. */
  identify(id: DocumentId): void;
}

/**
 * Scores the documents of a block of whole lines, each of which is a JSON object or blank. One that cannot be scored
 * has a problem; the score of a document does not depend on others.
 */
export async function scoreDocuments(
  model: LanguageModel,
  options: ScoreOptions,
  { bytes, firstLine }: LineBlock,
  fields: DocumentFields,
  visitor: DocumentVisitor,
): Promise<void> {
  const mayBeIds = model.settings.tokenizer === 'ids';
  let scorer: TextScorer | undefined;
  for (const [i, line] of splitLines(bytes).entries()) {
    if (isBlankLine(line)) continue;
    visitor.begin(firstLine + i);
    try {
      const document = parseDocument(line, firstLine + i === 1, fields, mayBeIds);
      const id = idOfDocument(document, fields.id);
      if (id !== undefined) visitor.identify(id);
      const text = textOfDocument(document, fields.text, mayBeIds);
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
