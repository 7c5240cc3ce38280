import { Type } from 'typebox';
import { concordanceSorts } from '../../analysis/concordance.ts';
import { defaulted } from './fields.ts';
import { PageQuery, pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';

/** The most words on one side of an occurrence. */
const maxWidth = 100;

const width = (side: string) =>
  defaulted(
    Type.Integer({
      minimum: 0,
      maximum: maxWidth,
      default: 8,
      description: `Maximum number of tokens ${side} each occurrence; there are fewer at the ends of documents`,
    }),
  );

/** A parameter that is a phrase. */
export const PhraseText = Type.String({ maxLength: 10_000 });

export const ConcordanceQuery = Type.Object(
  {
    q: Type.String({
      ...PhraseText,
      description: 'The phrase, of any length up to 100 tokens; it is tokenized as the corpus is',
      examples: ['time machine'],
    }),
    left: width('before'),
    right: width('after'),
    sort: defaulted(
      Type.Enum([...concordanceSorts], {
        type: 'string',
        default: 'text',
        description:
          'The order of the occurrences: by the word before the phrase or by the word after it (by UTF-16 code units; those with the same word as in the text), or as in the text',
      }),
    ),
    ...PageQuery,
  },
  { additionalProperties: false },
);

const tokens = (description: string) => Type.Array(Type.String(), { description });

export const ConcordancePage = pageOrTable(
  pageSchema(
    'ConcordancePage',
    Type.Object(
      {
        document: Type.String({ description: 'The id of the document' }),
        position: Type.Integer({ description: 'The number of tokens before the occurrence in the document' }),
        left: tokens('The tokens before it'),
        hit: tokens('The phrase'),
        right: tokens('The tokens after it'),
      },
      { title: 'ConcordanceLine' },
    ),
    {
      version: Type.Integer(),
      phrase: tokens('The tokens of `q`'),
      total: Type.Integer({ description: 'How often the phrase occurs in the corpus' }),
    },
  ),
  columns.concordance,
);
