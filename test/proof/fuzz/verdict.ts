import type { ApiDocument, Operation } from './document.ts';
import type { Answer } from './exchange.ts';
import type { FuzzRequest } from './requests.ts';

/** The statuses of 500 and above that an operation may document. */
const ownLimits = [503, 507];
/** The statuses that a server may answer before it knows the operation. */
const beforeRouting = [400, 404, 405, 408, 413, 414, 415, 417, 431];

/** The fault of an answer: `kind` is the same for all faults of a kind, `detail` describes this one. */
export interface Fault {
  kind: string;
  detail: string;
}

/** Returns the fault of the answer to a request; undefined if there is none. */
export function judge(document: ApiDocument, request: FuzzRequest, answer: Answer): Fault | undefined {
  const { status } = answer;
  const operation = document.find(request.method, request.target.replace(/[?#].*$/s, ''));
  const detail = `${status} ${answer.body.subarray(0, 500)}`;
  if (status >= 500 && !(ownLimits.includes(status) && operation?.responses.has(status))) {
    return { kind: `status ${status}`, detail };
  }
  if (operation === undefined || (status === 431 && isOversized(request))) {
    const isStray = beforeRouting.includes(status) || status < 400;
    return isStray ? judgeProblem(document, request, answer) : { kind: `status ${status}`, detail };
  }
  const mediaTypes = operation.responses.get(status)?.mediaTypes;
  if (mediaTypes === undefined) return { kind: `undeclared status ${status}`, detail };
  // A path that cannot be decoded belongs to no route, whose errors might have another form.
  const isStray = beforeRouting.includes(status) && typeOf(answer) === 'application/problem+json';
  if (status >= 400 && (isStray || mediaTypes.includes('application/problem+json'))) {
    return judgeProblem(document, request, answer);
  }
  if (request.method === 'HEAD') return undefined;
  return judgeContent(document, operation, mediaTypes, answer);
}

/** Returns the fault of the bytes received after bytes that need not be HTTP; answers to HEAD have no bodies. */
export function judgeBytes(document: ApiDocument, received: Buffer, isHead = false): Fault | undefined {
  // Of several consecutive answers only the first is checked, except for the statuses.
  const text = received.toString('latin1').replace(/^(HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, '');
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const broken = statuses.find((status) => status >= 500 && !ownLimits.includes(status));
  if (broken !== undefined) return { kind: `status ${broken}`, detail: text.slice(0, 500) };
  const [, status, head, rest] = /^HTTP\/1\.1 (\d{3}) [^\r]*\r\n(.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  if (text !== '' && status === undefined) return { kind: 'not HTTP', detail: text.slice(0, 500) };
  const length = Number(/^content-length: (\d+)$/im.exec(head ?? '')?.[1] ?? 0);
  if (status === undefined || Number(status) < 400 || isHead) return undefined;
  const contentType = /^content-type: (.*)$/im.exec(head)?.[1];
  const body = Buffer.from(rest.slice(0, length), 'latin1');
  if (contentType?.startsWith('application/json') && document.faultOfOpenAiError(parse(body)) === undefined) {
    return undefined;
  }
  return faultOfProblem(document, Number(status), contentType, body);
}

function typeOf({ headers }: Answer): string | undefined {
  return headers['content-type']?.toString().split(';')[0];
}

function judgeProblem(document: ApiDocument, request: FuzzRequest, answer: Answer): Fault | undefined {
  if (answer.status < 400 || request.method === 'HEAD') return undefined;
  const contentType = answer.headers['content-type'] as string | undefined;
  const fault = faultOfProblem(document, answer.status, contentType, answer.body);
  if (fault !== undefined) return fault;
  const { instance } = JSON.parse(answer.body.toString());
  const id = answer.headers['x-request-id'];
  if (instance === id) return undefined;
  return { kind: 'instance', detail: `the problem names ${instance}, the request is ${id}` };
}

function faultOfProblem(
  document: ApiDocument,
  status: number,
  contentType: string | undefined,
  body: Buffer,
): Fault | undefined {
  const detail = `${status} ${contentType}: ${body.subarray(0, 500)}`;
  if (contentType?.split(';')[0] !== 'application/problem+json')
    return { kind: `${status} is not problem+json`, detail };
  const problem = parse(body);
  const fault = document.faultOfProblem(problem);
  if (fault !== undefined) return { kind: `${status} is not a problem`, detail: `${fault}: ${detail}` };
  if ((problem as { status: number }).status !== status) return { kind: 'status in the problem', detail };
  return undefined;
}

function judgeContent(
  document: ApiDocument,
  operation: Operation,
  mediaTypes: string[],
  { status, headers, body }: Answer,
): Fault | undefined {
  const contentType = headers['content-type'] as string | undefined;
  const mediaType = contentType?.split(';')[0] ?? '';
  if (mediaTypes.length === 0 && body.length === 0) return undefined;
  const detail = `${status} ${contentType}: ${body.subarray(0, 500)}`;
  if (!mediaTypes.includes(mediaType))
    return { kind: `${status} of an undeclared type ${mediaType}`, detail };
  if (/\bx-ndjson$/.test(mediaType)) {
    const lines = body.toString().split('\n');
    const isWhole = lines.pop() === '' && lines.every((line) => parse(line) !== undefined);
    return isWhole ? undefined : { kind: `${status} has a line that is not JSON`, detail };
  }
  const value = /\bjson$/.test(mediaType) ? parse(body) : body.toString();
  const fault = document.faultOf(operation, status, mediaType, value);
  return fault === undefined
    ? undefined
    : { kind: `${status} is not as documented`, detail: `${fault}: ${detail}` };
}

function parse(json: Buffer | string): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

/** Whether the head of a request may be too large for Node.js (16 KiB). */
function isOversized({ target, headers }: FuzzRequest): boolean {
  return target.length + headers.flat().reduce((sum, text) => sum + text.length, 0) > 12_000;
}
