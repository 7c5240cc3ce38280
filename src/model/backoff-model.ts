import { NgramdError } from '../errors.ts';
import type { Interpolation } from '../estimators/numbers.ts';
import type { TokenId } from '../index/count-index.ts';
import type { CountModel } from './count-model.ts';

/** What a model of counts is made of. */
type CountedModel = Pick<CountModel, 'settings' | 'counts' | 'vocabulary' | 'order' | 'estimator'>;

/** A back-off model, as an ARPA file has it. */
export interface BackoffModel extends CountedModel {
  /** Of which each order has the next lower one as its lower distribution. */
  readonly numbers: Interpolation;
  /** The id of the token that is a space; -1 if there is none. */
  readonly spaceId: TokenId;
}

/**
 * A model as an ARPA file has it. Throws `invalid-request` for an estimator that is not a back-off model, and
 * `empty-text` for a corpus without words.
 */
export async function backoffModel(model: CountedModel): Promise<BackoffModel> {
  const { settings, estimator, order, counts, vocabulary } = model;
  if (counts.totals.tokens === 0) {
    throw new NgramdError('empty-text', 'This corpus has no text yet: there is no model to write.');
  }
  const { numbers } = estimator;
  if (estimator.backoff === undefined || numbers.form !== 'interpolation') {
    const detail = `An ARPA file holds back-off models, in which the words that never follow a context have their probability after the next shorter one times a weight; ${estimator.name} of order ${order} is not one. modified-kneser-ney, kneser-ney, absolute-discounting and witten-bell are, and laplace up to order 2.`;
    throw new NgramdError('invalid-request', detail, [{ pointer: '/estimator', detail }]);
  }
  const [spaceId] = await vocabulary.tokenIds([' ']);
  return { settings, counts, vocabulary, order, estimator, numbers, spaceId };
}
