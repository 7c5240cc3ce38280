import { Type } from 'typebox';
import { type EstimatorName, estimatorNames } from '../../estimators/catalogue.ts';
import { defaulted, maxOrder } from '../schemas.ts';

const order = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: maxOrder,
    description: "The model's order, at most the corpus's, which is the default",
  }),
);
/** The field `estimator`, with or without a default. */
export function estimatorField(settings: { default?: EstimatorName }) {
  return Type.Enum(estimatorNames, {
    type: 'string',
    description: 'How counts become probabilities',
    ...settings,
  });
}
const estimator = defaulted(estimatorField({ default: 'laplace' }));
const minVersion = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description:
      'The answer is of this version of the corpus or of a later one. Without it Kneser–Ney and ARPA files are of the newest version whose index is in memory, which can be behind while the corpus is written to; with it they wait for the index. Not above the version that the corpus has',
  }),
);

const descriptions = {
  epsilon:
    'laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last goes on for higher orders. 1 where it is left out',
  k: 'additive: what is added to every count. 1 where it is left out',
  lambda:
    'jelinek-mercer: the weight of order 1, 2, 3, …, adding up to 1. Equal weights where it is left out',
  discount:
    'absolute-discounting: what is taken from every count, from 0 to 1, for order 1, 2, 3, …; the last goes on. Estimated from the counts of counts where it is left out',
  alpha: 'stupid-backoff: the factor of each lower order, from 0 to 1. 0.4 where it is left out',
};

/** The order and the estimator, as query parameters. */
export const EstimatorQuery = {
  order,
  estimator,
  min_version: minVersion,
  epsilon: Type.Optional(Type.String({ description: descriptions.epsilon })),
  lambda: Type.Optional(Type.String({ description: descriptions.lambda })),
  discount: Type.Optional(Type.String({ description: descriptions.discount })),
  alpha: Type.Optional(Type.Number({ description: descriptions.alpha })),
};

/** The additive estimator's parameter, under its own name. */
export const AdditiveParameter = Type.Optional(Type.Number({ description: descriptions.k }));

const listOf = (description: string) =>
  Type.Optional(Type.Array(Type.Number(), { description, minItems: 1 }));

/** The order and the estimator, as fields of a JSON body. */
export const EstimatorFields = {
  order,
  estimator,
  min_version: minVersion,
  epsilon: listOf(descriptions.epsilon),
  k: AdditiveParameter,
  lambda: listOf(descriptions.lambda),
  discount: listOf(descriptions.discount),
  alpha: Type.Optional(Type.Number({ description: descriptions.alpha })),
};

/** What answers say about the model that they come from. */
export const ModelAnswer = {
  version: Type.Integer({ description: "The corpus's version" }),
  estimator: Type.Object(
    { name: Type.String() },
    {
      additionalProperties: true,
      description:
        'The estimator and its parameters. Discounts that the counts of counts do not give are fixed ones, in the orders that `fallback_orders` names',
      examples: [{ name: 'laplace', epsilon: [1, 1, 1] }],
    },
  ),
  normalized: Type.Optional(
    Type.Literal(false, {
      description: 'Present where the estimator gives scores that do not add up to one',
    }),
  ),
};
