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
  responses: Record<string, ResponseObject>;
}

interface ResponseObject {
  $ref?: string;
  content?: Record<string, MediaType>;
}

interface Response {
  mediaTypes: string[];
  /** Where it is in the document. */
  place: string[];
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
  /** The response of each status. */
  responses: Map<number, Response>;
}

/** An OpenAPI document as the server serves it: its operations, and checks of answers against it. */
export class ApiDocument {
  readonly operations: Operation[];
  readonly #schemas: Record<string, Schema>;
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });

  constructor(document: {
    paths: Record<string, Record<string, OperationObject>>;
    components?: { schemas?: Record<string, Schema>; responses?: Record<string, ResponseObject> };
  }) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'openapi');
    this.#schemas = document.components?.schemas ?? {};
    const shared = document.components?.responses ?? {};
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId ?? `${method} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        bodies: Object.fromEntries(
          Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema = {}, ...media }]) => [
            type,
            { ...media, schema: this.resolve(schema) },
          ]),
        ),
        responses: new Map(
          Object.entries(operation.responses).map(([status, response]) => {
            const name = nameIn(response);
            const { content = {} } = name === undefined ? response : shared[name];
            const place =
              name === undefined
                ? ['paths', path, method, 'responses', status]
                : ['components', 'responses', name];
            return [Number(status), { mediaTypes: Object.keys(content), place }];
          }),
        ),
      })),
    );
  }

  /** The schema, with a reference resolved. */
  resolve(schema: Schema): Schema {
    const name = nameIn(schema);
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
    const { place } = operation.responses.get(status) as Response;
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

/** The name that a reference ends with; undefined if the object is none. */
function nameIn({ $ref }: { $ref?: string }): string | undefined {
  return $ref?.split('/').at(-1);
}
