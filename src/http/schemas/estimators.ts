import { type Static, type TObject, type TProperties, Type } from 'typebox';
import type { EstimatorName } from '../../estimators/catalogue.ts';

const ofEachOrder = (what: string) =>
  Type.Array(Type.Number(), { description: `${what} of order 1, 2, 3, …` });

const fallbackOrders = {
  fallback_orders: Type.Optional(
    Type.Array(Type.Integer(), {
      description:
        'The orders whose discounts are fixed, because they cannot be estimated from the counts of counts',
    }),
  ),
};

/** The parameters in use of each estimator, as responses name them. */
const parameters = {
  laplace: { epsilon: ofEachOrder('ε') },
  mle: {},
  additive: { k: Type.Number({ description: 'The number added to every count' }) },
  'jelinek-mercer': { lambda: ofEachOrder('The weight') },
  'witten-bell': {},
  'absolute-discounting': { discount: ofEachOrder('The discount'), ...fallbackOrders },
  'kneser-ney': {
    discounts: Type.Array(Type.Array(Type.Number()), {
      description: 'For order 1, 2, 3, …: the discount',
    }),
    ...fallbackOrders,
  },
  'modified-kneser-ney': {
    discounts: Type.Array(Type.Array(Type.Number()), {
      description: 'For order 1, 2, 3, …: the discounts of the counts 1, 2, and 3 and more',
    }),
    ...fallbackOrders,
  },
  'stupid-backoff': {
    alpha: Type.Number({ description: 'The factor applied at each lower order' }),
  },
} satisfies Record<EstimatorName, TProperties>;

/** A model of a mixture, as responses describe it. */
export interface MixedModel {
  corpus: string;
  weight: number;
  version: number;
  order: number;
  estimator: { name: string };
}

const mixedModel = Type.Object(
  {
    corpus: Type.String({ description: 'The name of the corpus' }),
    weight: Type.Number(),
    version: Type.Integer({ description: 'The version of the corpus' }),
    order: Type.Integer(),
    estimator: Type.Object(
      { name: Type.String() },
      { additionalProperties: true, description: 'As that of an answer of the corpus itself' },
    ),
  },
  { title: 'MixedModel' },
);

/**
 * An estimator with its parameters, as responses describe it; `arpa` stands for a model that was read from an ARPA
 * file.
 */
export type EstimatorView =
  | { name: 'arpa' }
  | { name: 'mixture'; parts: MixedModel[] }
  | {
      [Name in EstimatorName]: { name: Name } & Static<TObject<(typeof parameters)[Name]>>;
    }[EstimatorName];

const names = Object.keys(parameters) as EstimatorName[];

/** The name of an estimator's schema: `KneserNeyEstimator`. */
function titleOf(name: EstimatorName): string {
  const words = name.split('-').map((word) => word[0].toUpperCase() + word.slice(1));
  return `${words.join('')}Estimator`;
}

/** The versions of the parts of a mixture, in answers that do not name them. */
export const PartVersions = Type.Optional(
  Type.Array(Type.Integer(), { description: 'Of a mixture: the versions of its parts, in their order' }),
);

/** A union that `name` tells apart. */
export const EstimatorSchema = Type.Unsafe<EstimatorView>({
  title: 'Estimator',
  description: 'The estimator and its parameters',
  anyOf: [
    ...names.map((name) =>
      Type.Object({ name: Type.Literal(name), ...parameters[name] }, { title: titleOf(name) }),
    ),
    Type.Object(
      { name: Type.Literal('arpa') },
      { title: 'ArpaEstimator', description: 'None: the model was read from an ARPA file' },
    ),
    Type.Object(
      {
        name: Type.Literal('mixture'),
        parts: Type.Array(mixedModel, { description: 'The models that are mixed, in their order' }),
      },
      { title: 'MixtureEstimator', description: 'The linear mixture of these models' },
    ),
  ],
});
