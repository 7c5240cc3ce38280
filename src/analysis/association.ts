/** The measures of how strongly words are associated. */
export const measureNames = ['pmi', 'log_likelihood', 't', 'dice'] as const;
export type MeasureName = (typeof measureNames)[number];

/** How often words occur together and alone. */
export interface Cooccurrence {
  /** n(w1 … wk), at least 1. */
  readonly joint: number;
  /** n(w1), …, n(wk), each at least 1. */
  readonly single: readonly number[];
  /** The number of all tokens. */
  readonly total: number;
}

/** The values of the measures that are defined. */
export type Measures = { readonly [name in MeasureName]?: number };

/** Whether a measure is defined for so many words. */
export function isDefinedFor(name: MeasureName, words: number): boolean {
  return name === 'pmi' || name === 't' ? words >= 2 : words === 2;
}

/** The measures as functions of the counts; each is as NLTK's `BigramAssocMeasures` computes it. */
export const measures: { readonly [name in MeasureName]: (counts: Cooccurrence) => number } = {
  /**
   * Pointwise mutual information in bits, log₂(n(w1 … wk) N^(k-1) / (n(w1) … n(wk))) (Church & Hanks 1990; Manning &
   * Schütze 1999, section 5.4; NLTK's `pmi`).
   */
  pmi: ({ joint, single, total }) =>
    single.reduce(
      (sum, count) => sum - Math.log2(count),
      Math.log2(joint) + (single.length - 1) * Math.log2(total),
    ),
  /**
   * Dunning's log-likelihood ratio, 2 Σ O ln(O/E) over the four cells of the contingency table of two words (Dunning
   * 1993; Manning & Schütze 1999, section 5.3.4; NLTK's `likelihood_ratio`). It is also high for words that avoid each
   * other. In tiny corpora where a word follows itself, n(w1) + n(w2) can exceed N: a cell that is not above 0 adds
   * nothing.
   */
  log_likelihood: ({ joint, single: [first, second], total }) =>
    2 *
    (cell(joint, (first * second) / total) +
      cell(first - joint, (first * (total - second)) / total) +
      cell(second - joint, ((total - first) * second) / total) +
      cell(total - first - second + joint, ((total - first) * (total - second)) / total)),
  /**
   * Student's t, (O - E) / √O with O = n(w1 … wk) and E = n(w1) … n(wk) / N^(k-1) (Church, Gale, Hanks & Hindle 1991;
   * Manning & Schütze 1999, section 5.3.1; NLTK's `student_t`).
   */
  t: ({ joint, single, total }) =>
    (joint - single.reduce((product, count) => (product * count) / total, total)) / Math.sqrt(joint),
  /** Dice's coefficient, 2 n(w1 w2) / (n(w1) + n(w2)) (Smadja, McKeown & Hatzivassiloglou 1996; NLTK's `dice`). */
  dice: ({ joint, single: [first, second] }) => (2 * joint) / (first + second),
};

function cell(observed: number, expected: number): number {
  return observed <= 0 || expected <= 0 ? 0 : observed * Math.log(observed / expected);
}

/** All measures that are defined for the words. */
export function measuresOf(counts: Cooccurrence): Measures {
  const defined = measureNames.filter((name) => isDefinedFor(name, counts.single.length));
  return Object.fromEntries(defined.map((name) => [name, measures[name](counts)]));
}
