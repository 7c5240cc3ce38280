import { parse } from 'node:querystring';
import type { FastifyRequest } from 'fastify';
import { type FieldError, NgramdError } from '../errors.ts';
import { pointerTo } from './pointer.ts';

/** Under which a query that cannot be read has what is wrong with it. */
const faults = Symbol('faults');

type Query = Record<string, string | string[]> & { [faults]?: readonly FieldError[] };

/**
 * Reads the query of an address, `+` being a space. A name that comes twice has all of its values. It never throws,
 * for the router could not catch it: what is wrong is for `queryError` to say.
 */
export function parseQuery(text: string): Query {
  if (isDecodable(text)) return parse(text, '&', '=', { maxKeys: 0 }) as Query;
  return { [faults]: text.split('&').flatMap(faultOf) } as unknown as Query;
}

/** The percent-escapes of a whole query are right where those of all its names and values are. */
function isDecodable(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a name and its value, under a pointer to the name as far as it can be read. */
function faultOf(pair: string): FieldError[] {
  if (isDecodable(pair)) return [];
  const [written] = pair.split('=', 1);
  const name = isDecodable(written) ? decodeURIComponent(written.replaceAll('+', ' ')) : written;
  return [
    { pointer: pointerTo(['query', name]), detail: 'must be UTF-8 in percent-escapes, as %C3%A9 is é' },
  ];
}

/** What is wrong with the query of a request; undefined where it can be read. */
export function queryError({ query }: FastifyRequest): NgramdError | undefined {
  const found = (query as Query | undefined)?.[faults];
  if (found === undefined) return undefined;
  const sentences = found.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  return new NgramdError('invalid-request', `The query cannot be read: ${sentences}.`, found);
}
