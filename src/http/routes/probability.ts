import { setImmediate } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { Corpora } from '../../index/corpora.ts';
import { type TokenId, UNKNOWN } from '../../index/count-index.ts';
import { type ExplainedLevel, explain } from '../../model/explain.ts';
import {
  AdditiveParameter,
  askModel,
  bodyParameters,
  type Context,
  EstimatorFields,
  EstimatorQuery,
  type Model,
  ModelAnswer,
  modelView,
  queryParameters,
  readContext,
  readWord,
  unseenNote,
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
  in_vocabulary: Type.Boolean({
    description:
      'Whether the corpus has the word as it is written. If not, and the corpus counts a literal `<unk>`, the probability is that of `<unk>`; unknown words of the context are `<unk>` then, too',
  }),
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
        ngram: Type.Array(Type.String(), {
          description: 'What is counted: with `<unk>` where it stands for an unknown word',
        }),
        count: Type.Integer({ description: 'n(hw), or the count that Kneser–Ney has in its place' }),
        context_count: Type.Integer({
          description: 'n(h·), how often the context is followed by something; the sum of these counts',
        }),
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
        config: { scope: 'read', atOnce: true },
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
            200: Type.Object({ ...ModelAnswer, ...answer }, { description: 'P(word | context)' }),
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      (request) => {
        const { params, query } = request;
        return askModel(corpora, params.corpus, '/query', query, queryParameters(query), (model) => {
          request.asked = model;
          // Written out, since an object made of others costs more here than the estimator does.
          const { version, estimator, normalized } = modelView(model);
          const answer = answerQuery(model, '/query', query, query.explain);
          const { context, word, in_vocabulary, probability, log_probability, note, levels } = answer;
          return {
            version,
            estimator,
            normalized,
            context,
            word,
            in_vocabulary,
            probability,
            log_probability,
            note,
            levels,
          };
        });
      },
    );

    app.post(
      '/corpora/:corpus/probabilities',
      {
        config: { scope: 'read' },
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
                ...ModelAnswer,
                results: Type.Array(
                  Type.Object({
                    ...Type.Partial(Type.Object(answer)).properties,
                    problem: Type.Optional(Type.Ref('Problem')),
                  }),
                ),
              },
              { description: 'An answer for each query, in their order' },
            ),
            ...problemResponses(400, 404, 413, 415, 503, 507),
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
    askModel(corpora, name, '/body', body, bodyParameters(body), (model) => ({
      ...modelView(model),
      results: body.queries.slice(from, from + slice).map((query, i) => {
        const part = `/body/queries/${from + i}`;
        try {
          return answerQuery(model, part, checkQuery(part, query), body.explain);
        } catch (error) {
          if (!(error instanceof NgramdError)) throw error;
          return { problem: toProblem(error, instance) };
        }
      }),
    }));
  const answers = await answerSlice(0);
  for (let from = slice; from < body.queries.length; from += slice) {
    await setImmediate();
    const next = await answerSlice(from);
    if (next.version !== answers.version) return undefined;
    answers.results.push(...next.results);
  }
  return answers;
}

function answerQuery(
  { corpus, order: maxOrder, estimator }: Model,
  part: string,
  query: Query,
  explained: boolean,
) {
  const { index } = corpus;
  const { token, id, inVocabulary } = readWord(corpus, query.word, `${part}/word`);
  const context = readContext(corpus, query.context, maxOrder);
  const probability = estimator.probability(
    index.levels(context.ids, id, estimator.reads(context.ids.length + 1)),
  );
  return {
    context: context.tokens,
    word: token,
    in_vocabulary: inVocabulary,
    probability,
    log_probability: probability === null || probability === 0 ? null : Math.log(probability),
    note: probability === null ? unseenNote(context) : undefined,
    levels: explained
      ? explain(estimator, index, context.ids, id).map(levelView(context, token, id))
      : undefined,
  };
}

function levelView({ tokens, ids }: Context, word: string, wordId: TokenId) {
  const whole = [...ids, wordId];
  const counted = [...tokens, word].map((token, i) => (whole[i] === UNKNOWN ? '<unk>' : token));
  return ({ order, count, contextCount, probability }: ExplainedLevel) => ({
    order,
    ngram: counted.slice(-order),
    count,
    context_count: contextCount,
    probability,
  });
}
