import { Type } from 'typebox';
import type { EstimatorName } from '../../estimators/catalogue.ts';
import { defaulted, formatField } from './fields.ts';
import { AdditiveParameter, EstimatorQuery, estimatorField, ModelAnswer } from './models.ts';
import { CursorQuery, pageOrTable, tableFormats } from './pages.ts';
import { columns } from './tables.ts';

/** How many words an answer in JSON has by default and at most. */
export const defaultWords = 10;
export const maxWords = 1000;

export const ContinuationsQuery = Type.Object(
  {
    context: defaulted(
      Type.String({
        default: '',
        description: 'The text so far; it is tokenized as the corpus is, and its last tokens are used',
        examples: ['of the'],
      }),
    ),
    side: defaulted(
      Type.Enum(['right', 'left'], {
        type: 'string',
        default: 'right',
        description:
          'The words that follow the context, or those that precede it: `left` counts what stands directly before the whole context, which has at least one token and at most 100, wherever it occurs',
      }),
    ),
    k: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: `The number of words: in JSON ${defaultWords} by default and at most ${maxWords}, as CSV all by default`,
      }),
    ),
    prefix: defaulted(
      Type.String({
        default: '',
        description:
          "Only words that begin with these characters, after the tokenizer's folding (lower case, normal form). Characters that no token has match nothing; white space is refused, except with `char`",
      }),
    ),
    cursor: CursorQuery,
    ...EstimatorQuery,
    estimator: Type.Optional(
      Type.Unsafe<EstimatorName>({
        ...estimatorField(),
        description:
          'How counts become probabilities: `laplace` by default. With side=left `mle`, which gives the relative frequencies, and nothing else',
      }),
    ),
    additive_k: AdditiveParameter,
    format: formatField(tableFormats),
  },
  { additionalProperties: false },
);

const Continuations = Type.Object(
  {
    ...ModelAnswer,
    context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
    total: Type.Optional(
      Type.Integer({ description: 'With side=left, how often a word precedes the context' }),
    ),
    continuations: Type.Array(
      Type.Object(
        {
          word: Type.String(),
          probability: Type.Number(),
          count: Type.Optional(
            Type.Integer({
              description:
                'n(hw), how often the word follows the context (with side=left n(wh), how often it precedes it), or the adjusted count that Kneser–Ney uses instead; absent in a corpus without counts',
            }),
          ),
        },
        { title: 'Continuation' },
      ),
    ),
    note: Type.Optional(
      Type.String({ description: 'Why there are none, or what of the context is in no token' }),
    ),
    next_cursor: Type.Optional(Type.String({ description: 'Present if there are more words' })),
  },
  { title: 'Continuations', description: 'The words, most probable first' },
);

export const ContinuationsAnswer = pageOrTable(Continuations, columns.continuations);
