import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '../../access/api-keys.ts';
import { isProblem, NgramdError } from '../../errors.ts';
import { createEstimator, type EstimatorName } from '../../estimators/catalogue.ts';
import { UNSEEN } from '../../index/count-index.ts';
import { hasCounts, kindOf } from '../../index/kinds.ts';
import { differingSetting } from '../../index/same-tokens.ts';
import type { CorpusSettings, MixedCorpus } from '../../store/store.ts';
import { bodyParameters } from '../estimator-parameters.ts';
import { belowPart, invalidField } from '../invalid-fields.ts';
import type { MixtureList } from '../schemas/mixtures.ts';
import type { Services } from '../services.ts';
import { partOf } from './settings.ts';

type Part = MixtureList[number];

/** How far from 1 the sum of weights may be. */
const tolerance = 1e-9;

/** The estimators that cannot be mixed, and why. */
const unmixable: Partial<Record<EstimatorName, string>> = {
  mle: 'it has no probability after contexts that nothing follows',
  'stupid-backoff': 'its scores are not probabilities',
};

/**
 * The settings of a mixture. `given` are the names of the fields of the request, of which it may have no others; `key`
 * is that of the caller. Throws `invalid-request` for parts that cannot be mixed, `corpus-not-found` with the field,
 * and `unauthorized` or `forbidden` if the caller may not read a corpus.
 */
export async function readMixture(
  { corpora, access }: Services,
  request: FastifyRequest,
  parts: MixtureList,
  given: readonly string[],
  key: ApiKey | undefined,
): Promise<CorpusSettings> {
  const others = given.filter((field) => field !== 'mixture' && field !== 'name');
  if (others.length > 0) {
    const detail = 'A mixture has what its parts have, and no text: leave this out.';
    throw new NgramdError(
      'invalid-request',
      detail,
      others.map((field) => ({ pointer: `${partOf(request, field)}/${field}`, detail })),
    );
  }
  const sum = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (Math.abs(sum - 1) > tolerance) {
    throw invalidField('/body/mixture', `The weights must add up to 1, and these add up to ${sum}.`);
  }
  for (const { corpus } of parts) access.require(key, 'read', corpus);
  const mixed: MixedCorpus[] = [];
  let first: CorpusSettings | undefined;
  let order = 0;
  for (const [i, part] of parts.entries()) {
    const pointer = `/body/mixture/${i}`;
    const settings = await settingsOf(part, pointer, async (name) => (await corpora.open(name)).settings);
    first ??= settings;
    const differing = differingSetting(first, settings);
    if (differing !== undefined) {
      throw invalidField(
        `${pointer}/corpus`,
        `${part.corpus} and ${parts[0].corpus} differ in their ${differing}: their models do not predict the same tokens.`,
      );
    }
    const own = mixedCorpus(part, settings, pointer);
    mixed.push(own);
    order = Math.max(order, own.order ?? settings.order);
  }
  const { content: _, vocabulary, ...shared } = first as CorpusSettings;
  // Where tokens are ids, it says how many there are.
  const ids = vocabulary !== undefined && 'ids' in vocabulary ? { vocabulary } : {};
  return { ...shared, ...ids, order, content: { kind: 'mixture', parts: mixed } };
}

async function settingsOf(
  { corpus }: Part,
  pointer: string,
  open: (name: string) => Promise<CorpusSettings>,
): Promise<CorpusSettings> {
  let settings: CorpusSettings;
  try {
    settings = await open(corpus);
  } catch (error) {
    if (!isProblem(error, 'corpus-not-found')) throw error;
    const { code, message } = error;
    throw new NgramdError(code, message, [{ pointer: `${pointer}/corpus`, detail: message }]);
  }
  if (kindOf(settings) !== 'mixture') return settings;
  throw invalidField(
    `${pointer}/corpus`,
    `${corpus} is a mixture itself: name its parts instead, with their weights times this one.`,
  );
}

/** A part as it is kept. Throws `invalid-request` for a model that it cannot have. */
function mixedCorpus(part: Part, settings: CorpusSettings, pointer: string): MixedCorpus {
  const { corpus, weight, order, estimator } = part;
  const parameters = bodyParameters(part);
  const named = Object.keys(parameters);
  if (!hasCounts(settings)) {
    const [stray] = [
      ...(estimator === undefined ? [] : ['estimator']),
      ...(order === undefined ? [] : ['order']),
      ...named,
    ];
    if (stray === undefined) return { corpus, weight };
    throw invalidField(
      `${pointer}/${stray}`,
      `${corpus} is not made of counts: its model has its probabilities already.`,
    );
  }
  if (order !== undefined && order > settings.order) {
    throw invalidField(
      `${pointer}/order`,
      `${corpus} counts n-grams up to order ${settings.order}, not ${order}.`,
    );
  }
  const chosen = estimator ?? 'modified-kneser-ney';
  const why = unmixable[chosen];
  if (why !== undefined) throw invalidField(`${pointer}/estimator`, `${chosen} cannot be mixed: ${why}.`);
  try {
    createEstimator(chosen, parameters, order ?? settings.order, anyTotals);
  } catch (error) {
    throw belowPart(pointer, error);
  }
  return {
    corpus,
    weight,
    order: order ?? settings.order,
    estimator: chosen,
    ...(named.length === 0 ? {} : { parameters: { ...parameters } }),
  } as MixedCorpus;
}

/** Counts with which parameters can be checked before those of the corpus are read. */
const anyTotals = {
  unknown: UNSEEN,
  totals: { version: 1, tokens: 1, vocabularySize: 1, distinct: [] },
  lowCountsOfCounts: () => [4, 3, 2, 1] as const,
};
