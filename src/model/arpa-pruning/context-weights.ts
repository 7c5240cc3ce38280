import { leftOfAll, massOf, totalOf } from '../../estimators/evaluation/terms.ts';
import type { OrderNumbers } from '../../estimators/numbers.ts';
import { NONE } from '../../index/resident/children.ts';
import type { CountTrie } from '../../index/resident/count-trie.ts';
import { type MovingLevel, movingLevel } from '../../index/resident/trie-levels.ts';
import type { TrieSelection } from './trie-selection.ts';

/**
 * What the words after a context h share, at one order:
 *
 *     P(w|h) = (what is left of the count of hw + mass of h · P(w|h')) / total of h
 *
 * If some words are left out after h, what is left of their counts goes to the mass, as in `lmplz --prune`: the total
 * stays, and P(·|h) adds up to one.
 */
export class ContextWeights {
  mass = 0;
  total = 0;
  readonly #order: number;
  readonly #numbers: OrderNumbers;
  readonly #context: MovingLevel;
  readonly #selection: TrieSelection | undefined;

  constructor(trie: CountTrie, order: number, numbers: OrderNumbers, selection: TrieSelection | undefined) {
    this.#order = order;
    this.#numbers = numbers;
    this.#context = movingLevel(trie, { order, counts: numbers.counts });
    this.#selection = selection;
  }

  /** Goes to the context `parent`, a node of the order before. */
  moveTo(parent: number): void {
    const context = this.#context;
    context.moveTo(NONE, parent);
    this.total = context.contextCount === 0 ? 0 : totalOf(this.#numbers, context);
    this.mass = massOf(this.#numbers, context);
    if (this.#selection === undefined) return;
    const { counts } = this.#numbers;
    this.mass += leftOfAll(this.#numbers, this.#selection.prunedAfter(this.#order, parent, counts));
  }

  /** The weight of P(w|h') for words that do not follow h; 1 if nothing does. */
  get backoff(): number {
    return this.total === 0 ? 1 : this.mass / this.total;
  }
}
