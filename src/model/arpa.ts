import { NgramdError } from '../errors.ts';
import { type TokenId, UNKNOWN, UNSEEN } from '../index/count-index.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { cutNGrams } from '../index/resident/sorted-families.ts';
import type { ArpaModel } from './arpa-level.ts';
import { log10 } from './arpa-lines.ts';
import type { Model } from './model.ts';

/** The beginning of an ARPA file, and how the rest is divided. */
export interface ArpaOutline {
  /** The header, up to an empty line. */
  readonly header: string;
  /** The lines of unigrams that the corpus does not count. */
  readonly addedUnigrams: string;
  /** Of each order, order 1 first, where each part of its n-grams begins; it ends where the next one begins. */
  readonly cuts: readonly (readonly (readonly TokenId[])[])[];
}

/** The number of n-grams in a part, of which a thread writes one at a time. */
const partNGrams = 2 ** 15;

/**
 * A model as an ARPA file has it. Throws `invalid-request` for an estimator that is not a back-off model, and `empty-text` for
 * a corpus without words.
 */
export async function arpaModel(model: Model, trie: CountTrie | undefined): Promise<ArpaModel> {
  const { estimator, order, counts, vocabulary } = model;
  if (counts.totals.tokens === 0) {
    throw new NgramdError('empty-text', 'This corpus has no text yet: there is no model to write.');
  }
  const { numbers } = estimator;
  if (estimator.backoff === undefined || numbers.form !== 'interpolation') {
    const detail = `An ARPA file holds back-off models, in which the words that never follow a context have their probability after the next shorter one times a weight; ${estimator.name} of order ${order} is none. modified-kneser-ney, kneser-ney, absolute-discounting and witten-bell are, and laplace up to order 2.`;
    throw new NgramdError('invalid-request', detail, [{ pointer: '/estimator', detail }]);
  }
  if (trie === undefined) throw new Error('An ARPA file is written from the index in memory.');
  const [spaceId] = await vocabulary.tokenIds([' ']);
  return { ...model, trie, numbers, spaceId };
}

/** How the ARPA file of a model begins, and how it is divided into parts. */
export async function arpaOutline(model: ArpaModel): Promise<ArpaOutline> {
  const { settings, counts, order, trie } = model;
  const added = await addedUnigrams(model);
  const numbers = counts.totals.distinct.slice(0, order);
  // <s> is not counted among the words.
  numbers[0] += added.length + (settings.sequences === 'line' ? 1 : 0);
  const header = ['\\data\\', ...numbers.map((number, i) => `ngram ${i + 1}=${number}`)];
  return {
    header: header.map((line) => `${line}\n`).join(''),
    addedUnigrams: added.map(({ token, probability }) => `${log10(probability)}\t${token}\t0\n`).join(''),
    cuts: numbers.map((_, i) => cutNGrams(trie, i + 1, partNGrams)),
  };
}

/**
 * Tokens that readers of ARPA files require and the corpus does not count: `<unk>` with the probability of an unknown word, and
 * the sentence markers, which have none.
 */
async function addedUnigrams(
  model: Model,
): Promise<{ readonly token: string; readonly probability: number | null }[]> {
  const { settings, counts, vocabulary, estimator } = model;
  const marks = settings.sequences === 'line' ? [] : ['<s>', '</s>'];
  const ids = await vocabulary.tokenIds(marks);
  const asked = { context: [], word: UNSEEN, reading: estimator.reads(1) };
  const index = await counts.prepare({ words: [UNKNOWN, ...ids], levels: [asked] });
  const unknown = estimator.probability(index.levels(asked.context, asked.word, asked.reading));
  return [
    ...(index.hasWord(UNKNOWN) ? [] : [{ token: '<unk>', probability: unknown }]),
    ...marks.filter((_, i) => !index.hasWord(ids[i])).map((token) => ({ token, probability: null })),
  ];
}
