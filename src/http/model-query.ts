import { Type } from 'typebox';
import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  estimatorNames,
  readsAdjustedCounts,
} from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import type { Corpora, Corpus } from '../index/corpora.ts';
import { countedContext, type TokenId, UNSEEN } from '../index/count-index.ts';
import type { Counts, ModelChoice, ModelDescription } from '../model/model.ts';
import type { CorpusSettings } from '../store/corpus.ts';
import { lastTokens } from '../text/last-tokens.ts';
import { foldPrefix } from '../text/prefix.ts';
import { tokenizeQuery } from '../text/reserved.ts';
import { maxTokenBytes } from '../text/stretches.ts';
import { quoted, quotedList } from './quoted.ts';
import { defaulted } from './schemas.ts';
import { belowPart, inPart, invalidField, parseNumber } from './validation.ts';

const order = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 6,
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

/** Which order and estimator are asked for. */
export interface EstimatorChoice {
  order?: number;
  estimator: EstimatorName;
  min_version?: number;
}

/** The estimators' parameters as a query has them, where lists are written `1,0.5,0.25`. */
export interface ListedParameters {
  epsilon?: string | undefined;
  k?: number | undefined;
  lambda?: string | undefined;
  discount?: string | undefined;
  alpha?: number | undefined;
}

/** The estimators' parameters of a query. */
export function queryParameters(query: ListedParameters): EstimatorParameters {
  return {
    epsilon: parseNumbers('epsilon', query.epsilon),
    k: query.k,
    lambda: parseNumbers('lambda', query.lambda),
    discount: parseNumbers('discount', query.discount),
    alpha: query.alpha,
  };
}

/** The estimators' parameters of a JSON body; those that it does not have are left out. */
export function bodyParameters(body: EstimatorParameters): EstimatorParameters {
  const names = ['epsilon', 'k', 'lambda', 'discount', 'alpha'] as const;
  const present = names.filter((name) => body[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, body[name]]));
}

/** The numbers of a list in a query. Throws `invalid-request` where one is none. */
function parseNumbers(name: string, list: string | undefined): number[] | undefined {
  return list?.split(',').map((text) => {
    const number = parseNumber(text);
    if (number !== undefined) return number;
    throw invalidField(
      `/query/${name}`,
      `The parameter ${name} must be finite numbers as JSON writes them, with commas between, such as 1,0.5,2.5e-1, and ${JSON.stringify(text)} is none.`,
    );
  });
}

/** A model: a corpus, of which an order is used, and an estimator. */
export interface Model {
  version: number;
  corpus: Corpus;
  order: number;
  estimator: Estimator;
}

/**
 * Asks a corpus a question, with the counts that the chosen estimator needs. `part` is the request's part that the choice
 * came in. Throws what `Corpora.ask` throws, and `invalid-request` for a version above the corpus's.
 */
export async function askCorpus<T>(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  question: (corpus: Corpus) => T,
): Promise<T> {
  const minVersion = readMinVersion(corpora, name, part, choice);
  return corpora.ask(
    name,
    { adjusted: readsAdjustedCounts(choice.estimator), minVersion },
    question,
  ) as Promise<T>;
}

/**
 * The chosen model of a corpus. `part` is the request's part that the choice came in. Throws `invalid-request` for an
 * order above the corpus's and for parameters that the estimator does not take.
 */
export function modelOf(
  corpus: Corpus,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
): Model {
  const { settings } = corpus.reader;
  const order = choice.order ?? settings.order;
  checkOrder(settings, order, part);
  const estimator = inPart(part, () => createEstimator(choice.estimator, parameters, order, corpus.index));
  return { version: corpus.index.totals.version, corpus, order, estimator };
}

/**
 * What a question to the model workers is asked of; with `needsIndex` always of one version that is in memory.
 * Throws what `Corpora.ask` throws, and `invalid-request` for an order above the corpus's.
 */
export async function chooseModel(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
  needsIndex = readsAdjustedCounts(choice.estimator),
): Promise<{ counts: Counts; choice: ModelChoice }> {
  const order = corpora.read(name, ({ reader: { settings } }) => {
    const order = choice.order ?? settings.order;
    checkOrder(settings, order, part);
    return order;
  });
  const minVersion = readMinVersion(corpora, name, part, choice);
  const counts = await corpora.counts(name, { adjusted: needsIndex, minVersion });
  return { counts, choice: { order, estimator: choice.estimator, parameters } };
}

