import type { FastifyRequest } from 'fastify';
import type { Lines } from '../../model/bulk-scores.ts';
import { invalidField } from '../invalid-fields.ts';
import { isNdjson, ndjsonTypes, textOfBody } from './texts.ts';

/** The parameters that name fields of documents. */
interface FieldNames {
  field?: string | undefined;
  id_field?: string | undefined;
}

/**
 * The lines of a request's body: texts, or documents in JSON by its content type. Throws `invalid-request` for fields of
 * documents where there are none, and the errors of `textOfBody`.
 */
export function linesOfBody(request: FastifyRequest, names: FieldNames, most: number): Lines {
  const isOfDocuments = isNdjson(request);
  if (!isOfDocuments) refuseDocumentFields(names);
  const { field: text = 'text', id_field: id = 'id' } = names;
  return { bytes: textOfBody(request, most), documents: isOfDocuments ? { text, id } : undefined };
}

/** Throws `invalid-request` for fields of documents in a request that has none. */
export function refuseDocumentFields({ field, id_field }: FieldNames): void {
  for (const [name, value] of Object.entries({ field, id_field })) {
    if (value === undefined) continue;
    throw invalidField(
      `/query/${name}`,
      `This names a field of documents, which are sent as ${ndjsonTypes[0]}.`,
    );
  }
}
