import { type TokenId, UNSEEN } from '../index/count-index.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { cutNGrams } from '../index/resident/sorted-families.ts';
import { unknownId } from '../text/reserved.ts';
import type { ArpaModel } from './arpa-level.ts';
import { log10 } from './arpa-lines.ts';
import { type BackoffModel, backoffModel } from './backoff-model.ts';
import type { CountModel } from './count-model.ts';

/** The beginning of an ARPA file. */
export interface ArpaHeader {
  /** The header, up to an empty line. */
  readonly header: string;
  /** The lines of unigrams that the corpus does not count. */
  readonly addedUnigrams: string;
}

/** The beginning of an ARPA file, and how the rest is divided. */
export interface ArpaOutline extends ArpaHeader {
  /** Of each order, order 1 first, where each part of its n-grams begins; it ends where the next one begins. */
  readonly cuts: readonly (readonly (readonly TokenId[])[])[];
}

/** The number of n-grams in a part, of which a thread writes one at a time. */
const partNGrams = 2 ** 15;

/** A back-off model whose counts are in memory. Throws the errors of `backoffModel`. */
export async function arpaModel(model: CountModel, trie: CountTrie | undefined): Promise<ArpaModel> {
  const ofModel = await backoffModel(model);
  if (trie === undefined) throw new Error('The counts of this model are not in memory.');
  return { ...ofModel, trie };
}

/** How the ARPA file of a model begins, and how it is divided into parts. */
export async function arpaOutline(model: ArpaModel): Promise<ArpaOutline> {
  const header = await arpaHeader(model);
  const cuts = Array.from({ length: model.order }, (_, i) => cutNGrams(model.trie, i + 1, partNGrams));
  return { ...header, cuts };
}

/** How the ARPA file of a model begins. */
export async function arpaHeader(model: BackoffModel): Promise<ArpaHeader> {
  const { settings, counts, order } = model;
  const added = await addedUnigrams(model);
  const numbers = counts.totals.distinct.slice(0, order);
  // <s> is not counted among the words.
  numbers[0] += added.length + (settings.sequences === 'line' ? 1 : 0);
  const header = ['\\data\\', ...numbers.map((number, i) => `ngram ${i + 1}=${number}`)];
  return {
    header: header.map((line) => `${line}\n`).join(''),
    addedUnigrams: added.map(({ token, probability }) => `${log10(probability)}\t${token}\t0\n`).join(''),
  };
}

/**
 * Tokens that readers of ARPA files require and the corpus does not count: `<unk>` with the probability of an unknown word, and
 * the sentence markers, which have none.
 */
async function addedUnigrams(
  model: BackoffModel,
): Promise<{ readonly token: string; readonly probability: number | null }[]> {
  const { settings, counts, vocabulary, estimator } = model;
  const marks = settings.sequences === 'line' ? [] : ['<s>', '</s>'];
  const ids = await vocabulary.tokenIds(marks);
  const asked = { context: [], word: UNSEEN, reading: estimator.reads(1) };
  const index = await counts.prepare({ words: [unknownId(settings), ...ids], levels: [asked] });
  const unknown = estimator.probability(index.levels(asked.context, asked.word, asked.reading));
  return [
    ...(index.hasWord(unknownId(settings)) ? [] : [{ token: '<unk>', probability: unknown }]),
    ...marks.filter((_, i) => !index.hasWord(ids[i])).map((token) => ({ token, probability: null })),
  ];
}
