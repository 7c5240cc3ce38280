import type { NgramdError } from '../errors.ts';
import type { Bytes } from '../platform/moved.ts';
import { type DocumentId, jsonOfId } from '../text/json-lines.ts';
import { crossEntropyDifference, type OtherScores, scoreOf } from './difference.ts';
import { type JsonBytes, type Piece, piece } from './json-bytes.ts';
import type { ModelDescription } from './language-model.ts';
import { type LogBase, logUnit } from './log-base.ts';
import {
  inVocabularyPerplexity,
  perplexity,
  type ScoredTokens,
  type ScoreOptions,
  type TextScore,
} from './score.ts';
import type { DocumentVisitor } from './score-documents.ts';
import { TokenList } from './token-list.ts';

/** From this many bytes on, a list of tokens is continued in another record. */
const listBytes = 2 ** 20;

/** What records are made of, besides their values. */
const parts = {
  continued: piece(',"continued":true}\n'),
  tokens: piece(',"tokens":'),
  logProbability: piece(',"log_probability":'),
  perplexityOfAll: piece(',"perplexity":'),
  perplexityInVocabulary: piece(',"perplexity_in_vocabulary":'),
  outOfVocabulary: piece(',"out_of_vocabulary":'),
  difference: piece(',"cross_entropy_difference":'),
  endObject: piece('}'),
  end: piece('}\n'),
  line: piece('{"line":'),
  listStart: piece(',"per_token":['),
  listEnd: piece(']'),
};

/** A line that cannot be scored: its record, and the problem to insert. */
export interface LineProblem {
  /** The number of bytes of the records before it. */
  at: number;
  record: {
    line: number;
    id: DocumentId | undefined;
    version: number;
    part_versions: readonly number[] | undefined;
    normalized: false | undefined;
  };
  problem: Pick<NgramdError, 'code' | 'message' | 'errors'>;
}

/** The perplexities below which a text is in the head, and in the middle. */
export type Cutoffs = readonly [head: number, middle: number];

/** How texts are scored and what their records contain. */
export interface RecordOptions extends ScoreOptions {
  /** If given, each record has its bucket. */
  cutoffs?: Cutoffs | undefined;
}

/** The records of lines in order, as UTF-8, without those of lines that cannot be scored. */
export interface Records extends Bytes {
  problems: LineProblem[];
}

/** Where records begin. */
export interface RecordsPlace {
  /** The number of the first line. */
  firstLine: number;
  /** The beginning of the first line's list of tokens. */
  list?: Uint8Array | undefined;
  /** The scores of another model for the same lines, in their order. */
  against?: OtherScores | undefined;
}

/**
 * Writes the scores of lines as NDJSON: `{line, version, tokens, …}` for each line, with the tokens' scores as
 * `per_token` if requested. A long list is sent before that in pieces: `{line, version, per_token, continued}`. Records
 * of documents have their ids; against another model they have its scores and the difference.
 */
export class RecordWriter implements DocumentVisitor {
  /** What follows a record's line: the version, and that scores are not normalized. */
  readonly #model: Piece;
  readonly #about: Omit<LineProblem['record'], 'line' | 'id'>;
  readonly #perToken: boolean;
  readonly #logBase: LogBase | undefined;
  readonly #cutoffs: Cutoffs | undefined;
  readonly #firstLine: number;
  readonly #against: OtherScores | undefined;
  /** What the score of the other model begins with. */
  readonly #otherModel: Piece | undefined;
  /** The number of texts before the next one. */
  #texts = 0;
  readonly #json: JsonBytes;
  #line: number;
  #id: DocumentId | undefined;
  readonly #list: TokenList;
  #problems: LineProblem[] = [];