/** The version from which on a corpus may answer. Throws `invalid-request` where it has not come to it. */
function readMinVersion(
  corpora: Corpora,
  name: string,
  part: string,
  { min_version: minVersion }: EstimatorChoice,
): number | undefined {
  if (minVersion === undefined) return undefined;
  const version = corpora.read(name, ({ reader }) => reader.version);
  if (minVersion <= version) return minVersion;
  throw invalidField(
    `${part}/min_version`,
    `The corpus is at version ${version}, and has not come to ${minVersion}.`,
  );
}

/** Waits for an answer of the model workers; fields of what they throw are below `part`. */
export async function inWorker<T>(part: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw belowPart(part, error);
  }
}

/** Throws `invalid-request` for an order above the corpus's. */
export function checkOrder({ order: highest }: CorpusSettings, order: number, part: string): void {
  if (order <= highest) return;
  throw invalidField(`${part}/order`, `This corpus counts n-grams up to order ${highest}, not ${order}.`);
}

/** What answers say about their model. */
export function modelView({ version, estimator }: ModelDescription) {
  return {
    version,
    estimator: { name: estimator.name, ...estimator.parameters },
    // Undefined fields are left out of the JSON; a spread that leaves them out costs more than the rest of an answer.
    normalized: (estimator.normalized ? undefined : false) as false,
  };
}

/** A context as it is used: its last order - 1 tokens, as texts and as the ids under which they are counted. */
export interface Context {
  tokens: string[];
  ids: readonly TokenId[];
}

/** A word, and whether the corpus has it. Its id is the one under which it is counted. */
export interface Word {
  token: string;
  id: TokenId;
  inVocabulary: boolean;
}

/** Reads a context from text. */
export function readContext({ reader, index, tokens: known }: Corpus, text: string, order: number): Context {
  const tokens = lastTokens(reader.settings, text, order - 1);
  const ids = tokens.map((token) => known.tokenId(token) ?? UNSEEN);
  return { tokens, ids: countedContext(index, ids, reader.sequenceStart) };
}

/** Reads a word from text. Throws `invalid-request`, under `pointer`, where it is not exactly one token. */
export function readWord({ reader, index, tokens: known }: Corpus, text: string, pointer: string): Word {
  const { tokenizer } = reader.settings;
  if (Buffer.byteLength(text) > maxTokenBytes) {
    throw invalidField(pointer, `A word is one token, and a token has at most ${maxTokenBytes} bytes.`);
  }
  const tokens = tokenizeQuery(reader.settings, text);
  if (tokens.length !== 1) {
    throw invalidField(
      pointer,
      `A word is one token; the tokenizer ${tokenizer} makes ${tokens.length} of ${quoted(text)}: ${quotedList(tokens)}.`,
    );
  }
  const id = known.tokenId(tokens[0]) ?? UNSEEN;
  if (id === reader.sequenceStart) {
    throw invalidField(pointer, '<s> begins each line; it is only ever a context and never a next word.');
  }
  const inVocabulary = index.hasWord(id);
  return { token: tokens[0], id: inVocabulary ? id : index.unknown, inVocabulary };
}

/**
 * The words of the index that begin with `prefix`, which is folded as the corpus's tokenizer folds a word; undefined where
 * all do. Throws `invalid-request`, under `pointer`, where it has white space that is in no token.
 */
export function readPrefix(
  { reader, index }: Pick<Corpus, 'reader' | 'index'>,
  prefix: string,
  pointer: string,
): ReadonlySet<TokenId> | undefined {
  const { tokenizer } = reader.settings;
  if (tokenizer !== 'char' && /\p{White_Space}/u.test(prefix)) {
    throw invalidField(
      pointer,
      `A prefix is the beginning of one token; the tokenizer ${tokenizer} splits ${quoted(prefix)} at white space.`,
    );
  }
  const beginnings = foldPrefix(reader.settings, prefix);
  if (beginnings.includes('')) return undefined;
  const ids = beginnings.flatMap((beginning) => reader.idsWithPrefix(beginning));
  // The file can be ahead of an index in memory.
  return new Set(index.wordsAmong(ids));
}

/** Why there is no probability after a context. */
export function unseenNote({ tokens }: Context): string {
  return `The context ${quoted(tokens.join(' '))} is never followed by anything in this corpus, so this estimator has no probability after it.`;
}
