import { NgramdError } from '../../errors.ts';
import type { Text, UploadedFields } from '../../ingest/ingest.ts';
import { ndjsonTypes } from '../bodies/texts.ts';
import { invalidField } from '../invalid-fields.ts';

/** The fields of an upload that name fields of documents in JSON. */
interface NamesOfFields {
  field?: string;
  id_field?: string;
  title_field?: string;
  date_field?: string;
}

/**
 * A text of a request, and whether it is documents in JSON, one per line, or counts of n-grams, by its content type.
 */
export type SentText = Text & { readonly isLines: boolean };

/**
 * The texts of an upload, of which documents are read by the fields that it names. `partOf` gives the part of the
 * request that has a field. Throws `invalid-request` for such a field with a text that is not documents.
 */
export async function* withDocumentFields(
  texts: AsyncIterable<SentText>,
  names: NamesOfFields,
  partOf: (field: string) => string,
): AsyncIterable<Text> {
  const { field: text = 'text', id_field: id = 'id', title_field: title, date_field: date } = names;
  const documents: UploadedFields = { text, id, title, date };
  for await (const sent of texts) {
    if (sent.isLines) sent.documents = documents;
    else refuseFields(names, partOf);
    yield sent;
  }
}

/** Throws `unsupported-media-type` for documents where there may be one text only. */
export function refuseDocuments(): never {
  throw new NgramdError(
    'unsupported-media-type',
    `One id takes one text, and ${ndjsonTypes[0]} is one document per line: add these with POST …/documents.`,
  );
}

function refuseFields(names: NamesOfFields, partOf: (field: string) => string): void {
  const { field, id_field, title_field, date_field } = names;
  for (const [name, value] of Object.entries({ field, id_field, title_field, date_field })) {
    if (value === undefined) continue;
    throw invalidField(
      `${partOf(name)}/${name}`,
      `This names a field of documents, which are sent as ${ndjsonTypes[0]}.`,
    );
  }
}