  /** Writes to `json`, which is empty. */
  constructor(
    model: ModelDescription,
    { perToken, logBase, cutoffs }: Pick<RecordOptions, 'perToken' | 'logBase' | 'cutoffs'>,
    { firstLine, list, against }: RecordsPlace,
    json: JsonBytes,
  ) {
    this.#about = {
      version: model.version,
      part_versions: model.partVersions,
      normalized: model.estimator.normalized ? undefined : false,
    };
    this.#model = piece(`,${modelFields(model)}`);
    this.#against = against;
    this.#otherModel = against && piece(`,"against":{${modelFields(against.model)}`);
    this.#perToken = perToken;
    this.#logBase = logBase;
    this.#cutoffs = cutoffs;
    this.#firstLine = firstLine;
    this.#json = json;
    this.#line = firstLine;
    this.#list = new TokenList(logBase, list);
  }

  begin(line: number): void {
    this.#line = line;
    this.#id = undefined;
  }

  identify(id: DocumentId): void {
    this.#id = id;
  }

  /** The list of tokens so far of a line that has not ended. */
  takeList(): Uint8Array {
    return this.#list.take();
  }

  tokens(scores: ScoredTokens, from: number, to: number): void {
    for (let at = from; at < to; ) {
      at = this.#list.add(scores, at, to, listBytes);
      if (this.#list.bytes < listBytes) continue;
      this.#beginRecord();
      this.#writeList();
      this.#json.piece(parts.continued);
    }
  }

  /** Throws the problem that the other model has with the text. */
  text(score: TextScore): void {
    const json = this.#json;
    const other = this.#against && scoreOf(this.#against.outcomes[this.#texts]);
    this.#beginRecord();
    const ofText = this.#writeScore(score);
    if (this.#cutoffs !== undefined) json.text(`,"bucket":"${bucketOf(ofText, this.#cutoffs)}"`);
    if (other !== undefined) {
      json.piece(this.#otherModel as Piece);
      this.#writeScore(other);
      json.piece(parts.endObject);
      json.piece(parts.difference);
      json.number(crossEntropyDifference(score, other) / logUnit(this.#logBase));
    }
    if (this.#perToken) this.#writeList();
    json.piece(parts.end);
    this.#endText();
  }

  problem({ code, message, errors }: NgramdError): void {
    const record = { line: this.#line, id: this.#id, ...this.#about };
    this.#problems.push({ at: this.#json.length, record, problem: { code, message, errors } });
    this.#list.take();
    this.#endText();
  }

  /** Discards everything written. */
  reset(): void {
    this.#line = this.#firstLine;
    this.#texts = 0;
    this.#list.take();
    this.#json.length = 0;
    this.#problems = [];
  }

  records(): Records {
    const { bytes, length } = this.#json;
    return { memory: bytes.buffer, length, problems: this.#problems };
  }

  #endText(): void {
    this.#line++;
    this.#texts++;
  }

  /** Writes a score; returns the perplexity. */
  #writeScore(score: TextScore): number {
    const json = this.#json;
    json.piece(parts.tokens);
    json.number(score.tokens);
    json.piece(parts.logProbability);
    json.number(score.logProbability / logUnit(this.#logBase));
    const ofText = perplexity(score.logProbability, score.tokens);
    json.piece(parts.perplexityOfAll);
    json.number(ofText);
    json.piece(parts.perplexityInVocabulary);
    json.number(inVocabularyPerplexity(score));
    json.piece(parts.outOfVocabulary);
    json.number(score.outOfVocabulary);
    return ofText;
  }

  #beginRecord(): void {
    const json = this.#json;
    json.piece(parts.line);
    json.number(this.#line);
    if (this.#id !== undefined) json.copy(Buffer.from(`,"id":${jsonOfId(this.#id)}`));
    json.piece(this.#model);
  }

  #writeList(): void {
    this.#json.piece(parts.listStart);
    this.#list.moveTo(this.#json);
    this.#json.piece(parts.listEnd);
  }
}

/** What a record says of a model. */
function modelFields({ version, partVersions, estimator }: ModelDescription): string {
  const ofParts = partVersions === undefined ? '' : `,"part_versions":[${partVersions}]`;
  return `"version":${version}${ofParts}${estimator.normalized ? '' : ',"normalized":false'}`;
}

/** Where a text belongs by its perplexity; in the tail if it has none. */
export function bucketOf(perplexity: number, [head, middle]: Cutoffs): 'head' | 'middle' | 'tail' {
  if (perplexity < head) return 'head';
  return perplexity < middle ? 'middle' : 'tail';
}

/** A score in the form in which it is answered, with logarithms to a base, natural ones if it is undefined. */
export function scoreView(score: TextScore, base?: LogBase) {
  return {
    tokens: score.tokens,
    log_probability: finiteOrNull(score.logProbability / logUnit(base)),
    perplexity: finiteOrNull(perplexity(score.logProbability, score.tokens)),
    perplexity_in_vocabulary: finiteOrNull(inVocabularyPerplexity(score)),
    out_of_vocabulary: score.outOfVocabulary,
  };
}

/** A score against that of another model, in the form in which both are answered. */
export function differenceView(score: TextScore, against: TextScore, base?: LogBase) {
  return {
    against: scoreView(against, base),
    cross_entropy_difference: finiteOrNull(crossEntropyDifference(score, against) / logUnit(base)),
  };
}

/** The number, or null if JSON cannot represent it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
