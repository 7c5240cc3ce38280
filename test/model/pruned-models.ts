/** Pruned models by brute force, from their definitions, with n-grams in maps. */
import { left, totalOf } from '../../src/estimators/evaluation/terms.ts';
import type { Interpolation } from '../../src/estimators/numbers.ts';
import { occurrencesAt, type TokenId, UNSEEN } from '../../src/index/count-index.ts';
import { UNKNOWN } from '../estimators/oracle.ts';
import type { ResidentModel } from './models.ts';

/** What is left out: counts up to the threshold of an order, and words. */
export interface BrutePruning {
  readonly thresholds: readonly number[];
  /** The words that are kept; all if omitted. */
  readonly words?: ReadonlySet<string> | undefined;
}

/** An n-gram of a back-off model, with natural numbers instead of logarithms. */
export interface Entry {
  readonly ngram: readonly TokenId[];
  readonly probability: number;
  readonly backoff: number;
}

/** A back-off model: for each order its n-grams by their ids, joined with spaces. */
export interface BruteModel {
  readonly orders: readonly Map<string, Entry>[];
  /** The words over which probabilities add up to one; `UNSEEN` stands for words that are not counted. */
  readonly words: readonly TokenId[];
  readonly unknown: number;
}

const keyOf = (ngram: readonly TokenId[]) => ngram.join(' ');
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/**
 * The model whose n-grams are left out by counts and words. The mass of the lower order after h is what makes the
 * probabilities after h add up to one.
 */
export function bruteModel(model: ResidentModel, pruning: BrutePruning): BruteModel {
  const { index, estimator, order: highest, idOf, tokenOf } = model;
  const { base, orders: numbers } = estimator.numbers as Interpolation;
  const always = [UNKNOWN, idOf('<s>'), idOf('</s>')];
  const occurs = (ngram: readonly TokenId[]) =>
    index.levels(ngram.slice(0, -1), ngram.at(-1) as TokenId, occurrencesAt([ngram.length]))[0].count;
  const thresholdOf = (order: number) => pruning.thresholds[order - 1] ?? pruning.thresholds.at(-1) ?? 0;
  const isWordKept = (id: TokenId) =>
    always.includes(id) || ((pruning.words?.has(tokenOf(id)) ?? true) && occurs([id]) > thresholdOf(1));
  const isKept = (ngram: readonly TokenId[]) =>
    ngram.every(isWordKept) && (ngram.length === 1 || occurs(ngram) > thresholdOf(ngram.length));
  const countOf = (ngram: readonly TokenId[]) => {
    const { counts } = numbers[ngram.length - 1];
    const reading = { levels: [{ order: ngram.length, counts }], followers: true };
    return index.levels(ngram.slice(0, -1), ngram.at(-1) as TokenId, reading)[0];
  };
  /** The n-grams of each order by their contexts. */
  const families = Array.from({ length: highest }, (_, i) =>
    Map.groupBy([...index.ngrams(i + 1, [])].flat(), (ngram) => keyOf(ngram.slice(0, -1))),
  );
  const start = model.settings.sequences === 'line' ? idOf('<s>') : UNSEEN;
  /** Mass and total after a context. */
  const sharesOf = (context: readonly TokenId[]) => {
    const order = context.length + 1;
    const ngrams = (families[order - 1].get(keyOf(context)) ?? []).filter((g) => order > 1 || g[0] !== start);
    if (ngrams.length === 0) return undefined;
    const ofOrder = numbers[order - 1];
    const total = totalOf(ofOrder, countOf(ngrams[0]));
    const kept = ngrams.filter(isKept).map((ngram) => left(ofOrder, countOf(ngram).count));
    return { mass: total - sum(kept), total };
  };
  const unigrams = [...(families[0].get('') ?? [])].map(([id]) => id).filter((id) => id !== start);
  const dropped = unigrams.filter((id) => !isWordKept(id)).length;
  const isUnknownAWord = Math.round(1 / base) > unigrams.length;
  const uniform = 1 / (Math.round(1 / base) - dropped);
  const ofUnigrams = sharesOf([]) as { mass: number; total: number };
  const unknown = (ofUnigrams.mass * uniform) / ofUnigrams.total;
  const orders: Map<string, Entry>[] = [];
  for (let order = 1; order <= highest; order++) {
    const entries = new Map<string, Entry>();
    for (const ngram of [...families[order - 1].values()].flat().filter(isKept)) {
      const { mass, total } = sharesOf(ngram.slice(0, -1)) as { mass: number; total: number };
      const lower =
        order === 1 ? uniform : (orders[order - 2].get(keyOf(ngram.slice(1))) as Entry).probability;
      const own = (left(numbers[order - 1], countOf(ngram).count) + mass * lower) / total;
      const next = order < highest ? sharesOf(ngram) : undefined;
      const backoff = next === undefined ? 1 : next.mass / next.total;
      const probability = order === 1 && ngram[0] === start ? 1 : own;
      entries.set(keyOf(ngram), { ngram, probability, backoff });
    }
    orders.push(entries);
  }
  const words = [...unigrams.filter(isWordKept), ...(isUnknownAWord ? [UNSEEN] : [])];
  return { orders, words, unknown };
}

