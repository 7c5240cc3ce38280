import { NgramdError } from '../errors.ts';
import type { ApiKey } from './api-keys.ts';
import { includes, type Scope } from './scopes.ts';

/** What callers may do, with and without a key. */
export class Access {
  readonly keys: readonly ApiKey[];
  /** What callers without a key may do, and therefore callers with one too. */
  readonly #anonymous: Scope | undefined;

  constructor(keys: readonly ApiKey[], anonymous: Scope | undefined) {
    this.keys = keys;
    this.#anonymous = anonymous;
  }

  /** Whether there are callers without this scope. */
  restricts(needed: Scope): boolean {
    return this.keys.length > 0 || !includes(this.#anonymous, needed);
  }

  /** Whether a caller has this scope for this corpus or, if that is undefined, for some corpus. */
  allows(key: ApiKey | undefined, needed: Scope, corpus?: string): boolean {
    if (includes(this.#anonymous, needed)) return true;
    return includes(key?.scope, needed) && (corpus === undefined || key?.corpora.test(corpus) === true);
  }

  /** Throws `unauthorized`, or `forbidden` for a caller with a key, if `allows` is false. */
  require(key: ApiKey | undefined, needed: Scope, corpus?: string): void {
    if (this.allows(key, needed, corpus)) return;
    if (key === undefined) {
      const without = this.#anonymous === undefined ? '' : ` Without a key the scope is ${this.#anonymous}.`;
      throw new NgramdError(
        'unauthorized',
        `This needs a key with the scope ${needed}: send it as Authorization: Bearer … or as X-API-Key.${without}`,
      );
    }
    throw new NgramdError(
      'forbidden',
      includes(key.scope, needed)
        ? `The key ${key.name} is for the corpora ${key.pattern}, and not for ${JSON.stringify(corpus)}.`
        : `This needs a key with the scope ${needed}; the key ${key.name} has the scope ${key.scope}.`,
    );
  }
}
