import { keptAnswer } from '../kept-answer.ts';
import type { KeptAnswer } from '../store.ts';
import type { Connection } from './connection.ts';

/**
 * The requests that came to a corpus with a key of their own, and what they were answered, so that one that comes again
 * is answered again. They are kept as long as the corpus, in the transaction of what they changed.
 */
export class IdempotencyKeys {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  has(key: string): boolean {
    return this.#connection.prepare('SELECT 1 FROM idempotency_keys WHERE key = ?').get(key) !== undefined;
  }

  /**
   * What the request with this key was answered, undefined where there was none; `request` is a digest of what it asks.
   * Throws `idempotency-key-reused` where it asked for something else.
   */
  answer<Answer>(key: string, request: string): Answer | undefined {
    const kept = this.#connection
      .prepare('SELECT request, answer FROM idempotency_keys WHERE key = ?')
      .get(key) as { request: string; answer: string } | undefined;
    return keptAnswer(kept, key, request);
  }

  /** All answers by their keys, after `key`, at most `limit`. */
  list(key: string, limit: number): KeptAnswer[] {
    const rows = this.#connection
      .prepare(
        'SELECT key, request, answer, created_at AS createdAt FROM idempotency_keys WHERE key > ? ORDER BY key LIMIT ?',
      )
      .all(key, limit) as (KeptAnswer & { answer: string })[];
    return rows.map((row) => ({ ...row, answer: JSON.parse(row.answer) }));
  }

  keep(key: string, request: string, answer: unknown, createdAt: string): void {
    this.#connection
      .prepare('INSERT INTO idempotency_keys (key, request, answer, created_at) VALUES (?, ?, ?, ?)')
      .run(key, request, JSON.stringify(answer), createdAt);
  }
}
