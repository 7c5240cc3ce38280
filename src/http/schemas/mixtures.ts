import { type Static, Type } from 'typebox';
import { OwnEstimatorFields } from './models.ts';

/** The most parts of a mixture. */
const maxParts = 16;

const name = Type.String({ minLength: 1, maxLength: 64, description: 'The name of the corpus' });
const weight = Type.Number({ exclusiveMinimum: 0, maximum: 1 });

/** A part of a mixture, as requests name it. */
export const MixtureList = Type.Optional(
  Type.Array(
    Type.Object(
      {
        corpus: name,
        weight,
        ...OwnEstimatorFields,
      },
      { title: 'MixturePart', additionalProperties: false },
    ),
    {
      minItems: 1,
      maxItems: maxParts,
      description:
        'Instead of texts: the corpora whose models are mixed, which have the same tokenizer and sequences, with weights that add up to 1. Each has its own `order` and `estimator` with its parameters, by default its highest order and `modified-kneser-ney`; a corpus from an ARPA file has none. The key must be for all of them',
    },
  ),
);
export type MixtureList = NonNullable<Static<typeof MixtureList>>;

/** A part of a mixture, as answers about the corpus name it. */
export const MixtureView = Type.Optional(
  Type.Array(Type.Object({ corpus: name, weight, ...OwnEstimatorFields }, { title: 'MixedCorpus' }), {
    description: 'Of a mixture: its parts',
  }),
);
