import { type Static, Type } from 'typebox';
import { maxOrder } from '../../store/store.ts';
import type { OtherModel } from '../scored-against.ts';
import { PartVersions } from './estimators.ts';
import { jsonResponse, linesOf, nullableNumber } from './fields.ts';
import {
  EstimatorFields,
  EstimatorQuery,
  estimatorField,
  LogBaseField,
  ModelAnswer,
  OwnEstimatorFields,
} from './models.ts';
import { ProblemInPlace, ProblemSchema } from './problems.ts';
import { textStreams } from './uploads.ts';

const maxTexts = 10_000;

/** Which marks of lines are scored. */
export const marks = {
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
};

const switches = {
  ...marks,
  per_token: Type.Optional(
    Type.Boolean({ description: "Whether to return each token's score too; not with `summary`" }),
  ),
  summary: Type.Optional(Type.Boolean({ description: 'Whether to return the totals only' })),
  log_base: LogBaseField,
  cutoffs: Type.Optional(
    Type.Array(Type.Number(), {
      minItems: 2,
      maxItems: 2,
      description:
        'Two perplexities, as in 312,591: each text gets a `bucket`, `head` below the first, `middle` below the second, otherwise `tail`',
    }),
  ),
};

/** The other model, in a query. */
const against = {
  against: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'The name of another corpus, with the same tokenizer and sequences: each text is scored by its model too, and gets their `cross_entropy_difference`',
      examples: ['timemachine'],
    }),
  ),
  against_estimator: Type.Optional({
    ...estimatorField(),
    description:
      "The other model's estimator, with its default parameters. Without it, it is `estimator` with the same parameters",
  }),
  against_order: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxOrder,
      description: "The other model's order. By default `order` or, without that, the other corpus's",
    }),
  ),
};

/** The other model in JSON: the name of its corpus, or an object. It is no union, as above. */
const AgainstField = Type.Optional(
  Type.Unsafe<string | OtherModel>({
    type: ['string', 'object'],
    properties: { corpus: Type.String({ minLength: 1, maxLength: 64 }), ...OwnEstimatorFields },
    required: ['corpus'],
    additionalProperties: false,
    description:
      'Another corpus, with the same tokenizer and sequences: each text is scored by its model too, and gets their `cross_entropy_difference`. An object with `corpus` may also have an `order`, an `estimator` and its parameters, which are otherwise as in the request',
  }),
);

/** The names of the fields of documents in NDJSON. */
export const documentFields = {
  field: Type.Optional(
    Type.String({ description: 'NDJSON: the field that has the text of a document. Default `text`' }),
  ),
  id_field: Type.Optional(
    Type.String({
      description: 'NDJSON: the field that has its id, which is returned if there is one. Default `id`',
    }),
  ),
};

/** A hypothesis of a recognizer or translator, to be scored anew. */
interface Hypothesis {
  text: string;
  acoustic?: number;
}

/** A text, or a hypothesis. It is no union: the errors of one would be those of both. */
const TextOrHypothesis = Type.Unsafe<string | Hypothesis>({
  type: ['string', 'object'],
  properties: {
    text: Type.String(),
    acoustic: Type.Number({
      description:
        "The log probability of another model, such as the acoustic one's, to the same base. All texts have one, or none; without, it is 0",
    }),
  },
  required: ['text'],
  additionalProperties: false,
});

/** How the scores of hypotheses are combined. */
const weights = {
  lm_weight: Type.Optional(
    Type.Number({ description: 'What `log_probability` is multiplied by in `total`. Default 1' }),
  ),
  word_penalty: Type.Optional(
    Type.Number({ description: 'What is added to `total` for each token scored. Default 0' }),
  ),
};

/** The parameters, whatever the body. */
export const ScoreQuery = Type.Object(
  { ...EstimatorQuery, k: EstimatorFields.k, ...switches, ...against, ...documentFields },
  { additionalProperties: false },
);
export type ScoreQuery = Static<typeof ScoreQuery>;

/** A JSON body may hold the parameters too, which override those of the query. */
const ScoreBody = Type.Object(
  {
    texts: Type.Array(TextOrHypothesis, {
      minItems: 1,
      maxItems: maxTexts,
      description:
        'Texts; or hypotheses, such as an n-best list. With any hypothesis, `lm_weight` or `word_penalty` each result has a `total` and is ranked by it',
    }),
    ...EstimatorFields,
    estimator: estimatorField(),
    ...switches,
    ...against,
    against: AgainstField,
    ...weights,
  },
  {
    title: 'ScoreRequest',
    additionalProperties: false,
    examples: [{ texts: ['the time traveller came back', 'the thyme traveller came back'] }],
  },
);
export type ScoreBody = Static<typeof ScoreBody>;

export const scoreBodies = {
  content: {
    'application/json': { schema: ScoreBody },
    'text/plain': {
      schema: {
        type: 'string',
        description: 'One text per line, in UTF-8',
        examples: ['the time traveller came back\n'],
      },
    },
    'application/x-ndjson': {
      schema: {
        type: 'string',
        description: 'One document per line: a JSON object with a text and, possibly, an id',
      },
    },
    ...textStreams('One text per line, in UTF-8'),
  },
};

