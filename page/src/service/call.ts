import { dataOf, type paths } from '../../../clients/typescript/src/index.ts';
import { client } from './client.ts';

type Method = 'get' | 'post' | 'put' | 'delete';

/** The paths that can be asked with a method. */
type PathWith<M extends Method> = {
  [Path in keyof paths]: paths[Path][M] extends { responses: unknown } ? Path : never;
}[keyof paths];

/** The parameters of an operation in its path or query, required if some of them are. */
type Part<Operation, Name extends 'path' | 'query'> = Operation extends {
  parameters: { [N in Name]: infer Values };
}
  ? { [N in Name]: Values }
  : Operation extends { parameters: { [N in Name]?: infer Values } }
    ? { [N in Name]?: Values }
    : never;

type Json<Body> = Body extends { content: { 'application/json': infer Value } } ? Value : never;

type Given<Operation> = Part<Operation, 'path'> &
  Part<Operation, 'query'> & { json?: Operation extends { requestBody?: infer Body } ? Json<Body> : never };

/** The JSON of an operation's successful answers. */
type AnswerTo<Operation> = Operation extends { responses: infer Responses }
  ? Json<Responses[Extract<keyof Responses, 200 | 201 | 202>]>
  : never;

/** A request that can be sent, and shown as what to type. */
export interface Call<Answer> {
  readonly method: Uppercase<Method>;
  /** The path of the service, with the query. */
  readonly path: string;
  readonly json?: unknown;
  /** Only for the compiler. */
  readonly answer?: Answer;
}

/** A call of an operation, with types from the OpenAPI document. */
export function call<M extends Method, Path extends PathWith<M>>(
  method: M,
  path: Path,
  given: Given<paths[Path][M]>,
): Call<AnswerTo<paths[Path][M]>> {
  const {
    path: values = {},
    query = {},
    json,
  } = given as Record<string, Record<string, unknown> | undefined>;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])));
  return {
    method: method.toUpperCase() as Uppercase<M>,
    path: `${filled}${queryOf(query)}`,
    ...(json === undefined ? {} : { json }),
  };
}

/** The query of some values, without those that are undefined or empty; lists have commas. */
function queryOf(values: Record<string, unknown>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `?${query.toString().replaceAll('%2C', ',')}`;
}

/** The path of the same answer in another format. */
export function inFormat({ path }: Call<unknown>, format: 'csv' | 'svg'): string {
  return `${path}${path.includes('?') ? '&' : '?'}format=${format}`;
}

/** Sends a call. Throws ProblemError, or AnswerError for an answer in another form. */
export async function send<Answer>(
  { method, path, json }: Call<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  const { api } = client.value;
  const given = { body: json, ...(signal === undefined ? {} : { signal }) };
  const lower = method.toLowerCase() as 'get';
  return (await dataOf(
    api.request(lower, path as '/v1/corpora', given as Record<string, unknown>),
  )) as Answer;
}
