import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { DocumentLabels } from '../../store/store.ts';
import { isInCalendar } from '../../text/document-names.ts';
import { invalidField } from '../invalid-fields.ts';
import { quoted } from '../quoted.ts';
import { partOf } from './settings.ts';

/**
 * The labels among an upload's fields. Throws `invalid-request` for a date that the calendar does not have, and for
 * labels of no text.
 */
export function readLabels(request: FastifyRequest, { title, date }: DocumentLabels): DocumentLabels {
  const labels = {
    ...(title === undefined ? {} : { title }),
    ...(date === undefined ? {} : { date }),
  };
  const [name] = Object.keys(labels);
  if (name !== undefined && hasNoText(request)) {
    throw invalidField(`${partOf(request, name)}/${name}`, `There is no text whose ${name} it could be.`);
  }
  if (date !== undefined && !isInCalendar(date)) {
    throw invalidField(`${partOf(request, 'date')}/date`, `The calendar has no ${quoted(date)}.`);
  }
  return labels;
}

function hasNoText({ body }: FastifyRequest): boolean {
  return !(body instanceof Readable) && (body as { text?: string }).text === undefined;
}
