import { Type } from 'typebox';
import { documentIdPattern } from '../../text/document-names.ts';
import { CorpusName } from './corpora.ts';
import { jsonResponse } from './fields.ts';
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

export const DocumentPath = Type.Object({
  corpus: CorpusName,
  id: Type.String({
    pattern: documentIdPattern,
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
    ...countLines,
    ...textStreams('The text, in UTF-8'),
  },
};

/** The bodies that carry one text or several. */
export const documentTexts = {
  content: {
    ...documentText.content,
    'multipart/form-data': {
      schema: Type.Unsafe<object>({
        title: 'DocumentsForm',
        type: 'object',
        properties: { ...labelFields, ...namesOfFields, file: formFile },
        required: ['file'],
      }),
    },
    ...documentLines,
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
    'The document, or the documents of a form with several files; of NDJSON, their number',
    Type.Union([
      DocumentSchema,
      Type.Object({ items: Type.Array(DocumentSchema), note: UploadNote }, { title: 'AddedDocuments' }),
      Type.Object(
        {
          documents: Type.Integer({ description: 'The number of documents that were added' }),
          tokens: Type.Integer(),
          bytes: Type.Integer({ description: 'Size of their texts' }),
          version: Type.Integer({ description: "The corpus's version with which they were added" }),
          note: UploadNote,
        },
        { title: 'AddedTotals', description: 'What was added, if it was sent as NDJSON' },
      ),
    ]),
  ),
  headers: {
    Location: {
      type: 'string',
      description: 'The URL of the document, if there is one only; of NDJSON, of their list',
    },
    ...replayedHeader,
  },
};
