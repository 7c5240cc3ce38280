import { type TSchema, Type } from 'typebox';

/** A field that is optional in requests because it has a default: handlers always find it. */
export function defaulted<Schema extends TSchema>(schema: Schema): Schema {
  return Type.Optional(schema) as unknown as Schema;
}

/** A number, or null: JSON has no NaN and no infinity. */
export function nullableNumber(settings: { description?: string } = {}) {
  return Type.Unsafe<number | null>({ type: ['number', 'null'], ...settings });
}

/** The parameter that chooses among the formats of an answer. */
export function formatField<Name extends string>(formats: readonly Name[]) {
  return Type.Optional(
    Type.Enum([...formats], {
      type: 'string',
      description: 'The format of the answer, whatever `Accept` says; without it, `Accept` decides',
    }),
  );
}

/** The query, or the fields, of a route that takes none. */
export const NoFields = Type.Object({}, { additionalProperties: false });

/** A response whose body is JSON. */
export function jsonResponse<Schema extends TSchema>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** The schema of a body that is sent piece by piece; each piece fits `item`. */
export function streamOf(contentMediaType: string, description: string, item: TSchema) {
  const contentSchema = { type: 'array', items: item };
  return { schema: Type.Unsafe<unknown>({ type: 'string', contentMediaType, contentSchema, description }) };
}

/** The schema of a body of JSON values, one per line. */
export function linesOf(description: string, record: TSchema) {
  return streamOf('application/x-ndjson', description, record);
}

/**
 * The schema of a body of server-sent events, with the data of each kind of event. `title` is the name of their union.
 */
export function eventsOf(title: string, description: string, data: Record<string, TSchema>) {
  const events = Object.entries(data).map(([event, data]) =>
    Type.Object({ event: Type.Literal(event), data }),
  );
  return streamOf('text/event-stream', description, Type.Union(events, { title }));
}

/** The schema of a body that is not JSON. */
export function textBody(description: string, settings: { format?: 'binary' } = {}) {
  return { schema: Type.Unsafe<unknown>({ type: 'string', ...settings, description }) };
}