/** P(w|h) of a back-off model. */
export function probabilityIn(model: BruteModel, context: readonly TokenId[], word: TokenId): number {
  const { orders, unknown } = model;
  if (context.length === 0) return orders[0].get(keyOf([word]))?.probability ?? unknown;
  const entry = orders[context.length]?.get(keyOf([...context, word]));
  if (entry !== undefined) return entry.probability;
  const backoff = orders[context.length - 1].get(keyOf(context))?.backoff ?? 1;
  return backoff * probabilityIn(model, context.slice(1), word);
}

/**
 * The model without the n-grams that increase the perplexity by less than a part of it: P(h) times the relative entropy
 * of P(·|h) and the distribution without the n-gram, summed up over all words (Stolcke 1998, equation 2). n-grams with
 * which others begin stay.
 */
export function prunedByEntropy(
  model: BruteModel,
  threshold: number,
  marks: { start: TokenId; end: TokenId },
) {
  const kept = model.orders.map((entries) => new Map(entries));
  const probabilityOf = (context: readonly TokenId[]) =>
    context
      .map((word, i) =>
        i === 0 && word === marks.start
          ? probabilityIn(model, [], marks.end)
          : probabilityIn(model, context.slice(0, i), word),
      )
      .reduce((a, b) => a * b, 1);
  for (let order = model.orders.length; order > 1; order--) {
    const starts = new Set(
      [...(kept[order] ?? new Map<string, Entry>()).values()].map(({ ngram }) => keyOf(ngram.slice(0, -1))),
    );
    const families = Map.groupBy(model.orders[order - 1].values(), ({ ngram }) => keyOf(ngram.slice(0, -1)));
    for (const family of families.values()) {
      const context = family[0].ngram.slice(0, -1);
      const before = model.words.map((word) => probabilityIn(model, context, word));
      const lower = model.words.map((word) => probabilityIn(model, context.slice(1), word));
      for (const { ngram } of family) {
        const removed = ngram[order - 1];
        const isExplicit = model.words.map(
          (word) => word !== removed && family.some(({ ngram }) => ngram[order - 1] === word),
        );
        const mass = sum(before.map((p, i) => (isExplicit[i] ? 0 : p)));
        const lowerMass = sum(lower.map((p, i) => (isExplicit[i] ? 0 : p)));
        const after = before.map((p, i) => (isExplicit[i] ? p : (mass / lowerMass) * lower[i]));
        const divergence = sum(before.map((p, i) => (p === 0 ? 0 : p * Math.log(p / after[i]))));
        const increase = Math.expm1(probabilityOf(context) * divergence);
        if (increase < threshold && !starts.has(keyOf(ngram))) kept[order - 1].delete(keyOf(ngram));
      }
    }
  }
  const pruned: BruteModel = { ...model, orders: kept };
  for (const [i, entries] of kept.entries()) {
    if (i + 1 === kept.length) continue;
    for (const [key, entry] of entries) {
      const { ngram } = entry;
      const isExplicit = (word: TokenId) => kept[i + 1].has(keyOf([...ngram, word]));
      const explicit = model.words.filter(isExplicit);
      if (explicit.length === 0) {
        const hadNone = !model.words.some((word) => model.orders[i + 1].has(keyOf([...ngram, word])));
        entries.set(key, { ...entry, backoff: hadNone ? entry.backoff : 1 });
        continue;
      }
      const mass = 1 - sum(explicit.map((word) => probabilityIn(pruned, ngram, word)));
      const others = model.words.filter((word) => !isExplicit(word));
      const lowerMass = sum(others.map((word) => probabilityIn(pruned, ngram.slice(1), word)));
      const backoff = others.length === 0 ? entry.backoff : Math.max(mass, 0) / lowerMass;
      entries.set(key, { ...entry, backoff });
    }
  }
  return pruned;
}
