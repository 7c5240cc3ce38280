import { Type } from 'typebox';
import { type EstimatorName, estimatorNames } from '../../estimators/catalogue.ts';
import { maxOrder } from '../../store/store.ts';
import { EstimatorSchema } from './estimators.ts';

const order = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: maxOrder,
    description: "The model's order, at most the corpus's; by default the corpus's",
  }),
);

/**
 * The field `estimator`. `standard` is what a request has that names none; handlers see that it names none, since a
 * corpus that is not made of counts takes none.
 */
export function estimatorField(standard?: EstimatorName) {
  const usual = standard && `. Default ${standard}; a corpus that is not made of counts takes none`;
  return Type.Optional(
    Type.Enum(estimatorNames, {
      title: 'EstimatorName',
      type: 'string',
      description: `How counts become probabilities${usual ?? ''}`,
    }),
  );
}

const estimator = estimatorField('laplace');
const minVersion = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description:
      'The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index',
  }),
);

const descriptions = {
  epsilon:
    'laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1',
  k: 'additive: the number added to every count. Default 1',
  lambda: 'jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal',
  discount:
    'absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts',
  alpha: 'stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4',
};

const listOf = (description: string) =>
  Type.Optional(Type.Array(Type.Number(), { description, minItems: 1 }));

/** The order and the estimator, as query parameters. */
export const EstimatorQuery = {
  order,
  estimator,
  min_version: minVersion,
  epsilon: listOf(descriptions.epsilon),
  lambda: listOf(descriptions.lambda),
  discount: listOf(descriptions.discount),
  alpha: Type.Optional(Type.Number({ description: descriptions.alpha })),
};

/** The additive estimator's parameter, under its own name. */
export const AdditiveParameter = Type.Optional(Type.Number({ description: descriptions.k }));

const parameters = {
  epsilon: listOf(descriptions.epsilon),
  k: AdditiveParameter,
  lambda: listOf(descriptions.lambda),
  discount: listOf(descriptions.discount),
  alpha: Type.Optional(Type.Number({ description: descriptions.alpha })),
};

/** The order and the estimator, as fields of a JSON body. */
export const EstimatorFields = { order, estimator, min_version: minVersion, ...parameters };

/** The same as fields of one of many questions, instead of those that apply to all. */
export const OwnEstimatorFields = { order, estimator: estimatorField(), ...parameters };

/** The base of logarithms. */
export const LogBaseField = Type.Optional(
  Type.Enum([2, 10], {
    type: 'integer',
    description: 'The base of the logarithms in the response; without it they are natural',
  }),
);

/** What a response says about its model. */
export const ModelAnswer = {
  version: Type.Integer({ description: "The corpus's version" }),
  estimator: EstimatorSchema,
  normalized: Type.Optional(
    Type.Literal(false, {
      description: 'Present if the estimator gives scores that do not add up to one',
    }),
  ),
};
