import { setImmediate } from 'node:timers/promises';
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox';
import { NgramdError } from '../../errors.ts';
import type { Estimator } from '../../estimators/estimator.ts';
import { type ExplainedLevel, explain } from '../../estimators/explain.ts';
import type { Corpora, Corpus } from '../../index/corpora.ts';
import { UNSEEN } from '../../index/count-index.ts';
import {
  AdditiveParameter,
  type Context,
  chooseEstimator,
  EstimatorFields,
  EstimatorQuery,
  EstimatorSchema,
  parseNumbers,
  readContext,
  readWord,
} from '../model-query.ts';
import { problemResponses, toProblem } from '../problem.ts';
import { CorpusPath, defaulted } from '../schemas.ts';
import type { Services } from '../services.ts';
import { compileSchema, jsonChecker } from '../validation.ts';

const tags = ['Probabilities'];

const maxQueries = 10_000;

/** How many queries are answered at a stretch: some milliseconds' worth. */
const sliceQueries = 100;

const ContextText = defaulted(
  Type.String({
    default: '',
    description: 'The text before the word; it is tokenized as the corpus is, and its last tokens are used',
    examples: ['the time'],
  }),
);
const WordText = Type.String({
  description: 'The word whose probability is asked: exactly one token',
  examples: ['traveller'],
});
const Explain = defaulted(
  Type.Boolean({ default: false, description: 'Whether to show the counts of every order' }),
);

const QuerySchema = Type.Object(
  { context: ContextText, word: WordText },
  { additionalProperties: false, examples: [{ context: 'the time', word: 'traveller' }] },
);
type Query = Static<typeof QuerySchema>;

const NullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });

/** What is answered about one context and word. */
const answer = {
  context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
  word: Type.String(),
  in_vocabulary: Type.Boolean({ description: 'Whether the corpus has the word' }),
  probability: NullableNumber,
  log_probability: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: 'Natural logarithm; null where the probability is 0 or null',
  }),
  note: Type.Optional(Type.String({ description: 'Why there is no probability' })),
  levels: Type.Optional(
    Type.Array(
      Type.Object({
        order: Type.Integer(),
        ngram: Type.Array(Type.String()),
        count: Type.Integer({ description: 'n(hw)' }),
        context_count: Type.Integer({ description: 'n(h·), how often the context is followed by something' }),
        probability: NullableNumber,
      }),
      { description: 'With `explain`: each order, highest first' },
    ),
  ),
};

const ProbabilitiesBody = Type.Object(
  {
    queries: Type.Array(QuerySchema, { minItems: 1, maxItems: maxQueries }),
    ...EstimatorFields,
    explain: Explain,
  },
  {
    additionalProperties: false,
    examples: [
      {
        queries: [{ context: 'the time', word: 'traveller' }],
        estimator: 'laplace',
        epsilon: [1, 0.5, 0.25],
      },
    ],
  },
);

/** As ProbabilitiesBody, with items of any kind: each is checked when its turn comes. */
const UncheckedQueriesBody = Type.Object(
  {
    ...ProbabilitiesBody.properties,
    queries: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxQueries }),
  },
  { additionalProperties: false },
);

const checkQuery = jsonChecker<Query>(QuerySchema);

