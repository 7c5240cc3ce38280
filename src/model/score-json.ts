import type { NgramdError } from '../errors.ts';
import type { ModelDescription } from './model.ts';
import {
  inVocabularyPerplexity,
  perplexity,
  type ScoreVisitor,
  type TextScore,
  type TokenScore,
} from './score.ts';

/** From this many characters on, a list of tokens is continued in another record. */
const listCharacters = 2 ** 20;

/** A line that cannot be scored: its record, and the problem to insert. */
export interface LineProblem {
  record: { line: number; version: number; normalized: false | undefined };
  problem: Pick<NgramdError, 'code' | 'message' | 'errors'>;
}

/** The records of lines in order, as UTF-8, with problems in their places. */
export type Records = (Uint8Array | LineProblem)[];

/**
 * Writes the scores of lines as NDJSON: `{line, version, tokens, …}` for each line, with the tokens' scores as `per_token`
 * if requested. A long list is sent before that in pieces: `{line, version, per_token, continued}`.
 */
export class RecordWriter implements ScoreVisitor {
  readonly #version: number;
  readonly #normalized: false | undefined;
  readonly #perToken: boolean;
  readonly #firstLine: number;
  #line: number;
  #list: string;
  #text = '';
  #records: Records = [];

  /** `list` is the beginning of the first line's list of tokens. */
  constructor(
    { version, estimator }: ModelDescription,
    { perToken }: { perToken: boolean },
    firstLine: number,
    list = '',
  ) {
    this.#version = version;
    this.#normalized = estimator.normalized ? undefined : false;
    this.#perToken = perToken;
    this.#firstLine = firstLine;
    this.#line = firstLine;
    this.#list = list;
  }

  /** The list of tokens so far of a line that has not ended. */
  get list(): string {
    return this.#list;
  }

  token(score: TokenScore): void {
    this.#list = withToken(this.#list, score);
    if (this.#list.length < listCharacters) return;
    this.#write({ ...this.#about(), per_token: [], continued: true });
  }

  text(score: TextScore): void {
    const view = { ...this.#about(), ...scoreView(score) };
    this.#write(this.#perToken ? { ...view, per_token: [] } : view);
    this.#line++;
  }

  problem({ code, message, errors }: NgramdError): void {
    this.#endText();
    this.#records.push({ record: this.#about(), problem: { code, message, errors } });
    this.#line++;
    this.#list = '';
  }

  /** Discards everything written. */
  reset(): void {
    this.#line = this.#firstLine;
    this.#list = '';
    this.#text = '';
    this.#records = [];
  }

  records(): Records {
    this.#endText();
    return this.#records;
  }

  #about() {
    // Undefined fields are omitted from the JSON.
    return { line: this.#line, version: this.#version, normalized: this.#normalized };
  }

  /** Writes a record, with the list of tokens in the place of its `per_token`. */
  #write(record: object): void {
    const json = JSON.stringify(record);
    this.#text += `${this.#list === '' ? json : json.replace(emptyList, () => `"per_token":[${this.#list}]`)}\n`;
    this.#list = '';
  }

  #endText(): void {
    if (this.#text !== '') this.#records.push(Buffer.from(this.#text));
    this.#text = '';
  }
}

const emptyList = '"per_token":[]';

/** A JSON list of tokens' scores, without its brackets, with one more appended. */
export function withToken(list: string, { token, logProbability, inVocabulary, order }: TokenScore): string {
  const separator = list === '' ? '' : ',';
  return `${list}${separator}{"token":${JSON.stringify(token)},"log_probability":${finiteOrNull(logProbability)},"in_vocabulary":${inVocabulary},"order":${order}}`;
}

/** A score in the form in which it is answered. */
export function scoreView(score: TextScore) {
  return {
    tokens: score.tokens,
    log_probability: finiteOrNull(score.logProbability),
    perplexity: finiteOrNull(perplexity(score.logProbability, score.tokens)),
    perplexity_in_vocabulary: finiteOrNull(inVocabularyPerplexity(score)),
    out_of_vocabulary: score.outOfVocabulary,
  };
}

/** The number, or null if JSON cannot represent it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
