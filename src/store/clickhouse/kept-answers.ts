import { keptAnswer } from '../kept-answer.ts';
import type { KeptAnswer } from '../store.ts';
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

/** The answers that are kept for keys after `key`, at most `limit`, by key. */
export async function listKeptAnswers(
  queries: Queries,
  corpus: number,
  key: string,
  limit: number,
): Promise<KeptAnswer[]> {
  const rows = await queries.rows<KeptAnswer & { answer: string }>(
    `SELECT key, request, answer, created_at AS "createdAt" FROM idempotency_keys WHERE corpus = $1 AND key > $2
     ORDER BY key LIMIT $3`,
    [corpus, key, limit],
  );
  return rows.map((row) => ({ ...row, answer: JSON.parse(row.answer) }));
}