/** P(word | context), one by one and in bulk. */
export function probability({ corpora }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/probability',
      {
        schema: {
          operationId: 'getProbability',
          summary: 'The probability of a word after a context',
          tags,
          params: CorpusPath,
          querystring: Type.Object(
            {
              context: ContextText,
              word: WordText,
              ...EstimatorQuery,
              k: AdditiveParameter,
              explain: Explain,
            },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object(
              { version: Type.Integer(), estimator: EstimatorSchema, ...answer },
              { description: 'P(word | context)' },
            ),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query }) =>
        corpora.read(params.corpus, (corpus) => {
          const { order, estimator } = chooseEstimator(corpus, '/query', query, queryParameters(query));
          return {
            version: corpus.reader.version,
            estimator: { name: estimator.name, ...estimator.parameters },
            ...answerQuery(corpus, '/query', query, order, estimator, query.explain),
          };
        }),
    );

    app.post(
      '/corpora/:corpus/probabilities',
      {
        schema: {
          operationId: 'getProbabilities',
          summary: `The probabilities of up to ${maxQueries.toLocaleString('en')} words after contexts`,
          description:
            'A query that is invalid gets its `problem` in its own place; the others are answered.',
          tags,
          params: CorpusPath,
          body: ProbabilitiesBody,
          response: {
            200: Type.Object(
              {
                version: Type.Integer(),
                estimator: EstimatorSchema,
                results: Type.Array(
                  Type.Object({
                    ...Type.Partial(Type.Object(answer)).properties,
                    problem: Type.Optional(Type.Ref('Problem')),
                  }),
                ),
              },
              { description: 'An answer for each query, in their order' },
            ),
            ...problemResponses(400, 404, 413, 415),
          },
        },
        validatorCompiler: (route) =>
          compileSchema(route.httpPart === 'body' ? { ...route, schema: UncheckedQueriesBody } : route),
      },
      async ({ params, body, id }) => {
        for (let slice = sliceQueries; ; slice = maxQueries) {
          const answers = await answerQueries(corpora, params.corpus, body, id, slice);
          if (answers !== undefined) return answers;
        }
      },
    );
  };
}

/**
 * Answers the queries in slices, between which other requests have their turn; undefined where the corpus was changed
 * between two of them.
 */
async function answerQueries(
  corpora: Corpora,
  name: string,
  body: Static<typeof ProbabilitiesBody>,
  instance: string,
  slice: number,
) {
  const answerSlice = (from: number) =>
    corpora.read(name, (corpus) => {
      const { order, estimator } = chooseEstimator(corpus, '/body', body, body);
      return {
        version: corpus.reader.version,
        estimator: { name: estimator.name, ...estimator.parameters },
        results: body.queries.slice(from, from + slice).map((query, i) => {
          const part = `/body/queries/${from + i}`;
          try {
            return answerQuery(corpus, part, checkQuery(part, query), order, estimator, body.explain);
          } catch (error) {
            if (!(error instanceof NgramdError)) throw error;
            return { problem: toProblem(error, instance) };
          }
        }),
      };
    });
  const { version, estimator, results } = answerSlice(0);
  for (let from = slice; from < body.queries.length; from += slice) {
    await setImmediate();
    const next = answerSlice(from);
    if (next.version !== version) return undefined;
    results.push(...next.results);
  }
  return { version, estimator, results };
}

function queryParameters({ epsilon, k }: { epsilon?: string; k?: number }) {
  return {
    ...(epsilon === undefined ? {} : { epsilon: parseNumbers(epsilon) }),
    ...(k === undefined ? {} : { k }),
  };
}

function answerQuery(
  corpus: Corpus,
  part: string,
  query: Query,
  maxOrder: number,
  estimator: Estimator,
  explained: boolean,
) {
  const { index, reader } = corpus;
  const { token, id } = readWord(corpus, query.word, `${part}/word`);
  const context = readContext(corpus, query.context, maxOrder);
  const order = context.ids.length + 1;
  const { vocabularySize } = index.totals;
  const probability = estimator.probability(
    index.levels(context.ids, id, estimator.orders(order)),
    vocabularySize,
  );
  return {
    context: context.tokens,
    word: token,
    in_vocabulary: id !== UNSEEN && reader.count(Uint32Array.of(id)) > 0,
    probability,
    log_probability: probability === null || probability === 0 ? null : Math.log(probability),
    ...(probability === null ? { note: unseenNote(context) } : {}),
    ...(explained
      ? { levels: explain(estimator, index, context.ids, id).map(levelView(context, token)) }
      : {}),
  };
}

function unseenNote({ tokens }: Context): string {
  return `The context ${JSON.stringify(tokens.join(' '))} is never followed by anything in this corpus, so this estimator has no probability after it.`;
}

function levelView({ tokens }: Context, word: string) {
  return ({ order, count, contextCount, probability }: ExplainedLevel) => ({
    order,
    ngram: [...tokens.slice(tokens.length - (order - 1)), word],
    count,
    context_count: contextCount,
    probability,
  });
}
