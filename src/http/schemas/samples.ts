import { Type } from 'typebox';
import { firstSample, samples } from '../../samples.ts';
import { corpusName, SettingsSchema } from './corpora.ts';
import { pageOrTable } from './pages.ts';
import { columns } from './tables.ts';

export const SamplePath = Type.Object({
  sample: Type.Enum(
    samples.map(({ name }) => name),
    { type: 'string', description: 'The name of a sample', examples: [firstSample] },
  ),
});

/** The settings of the corpus that is made of a sample. */
export const SampleQuery = Type.Object(
  {
    corpus: Type.Optional(
      Type.String({
        pattern: corpusName,
        description: 'The name of the corpus; that of the sample if omitted',
        examples: ['verses'],
      }),
    ),
    ...SettingsSchema.properties,
  },
  { additionalProperties: false },
);

const Samples = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          title: Type.String(),
          author: Type.String(),
          year: Type.Integer(),
          language: Type.String({ description: 'A BCP 47 tag' }),
          description: Type.String(),
          source: Type.String({ description: 'The package of npm that the text was taken from' }),
          bytes: Type.Integer(),
        },
        { title: 'Sample' },
      ),
    ),
  },
  { title: 'SampleList', description: 'The samples' },
);

export const SampleList = pageOrTable(Samples, columns.samples);
