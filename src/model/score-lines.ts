import { NgramdError } from '../errors.ts';
import type { Model } from './model.ts';
import {
  type ScoreOptions,
  type ScoreVisitor,
  type ScoringState,
  type TextScore,
  TextScorer,
} from './score.ts';

/** Some consecutive complete lines of a text, or a part of a long line. */
export interface LineBlock {
  bytes: Uint8Array;
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
 * Scores the lines of a block; `before` is the state of a line that continues. The score of a line does not depend on other
 * lines: if one of a block cannot be scored, only that line has a problem. Returns the state of a line that is continued;
 * undefined if it cannot be scored.
 */
export async function scoreBlock(
  model: Model,
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

/** The scores of a block's lines, to be added up in their order. */
export interface LineSums {
  /** The number of lines that have ended. */
  lines: number;
  tokens: number;
  outOfVocabulary: number;
  /** For each line that has ended and has tokens: `logProbability` and `inVocabularyLogProbability`. */
  logProbabilities: Float64Array;
}

/** Collects the scores of lines for their sum; throws the problem of a line that cannot be scored, with its number. */
export class LineSummer implements LineVisitor {
  readonly #firstLine: number;
  #lines = 0;
  #tokens = 0;
  #outOfVocabulary = 0;
  #logProbabilities: number[] = [];

  constructor(firstLine: number) {
    this.#firstLine = firstLine;
  }

  tokens(): void {}

  text(score: TextScore): void {
    this.#lines++;
    if (score.tokens === 0) return;
    this.#tokens += score.tokens;
    this.#outOfVocabulary += score.outOfVocabulary;
    this.#logProbabilities.push(score.logProbability, score.inVocabularyLogProbability);
  }

  problem({ code, message }: NgramdError): never {
    throw new NgramdError(code, `Line ${this.#firstLine + this.#lines}: ${message}`);
  }

  reset(): void {
    this.#lines = 0;
    this.#tokens = 0;
    this.#outOfVocabulary = 0;
    this.#logProbabilities = [];
  }

  sums(): LineSums {
    return {
      lines: this.#lines,
      tokens: this.#tokens,
      outOfVocabulary: this.#outOfVocabulary,
      logProbabilities: Float64Array.from(this.#logProbabilities),
    };
  }
}

/** The lines of a text, each with its line feed. */
function splitLines(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf(0x0a, start);
    const end = lineFeed < 0 ? text.length : lineFeed + 1;
    lines.push(text.subarray(start, end));
    start = end;
  }
  return lines;
}
