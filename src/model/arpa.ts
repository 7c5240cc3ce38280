import { NgramdError } from '../errors.ts';
import { type TokenId, UNKNOWN, UNSEEN } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';
import type { Model } from './model.ts';

/** Where an ARPA file goes on: at an n-gram of this order; at the first one where `from` is empty. */
export interface ArpaPlace {
  readonly order: number;
  readonly from: readonly TokenId[];
}

/** A piece of an ARPA file, and where the next begins. */
export interface ArpaPart {
  readonly text: string;
  readonly next?: ArpaPlace;
}

/** log10 of what has no probability. */
const impossible = -99;

/** How a space, which separates the words of an n-gram, is written where it is a token. */
const space = '<space>';

/**
 * The model as a back-off model in the ARPA format, in parts of at most `limit` n-grams, from the beginning where
 * `place` is left out: for each n-gram hw of each order log10 P(w|h) and log10 of the back-off weight of hw, n-grams
 * by rising ids. `<unk>` has what an unknown word has.
 * Throws `invalid-request` for an estimator that is not a back-off model, and for a corpus without words.
 */
export function arpaPart(model: Model, place: ArpaPlace | undefined, limit: number): ArpaPart {
  checkBackoff(model);
  const { order, from } = place ?? { order: 1, from: [] };
  const lines: string[] = [];
  if (place === undefined) lines.push(...header(model));
  if (from.length === 0) {
    lines.push('', `\\${order}-grams:`);
    if (order === 1) for (const token of addedUnigrams(model)) lines.push(addedUnigram(model, token));
  }
  let left = limit;
  for (const ngram of model.index.ngrams(order, from)) {
    if (left-- === 0) return { text: textOf(lines), next: { order, from: ngram } };
    lines.push(line(model, ngram));
  }
  if (order < model.order) return { text: textOf(lines), next: { order: order + 1, from: [] } };
  lines.push('', '\\end\\');
  return { text: textOf(lines) };
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function checkBackoff({ estimator, order, index }: Model): void {
  if (index.totals.tokens === 0) {
    throw new NgramdError('empty-text', 'This corpus has no text yet: there is no model to write.');
  }
  if (estimator.backoff !== undefined) return;
  const detail = `An ARPA file holds back-off models, in which the words that never follow a context have their probability after the next shorter one times a weight; ${estimator.name} of order ${order} is none. modified-kneser-ney, kneser-ney, absolute-discounting and witten-bell are, and laplace up to order 2.`;
  throw new NgramdError('invalid-request', detail, [{ pointer: '/estimator', detail }]);
}

function header(model: Model): string[] {
  const { distinct } = model.index.totals;
  const marks = model.settings.sequences === 'line' ? 1 : 0;
  const counts = distinct.slice(0, model.order);
  counts[0] += marks + addedUnigrams(model).length;
  return ['\\data\\', ...counts.map((count, i) => `ngram ${i + 1}=${count}`)];
}

/** What readers of ARPA files look for and what the corpus does not count: `<unk>`, and the marks of sentences. */
function addedUnigrams({ settings, index, vocabulary }: Model): string[] {
  const unknown = index.hasWord(UNKNOWN) ? [] : ['<unk>'];
  if (settings.sequences === 'line') return unknown;
  const marks = ['<s>', '</s>'].filter(
    (mark) => !index.hasWord(vocabulary.find(Buffer.from(mark), 0, mark.length)),
  );
  return [...unknown, ...marks];
}

function addedUnigram({ index, estimator }: Model, token: string): string {
  const isUnknown = token === '<unk>';
  const probability = isUnknown ? estimator.probability(index.levels([], UNSEEN, estimator.reads(1))) : null;
  return `${log10(probability)}\t${token}\t0`;
}

function line(model: Model, ngram: readonly TokenId[]): string {
  const { index, estimator, vocabulary, settings } = model;
  const order = ngram.length;
  const context = ngram.slice(0, -1);
  const word = ngram[order - 1];
  // <s> is given and never asked for.
  const isStart = order === 1 && word === reservedId(settings.sequences, '<s>');
  const probability = isStart
    ? 1
    : estimator.probability(index.levels(context, word, estimator.reads(order)));
  const tokens = ngram.map((id) => vocabulary.token(id)).map((token) => (token === ' ' ? space : token));
  const entry = `${log10(probability)}\t${tokens.join(' ')}`;
  return order === model.order ? entry : `${entry}\t${log10(backoff(model, ngram))}`;
}

function backoff({ index, estimator }: Model, ngram: readonly TokenId[]): number {
  const order = ngram.length + 1;
  const { adjustedBelow } = estimator.reads(order);
  const [level] = index.levels(ngram, UNSEEN, { orders: [order], adjustedBelow });
  return estimator.backoff?.(level) ?? 1;
}

/** The decimal logarithm to seven digits after the point. */
function log10(probability: number | null): number {
  if (probability === null || probability === 0) return impossible;
  return Math.round(Math.log10(probability) * 1e7) / 1e7 + 0;
}
