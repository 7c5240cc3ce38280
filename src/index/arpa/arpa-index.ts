import { reservedId, unknownId } from '../../text/reserved.ts';
import { type TokenId, UNSEEN } from '../count-index.ts';
import { ResidentVocabulary } from '../resident/resident-vocabulary.ts';
import { type ArpaLevels, type ArpaTable, childOf, NONE, tableBytes } from './arpa-table.ts';

/**
 * log10 of the probability of an unknown word in a model that lists no `<unk>`, before back-off weights: what KenLM
 * gives it (`Config::unknown_missing_logprob`).
 */
const unknownLogProbability = -100;

/** The n-grams that an ARPA file lists, in memory. */
export class ArpaIndex {
  readonly table: ArpaTable;
  readonly version: number;
  readonly order: number;
  readonly levels: ArpaLevels;
  readonly vocabulary: ResidentVocabulary;
  /** How much memory its arrays take. */
  readonly bytes: number;
  /**
   * The id under which words are looked up that the file does not list: that of `<unk>` if it lists this one; else
   * `UNSEEN`.
   */
  readonly unknown: TokenId;
  readonly #sequenceStart: TokenId | undefined;

  constructor(table: ArpaTable) {
    this.table = table;
    this.version = table.version;
    this.order = table.levels.length;
    this.levels = table.levels;
    this.vocabulary = new ResidentVocabulary(table.vocabulary);
    this.bytes = tableBytes(table);
    this.#sequenceStart = reservedId(table.settings, '<s>');
    const unknown = unknownId(table.settings);
    this.unknown = this.hasWord(unknown) ? unknown : UNSEEN;
  }

  /** Whether a token can be a next word: whether it is listed, and not `<s>`. */
  hasWord(id: TokenId): boolean {
    const { size, logProbabilities } = this.levels[0];
    return id >= 0 && id < size && id !== this.#sequenceStart && !Number.isNaN(logProbabilities[id]);
  }

  /** The contexts that a context has: the nodes of its last 1, 2, … tokens, `NONE` if the file does not list them. */
  contextsOf(context: readonly TokenId[]): Contexts {
    const contexts = new Contexts(this.order);
    for (const id of context) this.extend(contexts, id);
    return contexts;
  }

  /**
   * Moves contexts on by a word, whose probability after them they then have. Returns the length of the longest listed
   * n-gram that ends with it, 0 if there is none.
   */
  extend(contexts: Contexts, word: TokenId): number {
    const { nodes } = contexts;
    const longest = this.order - 1;
    let seen = 0;
    let logProbability = unknownLogProbability;
    let backoff = 0;
    for (let length = contexts.length; length >= 0; length--) {
      const node = this.#after(nodes[length], length, word);
      if (seen === 0) {
        const listed = node === NONE ? Number.NaN : this.levels[length].logProbabilities[node];
        if (Number.isNaN(listed)) backoff += this.backoffOf(nodes[length], length);
        else {
          seen = length + 1;
          logProbability = listed;
        }
      }
      if (length < longest) nodes[length + 1] = node;
    }
    contexts.logProbability = logProbability + backoff;
    if (contexts.length < longest) contexts.length++;
    return seen;
  }

  /**
   * log10 P(w|h), as Katz (1987) backs off: of the longest listed n-gram that ends with w, and the back-off weights of
   * the contexts that are longer than it has.
   */
  logProbability({ nodes, length }: Contexts, word: TokenId): number {
    let backoff = 0;
    for (let before = length; before >= 0; before--) {
      const node = this.#after(nodes[before], before, word);
      if (node !== NONE) {
        const listed = this.levels[before].logProbabilities[node];
        if (!Number.isNaN(listed)) return listed + backoff;
      }
      backoff += this.backoffOf(nodes[before], before);
    }
    return unknownLogProbability + backoff;
  }

  /** log10 of the back-off weight of a context of `length` tokens; 0 if none is listed. */
  backoffOf(node: number, length: number): number {
    return length === 0 || node === NONE ? 0 : this.levels[length - 1].backoffs[node];
  }

  /** Whether the file lists an n-gram, given by its context and its last word. */
  isListed({ nodes }: Contexts, length: number, word: TokenId): boolean {
    const node = this.#after(nodes[length], length, word);
    return node !== NONE && !Number.isNaN(this.levels[length].logProbabilities[node]);
  }

  /** The node of a context of `length` tokens and a word. */
  #after(context: number, length: number, word: TokenId): number {
    if (length === 0) return word >= 0 && word < this.levels[0].size ? word : NONE;
    return context === NONE ? NONE : childOf(this.levels, length, context, word);
  }
}

/** The nodes of the last 0, 1, 2, … tokens of a context, as far as it has them. */
export class Contexts {
  /** The node of the last `i` tokens at index i; index 0 stands for the empty context. */
  readonly nodes: Int32Array;
  /** The number of tokens of the context, at most the order - 1. */
  length = 0;
  /** log10 of the probability of the last token of the context, after those before it. */
  logProbability = 0;

  constructor(order: number) {
    this.nodes = new Int32Array(order);
  }
}
