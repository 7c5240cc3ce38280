import { Type } from 'typebox';
import { CorpusName } from './corpora.ts';
import { jsonResponse } from './fields.ts';
import { pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';
import { formFile, labelFields, replayedHeader, textStreams, UploadNote } from './uploads.ts';

export const DocumentPath = Type.Object({
  corpus: CorpusName,
  id: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
    description:
      'Letters, digits, `.`, `_` and `-`; at most 128 characters, beginning with a letter or digit',
    examples: ['sequel'],
  }),
});

export const DocumentSchema = Type.Object(
  {
    id: Type.String(),
    tokens: Type.Integer(),
    bytes: Type.Integer(),
    sha256: Type.String({ description: "Of the text's bytes" }),
    version: Type.Integer({ description: "The corpus's version with which it was added" }),
    created_at: Type.String({ format: 'date-time' }),
    title: Type.Optional(Type.String({ description: 'Present if one was given' })),
    date: Type.Optional(
      Type.String({ description: 'When it was written, if that was given: a year, a month or a day' }),
    ),
    note: UploadNote,
  },
  { title: 'Document', description: 'An uploaded text of a corpus' },
);

/** The bodies that carry a text. */
export const documentText = {
  content: {
    'text/plain': {
      schema: {
        type: 'string',
        description: 'The text, in UTF-8',
        examples: ['the time traveller came back'],
      },
    },
    'application/json': {
      schema: Type.Object(
        { text: Type.String(), ...labelFields },
        { title: 'DocumentText', additionalProperties: false },
      ),
    },
    'multipart/form-data': {
      schema: Type.Unsafe<object>({
        title: 'DocumentForm',
        type: 'object',
        properties: { ...labelFields, file: formFile },
        required: ['file'],
      }),
    },
    ...textStreams('The text, in UTF-8'),
  },
};

export const DocumentAnswer = jsonResponse('The document', DocumentSchema);
export const DocumentList = pageOrTable(
  pageSchema('DocumentsPage', DocumentSchema, { version: Type.Integer() }),
  columns.documents,
);

/** The response of a PUT. */
export const PutDocument = (description: string) => ({
  ...jsonResponse(description, DocumentSchema),
  headers: { Location: { type: 'string', description: 'The URL of the document' } },
});

/** The response of a POST. */
export const AddedDocuments = {
  ...jsonResponse(
    'The document, or the documents of a form with several files',
    Type.Union([
      DocumentSchema,
      Type.Object({ items: Type.Array(DocumentSchema), note: UploadNote }, { title: 'AddedDocuments' }),
    ]),
  ),
  headers: {
    Location: { type: 'string', description: 'The URL of the document, if there is one only' },
    ...replayedHeader,
  },
};
