import { type TProperties, Type } from 'typebox';
import { corpusKinds, maxOrder } from '../../store/store.ts';
import { blankLinesNames, sequencesNames } from '../../text/reserved.ts';
import { tokenizerNames } from '../../text/tokenizer.ts';
import { defaulted, jsonResponse } from './fields.ts';
import { MixtureList, MixtureView } from './mixtures.ts';
import { pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';
import {
  countLines,
  documentLines,
  formFile,
  labelFields,
  namesOfFields,
  replayedHeader,
  textStreams,
  UploadNote,
} from './uploads.ts';

/** The pattern of a corpus's name, which is also the name of its file. */
export const corpusName = '^[a-z0-9][a-z0-9._-]{0,63}$';

export const CorpusName = Type.String({
  pattern: corpusName,
  description:
    'Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit',
  examples: ['timemachine'],
});

export const CorpusPath = Type.Object({ corpus: CorpusName });

const settings = {
  tokenizer: defaulted(
    Type.Enum(tokenizerNames, {
      title: 'TokenizerName',
      type: 'string',
      default: 'word',
      description:
        '`word`: runs of A–Z and a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), in NFC, lower-cased; `whitespace`: splits at white space and changes nothing; `jieba`: as `unicode`, with Chinese words by the dictionary of jieba; `gpt2`, `cl100k_base`, `o200k_base`: subwords of tiktoken, with their ids; `huggingface`: subwords of a `tokenizer.json` of Hugging Face, which is a part of the form, with their ids; `ids`: ids of tokens, in decimal, with white space or commas between them',
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
      title: 'SequencesName',
      type: 'string',
      default: 'document',
      description:
        'The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>`',
    }),
  ),
  blank_lines: Type.Optional(
    Type.Enum(blankLinesNames, {
      type: 'string',
      description:
        "With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`)",
    }),
  ),
  locale: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply',
    }),
  ),
  vocabulary_min_count: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>`',
    }),
  ),
  vocabulary_ids: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 2 ** 20,
      description:
        'With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2',
    }),
  ),
};

/** The most words that a vocabulary is closed to in JSON; a form has them in a file. */
const maxListedWords = 100_000;

const vocabularyDescription =
  'Closes the vocabulary to these words: every other word, also of texts that are added later, is counted as `<unk>`';

const VocabularyList = Type.Optional(
  Type.Array(Type.String({ pattern: '^[^\\r\\n]+$' }), {
    minItems: 1,
    maxItems: maxListedWords,
    description: vocabularyDescription,
    examples: [['the', 'time', 'machine']],
  }),
);

/** The settings of a corpus. */
export const SettingsSchema = Type.Object(settings, { additionalProperties: false });

/** The fields of an upload that creates a corpus that is named in the path. */
export const PutFields = Type.Object(
  { ...settings, ...labelFields, ...namesOfFields },
  { additionalProperties: false },
);

/** The same with its name, which may also be sent in the body. */
export const CreateFields = Type.Object(
  { name: Type.Optional(CorpusName), ...settings, ...labelFields, ...namesOfFields },
  { additionalProperties: false },
);

export const CorpusSchema = Type.Object(
  {
    name: Type.String(),
    kind: Type.Enum(corpusKinds, {
      title: 'CorpusKind',
      type: 'string',
      description:
        'What the corpus is made of: texts, which are counted; counts without a text; or an ARPA file, whose model answers',
    }),
    tokenizer: Type.Enum(tokenizerNames, { title: 'TokenizerName', type: 'string' }),
    order: Type.Integer(),
    sequences: Type.Enum(sequencesNames, { title: 'SequencesName', type: 'string' }),
    blank_lines: Type.Optional(
      Type.Enum(blankLinesNames, {
        title: 'BlankLinesName',
        type: 'string',
        description: 'With `sequences=line`',
      }),
    ),
    locale: Type.Optional(Type.String({ description: 'Present if one was chosen, in canonical form' })),
    dictionary: Type.Optional(
      Type.String({ description: 'With `tokenizer=jieba`: the dictionary by which Chinese words are found' }),
    ),
    vocabulary_sha256: Type.Optional(
      Type.String({
        description:
          'Present if the vocabulary was closed by a list: its SHA-256, decompressed as it was sent; of a list in JSON, that of its words, each followed by a line feed',
      }),
    ),
    vocabulary_min_count: Type.Optional(
      Type.Integer({
        description:
          'Present if the vocabulary was closed to the words that occurred at least this many times in the first texts',
      }),
    ),
    vocabulary_ids: Type.Optional(
      Type.Integer({
        description: 'With `tokenizer=ids`: how many ids there are; of a `tokenizer.json`, the highest + 1',
      }),
    ),
    tokenizer_sha256: Type.Optional(
      Type.String({
        description:
          'With `tokenizer=huggingface`: the SHA-256 of the `tokenizer.json`, decompressed as it was sent',
      }),
    ),
    mixture: MixtureView,
    version: Type.Integer({ description: 'Grows by one with each committed change' }),
    documents: Type.Integer(),
    tokens: Type.Integer({ description: 'n' }),
    vocabulary_size: Type.Integer({
      description: 'm, the number of distinct tokens; 0 for a mixture, whose tokens are those of its parts',
    }),
    token_ids: Type.Integer({
      description:
        'The highest token id + 1, the number of rows that an embedding needs: reserved tokens, and tokens of documents that were removed, keep their ids. Of a mixture, only the ids that do not depend on its parts',
    }),
    ngrams: Type.Array(
      Type.Object(
        { order: Type.Integer(), distinct: Type.Integer(), total: Type.Integer() },
        { title: 'NGramTotals' },
      ),
      {
        description:
          'The number of distinct n-grams of each order, and the sum of their counts; of an ARPA file, the number of n-grams that it lists, and 0',
      },
    ),
    bytes: Type.Integer({ description: 'Size of the uploaded texts' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    note: UploadNote,
  },
  { title: 'Corpus', description: 'A corpus: its settings and sizes' },
);

export const CorpusAnswer = jsonResponse('The corpus', CorpusSchema);
export const CorpusList = pageOrTable(pageSchema('CorporaPage', CorpusSchema, {}), columns.corpora);

const location = { Location: { type: 'string', description: 'The URL of the corpus' } };
export const CreatedCorpus = { ...CorpusAnswer, headers: location };
export const CreatedOrReplayedCorpus = { ...CorpusAnswer, headers: { ...location, ...replayedHeader } };

/** The bodies that carry a text together with settings; `title` begins the names of their schemas. */
export function settingsAndText(title: string, schema: typeof PutFields | typeof CreateFields) {
  const { properties } = schema;
  const text = {
    type: 'string',
    description: 'The text, in UTF-8',
    examples: ['the time traveller smiled\nthe time machine stood still'],
  };
  const file = {
    ...formFile,
    description: 'One or more texts, after all other fields: files or fields, also compressed with gzip',
  };
  const vocabulary = {
    type: 'string',
    contentMediaType: 'text/plain',
    description: `${vocabularyDescription}. A file or field before the texts with a word on each line, up to 8 MiB, also compressed with gzip`,
  };
  const tokenizerFile = {
    type: 'string',
    contentMediaType: 'application/json',
    description:
      'The name of a tokenizer, as a field; or a file before the texts, the `tokenizer.json` of a tokenizer of Hugging Face, up to 48 MiB, also compressed with gzip',
  };
  return {
    content: {
      'text/plain': { schema: text },
      'application/json': {
        schema: Type.Unsafe<object>({
          title: `${title}Request`,
          type: 'object',
          properties: {
            ...withoutDefaults(properties),
            vocabulary: VocabularyList,
            mixture: MixtureList,
            text,
          },
          required: [],
          additionalProperties: false,
        }),
      },
      'multipart/form-data': {
        schema: Type.Unsafe<object>({
          title: `${title}Form`,
          type: 'object',
          properties: { ...properties, tokenizer: tokenizerFile, vocabulary, file },
          required: ['file'],
        }),
      },
      ...documentLines,
      ...countLines,
      ...textStreams('The text, in UTF-8'),
      'text/x-arpa': {
        schema: {
          type: 'string',
          description:
            'An ARPA file, which makes a corpus of kind `arpa`; one that begins with `\\data\\` is also recognized in bodies of the other types but JSON',
        },
      },
    },
  };
}

/** The fields of a JSON body, which has no documents in JSON, and whose defaults would override the query. */
function withoutDefaults(properties: TProperties): object {
  const fields = Object.entries(properties)
    .filter(([name]) => !(name in namesOfFields))
    .map(([name, field]) => {
      const { default: _, ...rest } = field as { default?: unknown };
      return [name, rest];
    });
  return Object.fromEntries(fields);
}
