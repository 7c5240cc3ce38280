import { leftOfAll, massOf, totalOf } from '../estimators/evaluation/terms.ts';
import { type ContextCounts, type TokenId, UNSEEN } from '../index/count-index.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { cutNGrams } from '../index/resident/sorted-families.ts';
import { unknownId } from '../text/reserved.ts';
import type { ArpaModel } from './arpa-level.ts';
import { log10 } from './arpa-lines.ts';
import { baseWithout, CountSums, keepsAll, type Pruning, type Selection } from './arpa-pruning/pruning.ts';
import { selectInTrie, TrieSelection } from './arpa-pruning/trie-selection.ts';
import { type BackoffModel, backoffModel } from './backoff-model.ts';
import type { CountModel } from './count-model.ts';

/** The beginning of an ARPA file. */
export interface ArpaBeginning {
  /** The number of n-grams of each order, order 1 first. */
  readonly ngrams: readonly number[];
  /** The lines of unigrams that the corpus does not count. */
  readonly addedUnigrams: string;
}

/** The beginning of an ARPA file, and how the rest is divided. */
export interface ArpaOutline extends ArpaBeginning {
  /** Of each order, order 1 first, where each part of its n-grams begins; it ends where the next one begins. */
  readonly cuts: readonly (readonly (readonly TokenId[])[])[];
  /** Which n-grams are kept; all if undefined. */
  readonly selection: Selection | undefined;
}

/** The number of n-grams in a part, of which a thread writes one at a time. */
const partNGrams = 2 ** 15;

/** A back-off model whose counts are in memory. Throws the errors of `backoffModel`. */
export async function arpaModel(model: CountModel, trie: CountTrie | undefined): Promise<ArpaModel> {
  const ofModel = await backoffModel(model);
  if (trie === undefined) throw new Error('The counts of this model are not in memory.');
  return { ...ofModel, trie };
}

/**
 * How the ARPA file of a model begins, and how it is divided into parts. Throws the errors of `selectInTrie`. The
 * n-grams that are left out because of their entropy are still in it.
 */
export async function arpaOutline(model: ArpaModel, pruning: Pruning): Promise<ArpaOutline> {
  const { trie, order, numbers } = model;
  const cuts = Array.from({ length: order }, (_, i) => cutNGrams(trie, i + 1, partNGrams));
  if (keepsAll(pruning)) return { ...(await arpaBeginning(model)), cuts, selection: undefined };
  const selection = await selectInTrie(model, trie, pruning, numbers.orders[0].counts);
  const kept = new TrieSelection(trie, selection).count(order);
  const beginning = await arpaBeginning(model, { kept, prunedUnigrams: selection.prunedUnigrams });
  return { ...beginning, cuts, selection };
}

/** How an ARPA file begins, of which some n-grams may be left out. */
export async function arpaBeginning(model: BackoffModel, pruned?: PrunedNGrams): Promise<ArpaBeginning> {
  const { settings, counts, order } = model;
  const added = await addedUnigrams(model, pruned?.prunedUnigrams);
  const ngrams = pruned?.kept.slice() ?? counts.totals.distinct.slice(0, order);
  // The totals do not count <s> among the words.
  const start = pruned === undefined && settings.sequences === 'line' ? 1 : 0;
  ngrams[0] += added.length + start;
  return {
    ngrams,
    addedUnigrams: added.map(({ token, probability }) => `${log10(probability)}\t${token}\t0\n`).join(''),
  };
}

/** What is left of the n-grams of a model. */
interface PrunedNGrams {
  /** The number of n-grams of each order that are kept, including the unigram `<s>`. */
  readonly kept: readonly number[];
  readonly prunedUnigrams: ContextCounts;
}

/** The header of an ARPA file, up to an empty line. */
export function arpaHeader(ngrams: readonly number[]): string {
  const lines = ['\\data\\', ...ngrams.map((number, i) => `ngram ${i + 1}=${number}`)];
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Tokens that readers of ARPA files require and the corpus does not count: `<unk>` with the probability of an unknown
 * word, and the sentence markers, which have none.
 */
async function addedUnigrams(
  { settings, counts, vocabulary, estimator, numbers }: BackoffModel,
  pruned: ContextCounts = new CountSums(1),
): Promise<{ readonly token: string; readonly probability: number | null }[]> {
  const marks = settings.sequences === 'line' ? [] : ['<s>', '</s>'];
  const ids = await vocabulary.tokenIds(marks);
  const asked = { context: [], word: UNSEEN, reading: estimator.reads(1) };
  const index = await counts.prepare({ words: [unknownId(settings), ...ids], levels: [asked] });
  const [level] = index.levels(asked.context, asked.word, asked.reading);
  const [ofOrder] = numbers.orders;
  const mass = massOf(ofOrder, level) + leftOfAll(ofOrder, pruned);
  const unknown = (mass * baseWithout(numbers.base, pruned.followers)) / totalOf(ofOrder, level);
  return [
    ...(index.hasWord(unknownId(settings)) ? [] : [{ token: '<unk>', probability: unknown }]),
    ...marks.filter((_, i) => !index.hasWord(ids[i])).map((token) => ({ token, probability: null })),
  ];
}
