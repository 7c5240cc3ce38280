import { Type } from 'typebox';
import { datePattern, maxTitleLength } from '../../text/document-names.ts';

/** What an answer to an upload says of its texts. */
export const UploadNote = Type.Optional(
  Type.String({
    description:
      'In the answer to an upload: that the tokenizer reads few of the letters, if more than a tenth are in no token',
  }),
);

/** The content types beside `text/plain` in which a text can be sent. */
export function textStreams(description: string) {
  return {
    'application/octet-stream': { schema: { type: 'string', description } },
    'application/gzip': {
      schema: {
        type: 'string',
        description: `${description}, compressed; all other bodies may be compressed too`,
      },
    },
  };
}

/** What an upload may say of all of its texts. */
export const labelFields = {
  title: Type.Optional(
    Type.String({
      maxLength: maxTitleLength,
      // No control characters.
      pattern: '^[^\\u0000-\\u001f\\u007f]+$',
      description: 'The title of the text, or of each of them',
    }),
  ),
  date: Type.Optional(
    Type.String({
      pattern: datePattern,
      description:
        'When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07',
      examples: ['1895'],
    }),
  ),
};

/** Names of fields of documents in JSON. */
export const namesOfFields = {
  field: Type.Optional(
    Type.String({ description: 'NDJSON: the field that has the text of a document. Default `text`' }),
  ),
  id_field: Type.Optional(
    Type.String({
      description:
        'NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it',
    }),
  ),
  title_field: Type.Optional(
    Type.String({ description: 'NDJSON: the field that has its title. Without it, none is read' }),
  ),
  date_field: Type.Optional(
    Type.String({ description: 'NDJSON: the field that has its date. Without it, none is read' }),
  ),
};

/** Documents in JSON, one per line. */
export const documentLines = Object.fromEntries(
  ['application/x-ndjson', 'application/jsonl'].map((type) => [
    type,
    {
      schema: {
        type: 'string',
        description: 'Documents: a JSON object in each line',
        examples: ['{"id":"a1","text":"the time traveller"}\n{"id":"a2","text":"the time machine"}\n'],
      },
    },
  ]),
);

/** Counts of n-grams. */
export const countLines = {
  'text/tab-separated-values': {
    schema: {
      type: 'string',
      description:
        "Counts of n-grams instead of a text, as a document: in each line words, a tab and a count, as `ngramd export --order all` and SRILM's `ngram-count -write` print them, or Google's columns, whose years are added up. One or several orders in any order of lines; those that are not given are derived. Contradictions are refused with the line",
      examples: ['the time\t3\nthe time traveller\t2\n'],
    },
  },
};

/** The fields of an upload of one document. */
export const LabelsSchema = Type.Object(labelFields, { additionalProperties: false });

/** The fields of an upload of documents. */
export const DocumentFields = Type.Object(
  { ...labelFields, ...namesOfFields },
  { additionalProperties: false },
);

/** A form with one or more texts. */
export const formFile = { type: 'array', items: { type: 'string', contentMediaType: 'text/plain' } };

/** The header that makes a POST request safe to repeat. */
const IdempotencyHeaders = {
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[ -~]{1,255}$',
      description:
        'Chosen by the client for this request, 1 to 255 printable ASCII characters. If the response was lost, the same request with the same key is not counted twice: it gets the first response again, with `idempotent-replayed`. Keys belong to the corpus and are kept as long as it is',
    }),
  ),
};

/** The header that asks for a response before the upload is counted (RFC 7240). */
const PreferHeaders = {
  prefer: Type.Optional(
    Type.String({
      description:
        '`respond-async`: respond once the text has been received, with 202 and a job that can be followed and cancelled',
    }),
  ),
};

export const PutHeaders = Type.Object(PreferHeaders);
export const PostHeaders = Type.Object({ ...IdempotencyHeaders, ...PreferHeaders });

/** A header of responses that may be replayed. */
export const replayedHeader = {
  'idempotent-replayed': {
    type: 'string',
    enum: ['true'],
    description: 'Present if this is the response that an earlier request with the same Idempotency-Key got',
  },
};
