/** Requests to several services, and what differs between their answers. */

/** A request: its method and path, its body (text, JSON, a form or bytes), and its headers. `:job` is the last job. */
export type Asked = [
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  body?: string | object | FormData | Uint8Array | undefined,
  headers?: Record<string, string>,
];

/** A service, and the job that one of its answers named last. */
export interface Asking {
  readonly url: string;
  job?: string;
}

export interface Answer {
  readonly status: number;
  /** The media type; empty if there is no body. */
  readonly type: string;
  readonly headers: Record<string, string>;
  /** JSON, lines of it, events, cells of a table, or text. */
  readonly body: unknown;
}

/** The headers that answers have in common. */
const comparedHeaders = ['location', 'link', 'content-disposition', 'idempotent-replayed', 'retry-after'];

const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;

/** Sends a request. The id of every request is the same, so that answers that repeat it are. */
export async function ask(service: Asking, [method, path, body, headers]: Asked): Promise<Answer> {
  const response = await fetch(service.url + path.replace(':job', service.job ?? 'none'), {
    method: method.toUpperCase(),
    headers: { 'x-request-id': 'asked', ...typeOf(body), ...headers },
    ...(body === undefined ? {} : { body: bodyOf(body) }),
  });
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const job = /^\/v1\/jobs\/(.*)/.exec(response.headers.get('location') ?? '')?.[1];
  if (job !== undefined) service.job = job;
  return {
    status: response.status,
    type,
    headers: Object.fromEntries(
      comparedHeaders.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    body: parsed(type, Buffer.from(await response.arrayBuffer())),
  };
}

function typeOf(body: Asked[2]): Record<string, string> {
  if (typeof body === 'string') return { 'content-type': 'text/plain' };
  const isJson = body !== undefined && !(body instanceof FormData) && !(body instanceof Uint8Array);
  return isJson ? { 'content-type': 'application/json' } : {};
}

function bodyOf(body: NonNullable<Asked[2]>): string | FormData | Buffer<ArrayBuffer> {
  if (typeof body === 'string' || body instanceof FormData) return body;
  return body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
}

function parsed(type: string, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (/json$/.test(type) && type !== 'application/x-ndjson') return JSON.parse(bytes.toString());
  if (type === 'application/x-ndjson') return bytes.toString().trim().split('\n').map(jsonOf);
  if (type === 'text/event-stream') return eventsIn(bytes.toString());
  if (type.startsWith('text/')) return bytes.toString().split(/([\s,]+)/);
  return bytes.toString('latin1');
}

/** The events of a stream, without those that tell of progress, which come by time. */
function eventsIn(stream: string): unknown[] {
  const events = stream.split('\n\n').filter((event) => event !== '' && !event.startsWith('event: progress'));
  return events.map((event) =>
    event.split('\n').map((line) => (line.startsWith('data: {') ? jsonOf(line.slice(6)) : line)),
  );
}

function jsonOf(text: string): unknown {
  return JSON.parse(text);
}

/** Where two answers differ: in a value, or in a number by more than 1e-12 of it. Integers are equal. */
export function differences(one: unknown, other: unknown, at = ''): string[] {
  if (typeof one === 'number' && typeof other === 'number') {
    const isEqual = Number.isInteger(one) ? one === other : Math.abs(one - other) <= 1e-12 * Math.abs(one);
    return isEqual ? [] : [`${at}: ${one} and ${other}`];
  }
  if (typeof one === 'string' && typeof other === 'string') {
    if (one === other) return [];
    if (number.test(one) && number.test(other)) return differences(Number(one), Number(other), at);
    return common(one) === common(other) ? [] : [`${at}: ${shown(one)} and ${shown(other)}`];
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [`${at}: ${shown(one)} and ${shown(other)}`];
  }
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  // When a completion was made, in seconds.
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((key) => key !== 'created');
  return keys.flatMap((key) => differences(left[key], right[key], `${at}/${key}`));
}

/** A text without what differs between any two services: times, and ids by chance. */
function common(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
}

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 200);
