import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Scope, scopes } from './scopes.ts';

/** A key, without its secret. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the secret. */
  readonly hash: Uint8Array;
  readonly scope: Scope;
  /** The pattern of its corpora, as configured. */
  readonly pattern: string;
  readonly corpora: RegExp;
}

const minSecretLength = 16;
const shape =
  '<name>:<secret>:<scope>, with :<corpus pattern> after it where the key is for some corpora only';

/**
 * Reads a comma-separated list of keys `<name>:<secret>:<scope>[:<corpus pattern>]`. The secret is the key itself or
 * `sha256-` and its SHA-256 in hexadecimal. Throws an error with the number of the invalid entry and none of its text,
 * since any part of it may be the secret.
 */
export function parseApiKeys(list: string): ApiKey[] {
  const keys = list.split(',').map((entry, i) => parseKey(entry.trim(), `entry ${i + 1}`));
  for (const [i, { name, hash }] of keys.entries()) {
    const other = keys.findIndex((key) => key.name === name || timingSafeEqual(key.hash, hash));
    if (other < i) throw new Error(`entries ${other + 1} and ${i + 1} have the same name or the same secret`);
  }
  return keys;
}

function parseKey(text: string, entry: string): ApiKey {
  const wrong = (expected: string) => new Error(`${entry} ${expected}`);
  const parts = text.split(':');
  if (parts.length < 3 || parts.length > 4) throw wrong(`must be ${shape}`);
  const [name, secret, scope, pattern = '*'] = parts;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw wrong('needs a name of letters, digits, `.`, `_` and `-`, at most 64');
  }
  if (!(scopes as readonly string[]).includes(scope)) throw wrong(`needs a scope: ${scopes.join(', ')}`);
  if (!/^[a-z0-9._*-]+$/.test(pattern)) {
    throw wrong('has a corpus pattern that is not lower-case letters, digits, `.`, `_`, `-` and `*`');
  }
  const hash = parseSecret(secret);
  if (typeof hash === 'string') throw wrong(hash);
  return { name, hash, scope: scope as Scope, pattern, corpora: patternExpression(pattern) };
}

/** The hash of a secret, or its fault. */
function parseSecret(secret: string): Uint8Array | string {
  if (secret.startsWith('sha256-')) {
    const hex = secret.slice('sha256-'.length);
    return /^[0-9a-f]{64}$/i.test(hex)
      ? Buffer.from(hex, 'hex')
      : 'needs 64 hexadecimal digits after sha256-';
  }
  if (secret.length < minSecretLength) return `needs a secret of at least ${minSecretLength} characters`;
  if (!/^[\x21-\x7e]+$/.test(secret)) return 'needs a secret of ASCII letters, digits and signs';
  return sha256(secret);
}

function patternExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*')}$`);
}

/** The secret in a request, from `Authorization: Bearer` or `X-API-Key`; undefined if it has none. */
export function shownSecret(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '');
  return bearer?.[1] ?? headers['x-api-key']?.toString();
}

/** The key with this secret. Takes the same time whichever key it is, and if there is none. */
export function findKey(keys: readonly ApiKey[], secret: string): ApiKey | undefined {
  const hash = sha256(secret);
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
