import { NgramdError } from '../errors.ts';
import { type TokenId, UNKNOWN, UNSEEN } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';
import type { Model } from './model.ts';

/** Where an ARPA file continues: at an n-gram of this order; at the first one if `from` is empty. */
export interface ArpaPlace {
  readonly order: number;
  readonly from: readonly TokenId[];
}

/** A piece of an ARPA file, and where the next begins. */
export interface ArpaPart {
  readonly text: string;
  readonly next?: ArpaPlace;
}

/** log10 of the probability 0 in ARPA files. */
const impossible = -99;

/** A token that is a space, since spaces separate the words of an n-gram. */
const space = '<space>';

/**
 * The model as a back-off model in the ARPA format, in parts of at most `limit` n-grams, from the beginning if `place` is
 * omitted: for each n-gram hw of each order log10 P(w|h) and log10 of the back-off weight of hw, n-grams by increasing ids.
 * `<unk>` has the probability of an unknown word.
 * Throws `invalid-request` for an estimator that is not a back-off model, and for a corpus without words.
 */
export async function arpaPart(model: Model, place: ArpaPlace | undefined, limit: number): Promise<ArpaPart> {
  checkBackoff(model);
  const { order, from } = place ?? { order: 1, from: [] };
  const lines: string[] = [];
  if (place === undefined) lines.push(...(await header(model)));
  if (from.length === 0) {
    lines.push('', `\\${order}-grams:`);
    if (order === 1) lines.push(...(await addedLines(model)));
  }
  let left = limit;
  for await (const ngrams of model.counts.ngrams(order, from)) {
    lines.push(...(await ngramLines(model, ngrams.slice(0, left))));
    if (ngrams.length > left) return { text: textOf(lines), next: { order, from: ngrams[left] } };
    left -= ngrams.length;
  }
  if (order < model.order) return { text: textOf(lines), next: { order: order + 1, from: [] } };
  lines.push('', '\\end\\');
  return { text: textOf(lines) };
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function checkBackoff({ estimator, order, counts }: Model): void {
  if (counts.totals.tokens === 0) {
    throw new NgramdError('empty-text', 'This corpus has no text yet: there is no model to write.');
  }
  if (estimator.backoff !== undefined) return;
  const detail = `An ARPA file holds back-off models, in which the words that never follow a context have their probability after the next shorter one times a weight; ${estimator.name} of order ${order} is none. modified-kneser-ney, kneser-ney, absolute-discounting and witten-bell are, and laplace up to order 2.`;
  throw new NgramdError('invalid-request', detail, [{ pointer: '/estimator', detail }]);
}

async function header(model: Model): Promise<string[]> {
  const { distinct } = model.counts.totals;
  const marks = model.settings.sequences === 'line' ? 1 : 0;
  const numbers = distinct.slice(0, model.order);
  numbers[0] += marks + (await addedUnigrams(model)).length;
  return ['\\data\\', ...numbers.map((number, i) => `ngram ${i + 1}=${number}`)];
}

/** Tokens that readers of ARPA files require and the corpus does not count: `<unk>`, and the sentence markers. */
async function addedUnigrams({ settings, counts, vocabulary }: Model): Promise<string[]> {
  const marks = settings.sequences === 'line' ? [] : ['<s>', '</s>'];
  const ids = await vocabulary.tokenIds(marks);
  const index = await counts.prepare({ words: [UNKNOWN, ...ids] });
  const unknown = index.hasWord(UNKNOWN) ? [] : ['<unk>'];
  return [...unknown, ...marks.filter((_, i) => !index.hasWord(ids[i]))];
}

/** The lines of added unigrams: an unknown word has a probability, the sentence markers have none. */
async function addedLines(model: Model): Promise<string[]> {
  const { counts, estimator } = model;
  const asked = { context: [], word: UNSEEN, reading: estimator.reads(1) };
  const index = await counts.prepare({ levels: [asked] });
  const unknown = estimator.probability(index.levels(asked.context, asked.word, asked.reading));
  return (await addedUnigrams(model)).map(
    (token) => `${log10(token === '<unk>' ? unknown : null)}\t${token}\t0`,
  );
}

/** The lines of n-grams of one order. */
async function ngramLines(model: Model, ngrams: readonly (readonly TokenId[])[]): Promise<string[]> {
  if (ngrams.length === 0) return [];
  const { counts, estimator, vocabulary } = model;
  const order = ngrams[0].length;
  const reading = estimator.reads(order);
  const asked = ngrams.map((ngram) => ({ context: ngram.slice(0, -1), word: ngram[order - 1], reading }));
  const backoffs = order === model.order ? [] : ngrams.map((ngram) => backoffLevel(model, ngram));
  const index = await counts.prepare({ levels: [...asked, ...backoffs] });
  const tokens = await vocabulary.tokens(ngrams.flat());
  return asked.map(({ context, word }, i) => {
    // <s> is only ever a context.
    const isStart = order === 1 && word === reservedId(model.settings.sequences, '<s>');
    const probability = isStart ? 1 : estimator.probability(index.levels(context, word, reading));
    const words = tokens.slice(i * order, (i + 1) * order).map((token) => (token === ' ' ? space : token));
    const entry = `${log10(probability)}\t${words.join(' ')}`;
    if (backoffs.length === 0) return entry;
    const [level] = index.levels(backoffs[i].context, UNSEEN, backoffs[i].reading);
    return `${entry}\t${log10(estimator.backoff?.(level) ?? 1)}`;
  });
}

/** The level whose context is an n-gram. */
function backoffLevel({ estimator }: Model, ngram: readonly TokenId[]) {
  const { levels, followers } = estimator.reads(ngram.length + 1);
  return { context: ngram, word: UNSEEN, reading: { levels: levels.slice(-1), followers } };
}

/** The decimal logarithm with seven decimal places. */
function log10(probability: number | null): number {
  if (probability === null || probability === 0) return impossible;
  return Math.round(Math.log10(probability) * 1e7) / 1e7 + 0;
}
