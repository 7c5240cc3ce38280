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

/** The schema of a body that is not JSON. */
export function textBody(description: string, settings: { format?: 'binary' } = {}) {
  return { schema: Type.Unsafe<unknown>({ type: 'string', ...settings, description }) };
}
