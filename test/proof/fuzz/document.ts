import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** The parts of a JSON schema from which values are generated. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  example?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

export interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  example?: unknown;
  schema: Schema;
}

interface MediaType {
  schema?: Schema;
  example?: unknown;
}

interface OperationObject {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { content?: Record<string, MediaType> }>;
}

/** An operation of the OpenAPI document. */
export interface Operation {
  id: string;
  /** In upper case. */
  method: string;
  /** With parameters in braces. */
  path: string;
  parameters: Parameter[];
  /** The schemas of its body, by media type. */
  bodies: Record<string, MediaType>;
  /** The media types of each status. */
  responses: Map<number, string[]>;
}

/** An OpenAPI document as the server serves it: its operations, and checks of answers against it. */
export class ApiDocument {
  readonly operations: Operation[];
  readonly #schemas: Record<string, Schema>;
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });

  constructor(document: {
    paths: Record<string, Record<string, OperationObject>>;
    components?: { schemas?: Record<string, Schema> };
  }) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'openapi');
    this.#schemas = document.components?.schemas ?? {};
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId ?? `${method} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        bodies: operation.requestBody?.content ?? {},
        responses: new Map(
          Object.entries(operation.responses).map(([status, { content = {} }]) => [
            Number(status),
            Object.keys(content),
          ]),
        ),
      })),
    );
  }

  /** The schema, with a reference resolved. */
  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : this.#schemas[name];
  }

  /** The operation for a request's method and percent-encoded path; undefined if there is none. */
  find(requested: string, path: string): Operation | undefined {
    const method = requested === 'HEAD' ? 'GET' : requested;
    const segments = path.split('/');
    const matches = this.operations.filter((operation) => {
      const template = operation.path.split('/');
      return (
        operation.method === method &&
        template.length === segments.length &&
        template.every((part, i) => part.startsWith('{') || part === segments[i])
      );
    });
    return matches.find(({ path }) => !path.includes('{')) ?? matches[0];
  }

  /** The path parameters contained in an address, such as a `Location`, by the segment before each. */
  parametersIn(path: string): [string, string][] {
    const segments = path.split('/');
    const template = this.operations
      .map((operation) => operation.path.split('/'))
      .find(
        (template) =>
          template.length === segments.length &&
          template.every((part, i) => part.startsWith('{') || part === segments[i]),
      );
    return (template ?? []).flatMap((part, i): [string, string][] =>
      part.startsWith('{') ? [[segments[i - 1], segments[i]]] : [],
    );
  }

  /** The fault of a body as an answer of an operation; undefined if it is valid. */
  faultOf(operation: Operation, status: number, mediaType: string, body: unknown): string | undefined {
    const place = ['paths', operation.path, operation.method.toLowerCase(), 'responses', String(status)];
    return this.#check([...place, 'content', mediaType, 'schema'], body);
  }

  /** The fault of a body as a problem; undefined if it is valid. */
  faultOfProblem(body: unknown): string | undefined {
    return this.#check(['components', 'schemas', 'Problem'], body);
  }

  /** The same of an error in the form of OpenAI's API. */
  faultOfOpenAiError(body: unknown): string | undefined {
    return this.#check(['components', 'schemas', 'OpenAiError'], body);
  }

  #check(place: string[], body: unknown): string | undefined {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    const validate = this.#ajv.getSchema(`openapi#/${pointer.join('/')}`) as ValidateFunction | undefined;
    if (validate === undefined) return `the document has no schema at ${place.join(' ')}`;
    return validate(body) ? undefined : this.#ajv.errorsText(validate.errors);
  }
}
