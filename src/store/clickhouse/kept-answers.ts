import { keptAnswer } from '../kept-answer.ts';
import type { Queries } from './postgres.ts';

/** The answer to the request with an idempotency key, as text, and the request; undefined if there was none. */
export function readKeptAnswer(
  queries: Queries,
  corpus: number,
  key: string,
): Promise<{ request: string; answer: string } | undefined> {
  return queries.row('SELECT request, answer FROM idempotency_keys WHERE corpus = $1 AND key = $2', [
    corpus,
    key,
  ]);
}

/** As `Snapshot.answerTo`. */
export async function answerTo<Answer>(
  queries: Queries,
  corpus: number,
  key: string,
  request: string,
): Promise<Answer | undefined> {
  return keptAnswer(await readKeptAnswer(queries, corpus, key), key, request);
}