const score = {
  tokens: Type.Integer({ description: 'The number of tokens scored; `</s>` counts as one' }),
  log_probability: nullableNumber({
    description: 'Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined',
  }),
  perplexity: nullableNumber({
    description: 'The base of the logarithms to the power of -log_probability / tokens',
  }),
  perplexity_in_vocabulary: nullableNumber({
    description: 'The perplexity without the words that the corpus does not have',
  }),
  out_of_vocabulary: Type.Integer({
    description:
      'The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>`',
  }),
};

const perToken = Type.Array(
  Type.Object(
    {
      token: Type.String(),
      log_probability: nullableNumber({ description: 'Given the preceding tokens' }),
      in_vocabulary: Type.Boolean({ description: 'Whether the corpus has the token as written' }),
      order: Type.Integer({
        description:
          'Length of the longest n-gram of the corpus that ends here, with `<unk>` in place of unknown tokens if it is counted; 0 for none',
      }),
    },
    { title: 'TokenScore' },
  ),
);

const bucket = Type.Optional(
  Type.Enum(['head', 'middle', 'tail'], {
    type: 'string',
    description: 'With `cutoffs`; `tail` if there is no perplexity',
  }),
);

/** The model that texts are scored against. */
const otherModel = { name: Type.String({ description: 'The name of its corpus' }), ...ModelAnswer };

/** The score of a text against another model. */
const difference = {
  against: Type.Optional(
    Type.Object(score, { title: 'OtherScore', description: 'With `against`: the score of its model' }),
  ),
  cross_entropy_difference: Type.Optional(
    nullableNumber({
      description:
        'With `against`: (its log_probability − log_probability) / tokens (Moore & Lewis 2010). The lower, the more the text is like those of the corpus, and the less like those of the other. Null if it is not finite, or there are no tokens',
    }),
  ),
};

const TextScore = Type.Object(
  {
    ...score,
    total: Type.Optional(
      nullableNumber({
        description:
          'acoustic + lm_weight · log_probability + word_penalty · tokens; null if log_probability is',
      }),
    ),
    bucket,
    ...difference,
    rank: Type.Integer({
      description: '1 for the most probable text, or the highest `total`; equals share a rank',
    }),
    per_token: Type.Optional(perToken),
  },
  { title: 'TextScore' },
);

const Scores = Type.Object(
  {
    ...ModelAnswer,
    against: Type.Optional(
      Type.Object(otherModel, {
        title: 'OtherModel',
        description: 'The model that the texts are scored against',
      }),
    ),
    results: Type.Array(Type.Union([TextScore, ProblemInPlace]), {
      description: 'A result for each text, in their order',
    }),
  },
  { title: 'Scores', description: 'The scores of texts' },
);

const ScoreSummary = Type.Object(
  {
    ...ModelAnswer,
    texts: Type.Integer({ description: 'The number of texts' }),
    ...score,
    ...difference,
    against: Type.Optional(
      Type.Object(
        { ...otherModel, ...score },
        { title: 'OtherSummary', description: 'The model that the texts are scored against, and its totals' },
      ),
    ),
  },
  { title: 'ScoreSummary', description: 'With `summary`: the totals' },
);

const line = {
  line: Type.Integer({ description: 'The number of the line, from 1' }),
  id: Type.Optional(
    Type.Unsafe<string | number>({ type: ['string', 'number'], description: 'The id of the document' }),
  ),
  version: ModelAnswer.version,
  part_versions: PartVersions,
  normalized: ModelAnswer.normalized,
};

const againstLine = Type.Optional(
  Type.Object(
    {
      version: ModelAnswer.version,
      part_versions: PartVersions,
      normalized: ModelAnswer.normalized,
      ...score,
    },
    { title: 'OtherLineScore', description: 'With `against`: the version of its corpus, and its score' },
  ),
);

/** A record of the response to lines: told apart by the fields `problem` and `continued`. */
const ScoreRecord = Type.Union(
  [
    Type.Object(
      { ...line, ...score, bucket, ...difference, against: againstLine, per_token: Type.Optional(perToken) },
      { title: 'LineScore' },
    ),
    Type.Object(
      { ...line, per_token: perToken, continued: Type.Literal(true) },
      { title: 'ContinuedLine', description: 'A part of the list of a long line' },
    ),
    Type.Object({ ...line, problem: ProblemSchema }, { title: 'LineProblem' }),
  ],
  { title: 'ScoreRecord' },
);

const { description, content: json } = jsonResponse(
  'The scores; with `summary`, their totals',
  Type.Union([Scores, ScoreSummary]),
);
export const ScoreAnswers = {
  description,
  content: {
    ...json,
    'application/x-ndjson': linesOf('The score of each line, in one record or several', ScoreRecord),
  },
};
