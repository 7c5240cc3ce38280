import { NgramdError } from '../errors.ts';
import type { TextScore } from './score.ts';
import type { DocumentVisitor } from './score-documents.ts';

/** The scores of a block's lines, to be added up in their order. */
export interface LineSums {
  /** The number of lines that have ended. */
  lines: number;
  tokens: number;
  outOfVocabulary: number;
  /** For each line that has ended and has tokens: `logProbability` and `inVocabularyLogProbability`. */
  logProbabilities: Float64Array;
  /** The number of tokens of each of them. */
  lineTokens: Float64Array;
}

/** Collects the scores of lines for their sum; throws the problem of a line that cannot be scored, with its number. */
export class LineSummer implements DocumentVisitor {
  readonly #firstLine: number;
  /** The line of the document that has begun, if lines are documents. */
  #line: number | undefined;
  #lines = 0;
  #tokens = 0;
  #outOfVocabulary = 0;
  #logProbabilities: number[] = [];
  #lineTokens: number[] = [];

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
    this.#lineTokens.push(score.tokens);
  }

  begin(line: number): void {
    this.#line = line;
  }

  identify(): void {}

  problem({ code, message }: NgramdError): never {
    throw new NgramdError(code, `Line ${this.#line ?? this.#firstLine + this.#lines}: ${message}`);
  }

  reset(): void {
    this.#lines = 0;
    this.#tokens = 0;
    this.#outOfVocabulary = 0;
    this.#logProbabilities = [];
    this.#lineTokens = [];
  }

  sums(): LineSums {
    return {
      lines: this.#lines,
      tokens: this.#tokens,
      outOfVocabulary: this.#outOfVocabulary,
      logProbabilities: Float64Array.from(this.#logProbabilities),
      lineTokens: Float64Array.from(this.#lineTokens),
    };
  }
}
