import type { Answer, Asked } from './asking.ts';

interface Operation {
  readonly requestBody?: { readonly content: object };
  readonly responses: Record<string, { readonly content?: object }>;
}

/** The parts of a path that are given by the caller. */
const parameters = /\{\w+\}/g;

/**
 * What requests have covered of an OpenAPI document: every operation, with every type of body that it takes and every
 * answer of success that it gives.
 */
export class Coverage {
  /** What has not been covered: `put /v1/corpora/{corpus}`, with `← text/plain`, with `→ 201 application/json`. */
  readonly missing = new Set<string>();
  readonly #paths: readonly [path: string, pattern: RegExp][];

  constructor(paths: object) {
    this.#paths = Object.keys(paths).map((path) => [path, patternOf(path)]);
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
        for (const part of partsOf(operation)) this.missing.add(`${method} ${path}${part}`);
      }
    }
  }

  /** Takes note of a request and its answer. Throws an error if there is no such route. */
  add(asked: Asked, { status, type }: Answer): void {
    const [, , body, headers] = asked;
    const operation = this.#operation(asked);
    this.missing.delete(operation);
    this.missing.delete(`${operation} ← ${headers?.['content-type'] ?? typeOf(body)}`);
    this.missing.delete(`${operation} → ${status} ${type}`);
  }

  /** Takes note of a request whose route is not expected to succeed. */
  addRoute(asked: Asked): void {
    const operation = this.#operation(asked);
    for (const part of this.missing)
      if (part === operation || part.startsWith(`${operation} `)) this.missing.delete(part);
  }

  #operation([method, path]: Asked): string {
    const [pathname] = path.split('?');
    const found = this.#paths.find(([, pattern]) => pattern.test(pathname));
    if (found === undefined) throw new Error(`No route is ${pathname}.`);
    return `${method} ${found[0]}`;
  }
}

function* partsOf({ requestBody, responses }: Operation): Generator<string, void> {
  yield '';
  for (const type of Object.keys(requestBody?.content ?? {})) yield ` ← ${type}`;
  for (const [status, { content = { '': {} } }] of Object.entries(responses)) {
    if (status < '300') for (const type of Object.keys(content)) yield ` → ${status} ${type}`;
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(parameters, '[^/]+')}$`);
}

function typeOf(body: Asked[2]): string {
  if (typeof body === 'string') return 'text/plain';
  return body instanceof FormData ? 'multipart/form-data' : 'application/json';
}
