import { type ArpaIndex, Contexts } from '../../index/arpa/arpa-index.ts';
import type { TokenRow } from '../../index/count-source.ts';
import type { RowScorer, ScoredRowShape } from '../language-model.ts';

/** Scores rows by what an ARPA file lists. */
export class ListedRows implements RowScorer {
  readonly probabilities: Float64Array;
  readonly inVocabulary: Uint8Array;
  readonly seen: Uint8Array;
  readonly #index: ArpaIndex;

  constructor(index: ArpaIndex, { capacity }: ScoredRowShape) {
    this.#index = index;
    this.probabilities = new Float64Array(capacity);
    this.inVocabulary = new Uint8Array(capacity);
    this.seen = new Uint8Array(capacity);
  }

  read({ ids, before, isWord, length }: TokenRow): void {
    const index = this.#index;
    let contexts = new Contexts(index.order);
    for (let i = 0; i < length; i++) {
      if (before[i] === 0) contexts = new Contexts(index.order);
      const isKnown = index.hasWord(ids[i]);
      if (isWord[i] === 1 && !isKnown) ids[i] = index.unknown;
      this.inVocabulary[i] = isKnown ? 1 : 0;
      this.seen[i] = index.extend(contexts, ids[i]);
      this.probabilities[i] = 10 ** contexts.logProbability;
    }
  }
}
