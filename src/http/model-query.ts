import { Type } from '@fastify/type-provider-typebox';
import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  estimatorNames,
} from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import type { Corpus } from '../index/corpora.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import { tokenizeQuery } from '../text/reserved.ts';
import { defaulted } from './schemas.ts';
import { inPart, invalidField } from './validation.ts';

const epsilonDescription =
  'laplace: ε for order 1, 2, 3, …; the last goes on for higher orders. 1 where it is left out';
const additiveDescription = 'additive: what is added to every count. 1 where it is left out';

const order = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 6,
    description: "The model's order, at most the corpus's, which is the default",
  }),
);
const estimator = defaulted(
  Type.Enum(estimatorNames, {
    type: 'string',
    default: 'laplace',
    description: 'How counts become probabilities',
  }),
);

/** The order and the estimator, as query parameters. */
export const EstimatorQuery = {
  order,
  estimator,
  epsilon: Type.Optional(Type.String({ description: epsilonDescription, examples: ['1,0.5,0.25'] })),
};

/** The additive estimator's parameter, under its own name. */
export const AdditiveParameter = Type.Optional(Type.Number({ description: additiveDescription }));

/** The order and the estimator, as fields of a JSON body. */
export const EstimatorFields = {
  order,
  estimator,
  epsilon: Type.Optional(Type.Array(Type.Number(), { description: epsilonDescription, minItems: 1 })),
  k: AdditiveParameter,
};

/** An estimator with its parameters, as answers name it. */
export const EstimatorSchema = Type.Object(
  { name: Type.String() },
  {
    additionalProperties: true,
    description: 'The estimator and its parameters',
    examples: [{ name: 'laplace', epsilon: [1, 1, 1] }],
  },
);

interface EstimatorChoice {
  order?: number;
  estimator: EstimatorName;
}

/** The numbers of a query parameter such as `1,0.5,0.25`; NaN where one is none. */
export function parseNumbers(list: string): number[] {
  return list.split(',').map((number) => (number.trim() === '' ? Number.NaN : Number(number)));
}

/**
 * The order that is asked for and its estimator. `part` is the request's part that they came in.
 * Throws `invalid-request` for an order above the corpus's and for parameters that the estimator does not take.
 */
export function chooseEstimator(
  { reader }: Corpus,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
): { order: number; estimator: Estimator } {
  const order = choice.order ?? reader.settings.order;
  if (order > reader.settings.order) {
    throw invalidField(
      `${part}/order`,
      `This corpus counts n-grams up to order ${reader.settings.order}, not ${order}.`,
    );
  }
  return { order, estimator: inPart(part, () => createEstimator(choice.estimator, parameters, order)) };
}

/** A context as it is used: its last order - 1 tokens, as texts and as ids. */
export interface Context {
  tokens: string[];
  ids: TokenId[];
}

/** Reads a context from text. */
export function readContext({ reader }: Corpus, text: string, order: number): Context {
  const { tokenizer, sequences } = reader.settings;
  const all = tokenizeQuery(tokenizer, sequences, text);
  const tokens = order === 1 ? [] : all.slice(1 - order);
  return { tokens, ids: tokens.map((token) => reader.tokenId(token) ?? UNSEEN) };
}

/** Reads a word from text. Throws `invalid-request`, under `pointer`, where it is not exactly one token. */
export function readWord({ reader }: Corpus, text: string, pointer: string): { token: string; id: TokenId } {
  const { tokenizer, sequences } = reader.settings;
  const tokens = tokenizeQuery(tokenizer, sequences, text);
  if (tokens.length !== 1) {
    throw invalidField(
      pointer,
      `A word is one token; the tokenizer ${tokenizer} makes ${tokens.length} of ${JSON.stringify(text)}: ${JSON.stringify(tokens)}.`,
    );
  }
  const id = reader.tokenId(tokens[0]) ?? UNSEEN;
  if (id === reader.sequenceStart) {
    throw invalidField(pointer, '<s> begins each line; it is only ever a context and never a next word.');
  }
  return { token: tokens[0], id };
}

/**
 * The words that begin with `prefix`, which is read as the corpus's tokenizer reads a word; undefined where it is
 * empty. Throws `invalid-request`, under `pointer`, where it is not the beginning of one token.
 */
export function readPrefix(
  { reader }: Corpus,
  prefix: string,
  pointer: string,
): ReadonlySet<TokenId> | undefined {
  if (prefix === '') return undefined;
  const { tokenizer, sequences } = reader.settings;
  const tokens = tokenizeQuery(tokenizer, sequences, prefix);
  if (tokens.length !== 1) {
    throw invalidField(
      pointer,
      `A prefix is the beginning of one token; the tokenizer ${tokenizer} makes ${tokens.length} of ${JSON.stringify(prefix)}: ${JSON.stringify(tokens)}.`,
    );
  }
  const ids = reader.idsWithPrefix(tokens[0]);
  return new Set(ids.filter((id) => id !== reader.sequenceStart));
}
