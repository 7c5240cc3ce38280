import { STATUS_CODES } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { problems } from './problems/kinds.ts';

/** A part of an OpenAPI document. */
interface Node {
  [key: string]: unknown;
}

interface Operation extends Node {
  responses: Record<string, Node>;
}

interface Document extends Node {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Node>;
}

/** Keys below which there are values, not schemas. */
const values = new Set(['default', 'enum', 'const', 'example', 'examples']);

/** The headers that responses of these statuses have, besides those of all responses. */
const headersOf: Record<string, readonly string[]> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

const headers = {
  'X-Request-Id': {
    description:
      'The id of the request, as in the log: the one that the client sent, or one that the service chose',
    required: true,
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'After how many seconds the request may be repeated',
    required: true,
    schema: { type: 'integer', minimum: 0 },
  },
  'WWW-Authenticate': { required: true, schema: { type: 'string', const: 'Bearer' } },
};

/**
 * Shortens an OpenAPI document and names its parts: each schema with a title becomes the component of that name, and
 * errors of the same status and form share a response. Every response declares its headers.
 */
export function withComponents(document: object): Document {
  const { paths, components } = document as Document;
  const schemas = new Schemas();
  const responses: Record<string, Node> = {};
  const named = schemas.named(paths) as Document['paths'];
  for (const operations of Object.values(named)) {
    for (const operation of Object.values(operations)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const whole = withHeaders(status, response);
        operation.responses[status] = Number(status) < 400 ? whole : shared(responses, status, whole);
      }
    }
  }
  return {
    ...(document as Document),
    paths: named,
    components: { ...components, schemas: schemas.sorted(), responses: sorted(responses), headers },
  };
}

/**
 * A schema of a body with its defaults in words: generators of types take a field with a default for one that is
 * required.
 */
export function withDefaultsInWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withDefaultsInWords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    values.has(key) ? value : withDefaultsInWords(value),
  ]);
  const { default: value, ...rest } = Object.fromEntries(entries) as Node;
  if (value === undefined || value === '' || typeof value === 'object') return rest;
  const { description } = rest;
  return { ...rest, description: `${description === undefined ? '' : `${description}. `}Default: ${value}` };
}

/** The schemas that have names. */
class Schemas {
  readonly #found: Record<string, Node> = {};

  /** The part of a document with references in the place of schemas that have a title. */
  named(part: unknown): unknown {
    if (Array.isArray(part)) return part.map((item) => this.named(item));
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part).map(([key, value]) => [
      key,
      values.has(key) ? value : this.named(value),
    ]);
    const { title, ...schema } = Object.fromEntries(entries) as Node;
    if (title === undefined) return schema;
    if (typeof title !== 'string') return { title, ...schema };
    // An enumeration has another description and default in each place.
    const { type, enum: names, ...about } = schema;
    const isEnum = names !== undefined;
    this.#add(title, isEnum ? { type, enum: names } : schema);
    return { $ref: `#/components/schemas/${title}`, ...(isEnum ? about : {}) };
  }

  #add(name: string, schema: Node): void {
    const known = this.#found[name];
    if (known !== undefined && !isDeepStrictEqual(known, schema)) {
      throw new Error(`Two schemas have the title ${name}.`);
    }
    this.#found[name] = schema;
  }

  sorted(): Record<string, Node> {
    return sorted(this.#found);
  }
}

function withHeaders(status: string, response: Node): Node {
  const names = ['X-Request-Id', ...(headersOf[status] ?? [])];
  const references = names.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  return { ...response, headers: { ...(response.headers as Node), ...Object.fromEntries(references) } };
}

/** A reference to the response to errors of a status, which is noted among `responses`. */
function shared(responses: Record<string, Node>, status: string, response: Node): Node {
  const title = (STATUS_CODES[status] ?? status).replaceAll(/[^A-Za-z]/g, '');
  const [content] = Object.values(response.content as Record<string, { schema: { $ref: string } }>);
  const form = content.schema.$ref.split('/').at(-1);
  const name = form === 'Problem' ? title : `${title}${form}`;
  responses[name] = { ...response, description: describe(status) };
  return { $ref: `#/components/responses/${name}` };
}

/** The kinds of problems with a status. */
function describe(status: string): string {
  const kinds = Object.entries(problems).filter(([, [each]]) => each === Number(status));
  return `${STATUS_CODES[status]}: ${kinds.map(([kind]) => `\`${kind}\``).join(', ')}`;
}

function sorted(components: Record<string, Node>): Record<string, Node> {
  const byName = Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byName);
}
