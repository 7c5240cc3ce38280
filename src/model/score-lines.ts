import { NgramdError } from '../errors.ts';
import type { LanguageModel } from './language-model.ts';
import { type ScoreOptions, type ScoreVisitor, type ScoringState, TextScorer } from './score.ts';

/** Some consecutive complete lines of a text, or a part of a long line. */
export interface LineBlock {
  bytes: Uint8Array<ArrayBuffer>;
  /** The number of the first line, from 1. */
  firstLine: number;
  /** Whether this is a part of a line that began in the previous block. */
  continues: boolean;
  /** Whether this is a part of a line that continues in the next block. */
  isContinued: boolean;
}

/** Receives the scores of lines, each of which is a text. */
export interface LineVisitor extends ScoreVisitor {
  /** Called if a line cannot be scored. */
  problem(error: NgramdError): void;
  /** Discards everything: the lines will be visited again. */
  reset(): void;
}

/**
 * Scores the lines of a block; `before` is the state of a line that continues. The score of a line does not depend on
 * other lines: if one of a block cannot be scored, only that line has a problem. Returns the state of a line that is
 * continued; undefined if it cannot be scored.
 */
export async function scoreBlock(
  model: LanguageModel,
  options: ScoreOptions,
  { bytes, firstLine, continues, isContinued }: LineBlock,
  visitor: LineVisitor,
  before: ScoringState | undefined,
): Promise<ScoringState | undefined> {
  const score = async (bytes: Uint8Array, line: number) => {
    const scorer = new TextScorer(model, options, visitor, {
      isOfLines: true,
      isStart: line === 1,
      state: before,
    });
    await scorer.write(bytes);
    if (isContinued) return scorer.state();
    await scorer.endLines();
    return undefined;
  };
  if (continues || isContinued) return problemOf(visitor, () => score(bytes, firstLine));
  try {
    return await score(bytes, firstLine);
  } catch (error) {
    if (!(error instanceof NgramdError)) throw error;
    visitor.reset();
    for (const [i, line] of splitLines(bytes).entries()) {
      await problemOf(visitor, () => score(line, firstLine + i));
    }
    return undefined;
  }
}

/** Runs `call`; an `NgramdError` becomes the line's problem. */
async function problemOf<T>(visitor: LineVisitor, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof NgramdError)) throw error;
    visitor.problem(error);
    return undefined;
  }
}

/** The lines of a text, each with its line feed. */
export function splitLines(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf(0x0a, start);
    const end = lineFeed < 0 ? text.length : lineFeed + 1;
    lines.push(text.subarray(start, end));
    start = end;
  }
  return lines;
}
