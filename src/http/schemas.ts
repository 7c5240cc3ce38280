import { type TProperties, type TSchema, Type } from 'typebox';
import type { JobState } from '../ingest/job.ts';
import { sequencesNames } from '../text/reserved.ts';
import { tokenizerNames } from '../text/tokenizer.ts';

/** The pattern of a corpus's name, which is also the name of its file. */
const namePattern = '^[a-z0-9][a-z0-9._-]{0,63}$';
const documentIdPattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$';
/** The highest order of a corpus. */
export const maxOrder = 6;
const cursorPattern = '^[A-Za-z0-9_-]+$';

/** A field that may be left out because it has a default, so that handlers always find it. */
export function defaulted<Schema extends TSchema>(schema: Schema): Schema {
  return Type.Optional(schema) as unknown as Schema;
}

export const CorpusName = Type.String({
  pattern: namePattern,
  description: 'Lower-case letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit',
  examples: ['timemachine'],
});

export const CorpusPath = Type.Object({ corpus: CorpusName });

export const DocumentPath = Type.Object({
  corpus: CorpusName,
  id: Type.String({
    pattern: documentIdPattern,
    description: 'Letters, digits, `.`, `_` and `-`, at most 128, beginning with a letter or digit',
    examples: ['sequel'],
  }),
});

export const JobPath = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f-]{36}$',
    description: 'As the answer to the upload, or the list of jobs, names it',
    examples: ['00000000-0000-4000-8000-000000000000'],
  }),
});

const settings = {
  tokenizer: defaulted(
    Type.Enum(tokenizerNames, {
      type: 'string',
      default: 'word',
      description:
        '`word`: runs of A–Z a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), NFC, lower-cased; `whitespace`: splits at white space, changes nothing',
    }),
  ),
  order: defaulted(
    Type.Integer({
      minimum: 1,
      maximum: maxOrder,
      default: 3,
      description: 'N, the length of the longest n-grams that are counted',
    }),
  ),
  sequences: defaulted(
    Type.Enum(sequencesNames, {
      type: 'string',
      default: 'document',
      description:
        'What n-grams do not cross: `document`, or `line`, where each line that is not empty is put between `<s>` and `</s>`',
    }),
  ),
  locale: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'For `unicode`: the language of the texts as a tag of BCP 47, whose rules word boundaries and lower case follow. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Rules that hold for most languages where it is left out',
    }),
  ),
};

/** The settings of a corpus whose name stands in the path. */
export const SettingsSchema = Type.Object(settings, { additionalProperties: false });

/** The settings of a corpus with its name, which may also come in the body. */
export const NamedSettingsSchema = Type.Object(
  { name: Type.Optional(CorpusName), ...settings },
  { additionalProperties: false },
);

export const CorpusSchema = Type.Object(
  {
    name: Type.String(),
    tokenizer: Type.String(),
    order: Type.Integer(),
    sequences: Type.String(),
    locale: Type.Optional(Type.String({ description: 'Present where one was chosen, in canonical form' })),
    version: Type.Integer({ description: 'Grows by one with each committed change' }),
    documents: Type.Integer(),
    tokens: Type.Integer({ description: 'n' }),
    vocabulary_size: Type.Integer({ description: 'm, the distinct tokens' }),
    ngrams: Type.Array(
      Type.Object({ order: Type.Integer(), distinct: Type.Integer(), total: Type.Integer() }),
      { description: 'For each order the distinct n-grams and the sum of their counts' },
    ),
    bytes: Type.Integer({ description: 'Size of the uploaded texts' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'Corpus' },
);

export const DocumentSchema = Type.Object(
  {
    id: Type.String(),
    tokens: Type.Integer(),
    bytes: Type.Integer(),
    sha256: Type.String({ description: "Of the text's bytes" }),
    version: Type.Integer({ description: "The corpus's version that it came with" }),
    created_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'Document' },
);

/** The types beside `text/plain` that a text may have, by their schemas. */
export function textStreams(description: string) {
  return {
    'application/octet-stream': { schema: { type: 'string', description } },
    'application/gzip': {
      schema: { type: 'string', description: `${description}, compressed; so may every other body be` },
    },
  };
}

/** The header of a POST that may be repeated. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[ -~]{1,255}$',
      description:
        'Chosen by the client for this request, 1 to 255 printable ASCII characters. Where the answer was lost, the same request with the same key is not counted twice: it gets the first answer again, with `idempotent-replayed`. Keys belong to the corpus and are kept as long as it is',
    }),
  ),
});

/** Of an answer that may be the first one again. */
export const replayedHeader = {
  'idempotent-replayed': {
    type: 'string',
    enum: ['true'],
    description: 'Present where this is the answer that a request with the same Idempotency-Key got before',
  },
};
export const JobSchema = Type.Object(
  {
    id: Type.String(),
    operation: Type.Enum(['create-corpus', 'add-documents'], { type: 'string' }),
    corpus: Type.String(),
    request_id: Type.String({ description: 'Of the upload, as in the log' }),
    state: Type.Enum(
      [
        'receiving',
        'waiting',
        'counting',
        'merging',
        'committing',
        'succeeded',
        'failed',
        'cancelled',
      ] satisfies JobState[],
      {
        type: 'string',
        description:
          "`receiving`: the text comes in and is tokenized; `waiting`: for the corpus's turn; `counting`; `merging`: the counts of a very long text; `committing`: too late to cancel; then one of the last three",
      },
    ),
    bytes: Type.Integer({ description: 'How much of the text is here, after decompression' }),
    total_bytes: Type.Optional(
      Type.Integer({ description: 'The size of the text, where the request says it' }),
    ),
    tokens: Type.Integer({ description: 'In what is here of the text' }),
    counted_tokens: Type.Integer({ description: 'How many of the tokens are counted' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    result: Type.Optional(
      Type.Object(
        {
          status: Type.Integer({ description: 'Of the answer without `respond-async`' }),
          location: Type.String({ description: 'Of the corpus, the document or, of several, their list' }),
          body: Type.Optional(
            Type.Union([Type.Ref('Corpus'), Type.Ref('Document')], {
              description: 'The corpus, or the document if it is one',
            }),
          ),
          documents: Type.Optional(
            Type.Integer({ description: 'How many documents there are, if they are several' }),
          ),
        },
        { description: 'Of a job that succeeded' },
      ),
    ),
    problem: Type.Optional(Type.Ref('Problem')),
  },
  { $id: 'Job', description: 'An upload, under way or ended' },
);

export const CursorQuery = Type.Optional(
  Type.String({
    pattern: cursorPattern,
    description: 'Where to go on: the `next_cursor` of the page before. Opaque.',
  }),
);

/** The query of a list that is answered in pages. */
export const PageQuery = {
  cursor: CursorQuery,
  limit: defaulted(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'The most items of a page' }),
  ),
};

/** A page of a list, with what is said of the whole list. */
export function pageSchema<Item extends TSchema, About extends TProperties>(item: Item, about: About) {
  return Type.Object(
    {
      ...about,
      items: Type.Array(item),
      next_cursor: Type.Optional(Type.String({ description: 'Present where there is more' })),
    },
    { description: 'A page of the list' },
  );
}
