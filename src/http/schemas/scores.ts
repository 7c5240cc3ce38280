import { type Static, Type } from 'typebox';
import { jsonResponse, nullableNumber, textBody } from './fields.ts';
import { EstimatorFields, EstimatorQuery, estimatorField, ModelAnswer } from './models.ts';
import { textStreams } from './uploads.ts';

const maxTexts = 10_000;

const switches = {
  bos: Type.Optional(
    Type.Boolean({
      description: 'In a corpus of lines, whether `<s>` precedes each line. By default it does',
    }),
  ),
  eos: Type.Optional(
    Type.Boolean({
      description: 'In a corpus of lines, whether `</s>` is scored at the end of each line. By default it is',
    }),
  ),
  per_token: Type.Optional(
    Type.Boolean({ description: "Whether to return each token's score too; not with `summary`" }),
  ),
  summary: Type.Optional(Type.Boolean({ description: 'Whether to return the totals only' })),
};

/** The parameters, whatever the body. */
export const ScoreQuery = Type.Object(
  { ...EstimatorQuery, k: EstimatorFields.k, ...switches },
  { additionalProperties: false },
);
export type ScoreQuery = Static<typeof ScoreQuery>;

/** A JSON body may hold the parameters too, which override those of the query. */
const ScoreBody = Type.Object(
  {
    texts: Type.Array(Type.String(), { minItems: 1, maxItems: maxTexts }),
    ...EstimatorFields,
    estimator: Type.Optional(estimatorField({})),
    ...switches,
  },
  {
    additionalProperties: false,
    examples: [{ texts: ['the time traveller came back', 'the thyme traveller came back'] }],
  },
);
export type ScoreBody = Static<typeof ScoreBody>;

export const scoreBodies = {
  content: {
    'application/json': { schema: ScoreBody },
    'text/plain': { schema: { type: 'string', description: 'One text per line, in UTF-8' } },
    ...textStreams('One text per line, in UTF-8'),
  },
};

const score = {
  tokens: Type.Integer({ description: 'The number of tokens scored; `</s>` counts as one' }),
  log_probability: nullableNumber({
    description: 'Of the whole text, natural logarithm; null if a probability is 0 or undefined',
  }),
  perplexity: nullableNumber({ description: 'exp(-log_probability / tokens)' }),
  perplexity_in_vocabulary: nullableNumber({
    description: 'The perplexity without the words that the corpus does not have',
  }),
  out_of_vocabulary: Type.Integer({
    description:
      'The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>`',
  }),
};

const perToken = Type.Optional(
  Type.Array(
    Type.Object({
      token: Type.String(),
      log_probability: nullableNumber({ description: 'Given the preceding tokens' }),
      in_vocabulary: Type.Boolean({ description: 'Whether the corpus has the token as written' }),
      order: Type.Integer({
        description:
          'Length of the longest n-gram of the corpus that ends here, with `<unk>` in place of unknown tokens if it is counted; 0 for none',
      }),
    }),
  ),
);

const ScoreAnswer = Type.Object(
  {
    ...ModelAnswer,
    results: Type.Optional(
      Type.Array(
        Type.Object({
          ...Type.Partial(Type.Object(score)).properties,
          rank: Type.Optional(
            Type.Integer({
              description: '1 for the most probable text; equally probable texts share a rank',
            }),
          ),
          per_token: perToken,
          problem: Type.Optional(Type.Ref('Problem')),
        }),
        { description: 'A result for each text, in their order' },
      ),
    ),
    texts: Type.Optional(Type.Integer({ description: 'With `summary`: the number of texts' })),
    ...Type.Partial(Type.Object(score)).properties,
  },
  { description: 'The scores; with `summary`, their totals' },
);

const { description, content: json } = jsonResponse('The scores', ScoreAnswer);
export const ScoreAnswers = {
  description,
  content: {
    ...json,
    'application/x-ndjson': textBody('The score of each line, in one record or several'),
  },
};
