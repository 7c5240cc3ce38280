import { type Static, Type } from 'typebox';
import { maxOrder } from '../../store/store.ts';
import { textBody } from './fields.ts';
import { EstimatorQuery, estimatorField } from './models.ts';
import { textStreams } from './uploads.ts';

/** The estimator of a file whose request names none. */
export const writtenEstimator = 'modified-kneser-ney';

const query = {
  ...EstimatorQuery,
  estimator: estimatorField(writtenEstimator),
  prune: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), {
      minItems: 1,
      maxItems: maxOrder,
      description:
        'For order 1, 2, 3, …, as in 0,0,1: n-grams that occur at most this often are left out, as by `lmplz --prune`; the last value also applies to higher orders, and no value may be less than the one before. `<unk>`, `<s>` and `</s>` are always kept',
    }),
  ),
  prune_entropy: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'Leaves out each n-gram without which the perplexity of the model would increase by less than this part, such as 1e-8 (relative entropy pruning, Stolcke 1998; `ngram -prune` of SRILM). After `prune` and `vocabulary`. Needs an index in memory',
    }),
  ),
};

export const ArpaQuery = Type.Object(
  {
    ...query,
    vocabulary: Type.Optional(
      Type.String({
        description:
          'The most frequent words, as in top:50000: n-grams with other words are left out, as by `lmplz --limit_vocab_file`, and readers of the file score these words as `<unk>`. A list of words is the body of a POST request',
        examples: ['top:50000'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type ArpaQuery = Static<typeof ArpaQuery>;

/** The query of a request whose body is the vocabulary. */
export const LimitedArpaQuery = Type.Object(query, { additionalProperties: false });

const LimitedArpaBody = Type.Object(
  {
    vocabulary: Type.Array(Type.String({ pattern: '^[^\\r\\n]+$' }), {
      minItems: 1,
      maxItems: 100_000,
      description: 'The words; n-grams with other words are left out',
    }),
  },
  {
    title: 'LimitedArpaRequest',
    additionalProperties: false,
    examples: [{ vocabulary: ['the', 'time', 'traveller'] }],
  },
);
export type LimitedArpaBody = Static<typeof LimitedArpaBody>;

const listDescription = 'The words, one per line, in UTF-8, up to 8 MiB';

export const limitedArpaBodies = {
  content: {
    'application/json': { schema: LimitedArpaBody },
    'text/plain': { schema: { type: 'string', description: listDescription } },
    'multipart/form-data': {
      schema: Type.Unsafe<object>({
        title: 'LimitedArpaForm',
        type: 'object',
        properties: {
          vocabulary: {
            type: 'string',
            contentMediaType: 'text/plain',
            description: `${listDescription}, also compressed with gzip: a file or a field, and nothing else`,
          },
        },
        required: ['vocabulary'],
        additionalProperties: false,
      }),
    },
    ...textStreams(listDescription),
  },
};

export const ArpaFile = {
  description: 'log10 probabilities and back-off weights of the n-grams',
  content: { 'text/plain': textBody('The ARPA file') },
};
