import { parse } from 'fast-querystring';
import type { FastifyRequest } from 'fastify';
import { type FieldError, NgramdError } from '../errors.ts';
import { pointerTo } from './pointer.ts';

/** The parameters that are lists. They are repeated, or separated by commas. */
const listParameters: ReadonlySet<string> = new Set([
  'epsilon',
  'lambda',
  'discount',
  'cutoffs',
  'at',
  'prune',
]);

/** The key under which a malformed query has its errors. */
const faults = Symbol('faults');

type Query = Record<string, string> & { [faults]?: readonly FieldError[] };

/**
 * Parses the query of a URL, in which `+` is a space and no name occurs twice, except those of lists, whose values are
 * joined by commas. It never throws, since the router would not catch it: `queryError` reports what is wrong.
 */
export function parseQuery(text: string): Query {
  if (isDecodable(text)) {
    const query = parse(text) as Query;
    for (const name in query) {
      const value = query[name] as string | string[];
      if (typeof value === 'string') continue;
      if (!listParameters.has(name)) return { [faults]: repeated(query) } as Query;
      query[name] = value.join();
    }
    return query;
  }
  return { [faults]: text.split('&').flatMap(faultOf) } as unknown as Query;
}

function repeated(query: Record<string, string | string[]>): FieldError[] {
  return Object.entries(query)
    .filter(([name, values]) => typeof values !== 'string' && !listParameters.has(name))
    .map(([name]) => ({ pointer: pointerTo(['query', name]), detail: 'is given more than once' }));
}

/** A query as a whole is well-formed if all its names and values are. */
function isDecodable(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a name and its value, with a pointer to the name as far as it can be decoded. */
function faultOf(pair: string): FieldError[] {
  if (isDecodable(pair)) return [];
  const [written] = pair.split('=', 1);
  const name = isDecodable(written) ? decodeURIComponent(written.replaceAll('+', ' ')) : written;
  return [
    { pointer: pointerTo(['query', name]), detail: 'must be UTF-8 in percent-escapes, as %C3%A9 is é' },
  ];
}

/** The error about the query of a request; undefined if it is well-formed. */
export function queryError({ query }: FastifyRequest): NgramdError | undefined {
  const found = (query as Query | undefined)?.[faults];
  if (found === undefined) return undefined;
  const sentences = found.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  return new NgramdError('invalid-request', `The query cannot be read: ${sentences}.`, found);
}

/** Throws `invalid-request` for a field of a body that the query of the request has, too. */
export function checkGivenOnce({ originalUrl }: FastifyRequest, body: object): void {
  const at = originalUrl.indexOf('?');
  if (at === -1) return;
  const query = parseQuery(originalUrl.slice(at + 1));
  const errors = Object.keys(body)
    .filter((name) => Object.hasOwn(query, name))
    .map((name) => ({
      pointer: pointerTo(['body', name]),
      detail: `The field ${name} is given twice, in the query and in the body.`,
    }));
  if (errors.length > 0) {
    throw new NgramdError('invalid-request', errors.map(({ detail }) => detail).join(' '), errors);
  }
}
