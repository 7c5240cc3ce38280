import { NgramdError } from '../errors.ts';
import type { KeptAnswer } from './store.ts';

/** How many answers are read at a time. */
const pageAnswers = 1000;

/**
 * The answer that was kept for a request with an idempotency key, if there is one. Throws `idempotency-key-reused` if
 * it was a different request.
 */
export function keptAnswer<Answer>(
  kept: { readonly request: string; readonly answer: string } | undefined,
  key: string,
  request: string,
): Answer | undefined {
  if (kept === undefined) return undefined;
  if (kept.request === request) return JSON.parse(kept.answer);
  throw new NgramdError(
    'idempotency-key-reused',
    `The Idempotency-Key ${JSON.stringify(key)} was used for this corpus before, with another request. A new request needs a new key; a repeated one needs the same texts and settings.`,
  );
}

/** All answers that are kept, in batches; `list` reads at most `limit` of those whose keys come after `key`. */
export async function* listInPages(
  list: (key: string, limit: number) => Promise<KeptAnswer[]>,
): AsyncGenerator<KeptAnswer[], void> {
  for (let key = ''; ; ) {
    const page = await list(key, pageAnswers);
    if (page.length > 0) yield page;
    if (page.length < pageAnswers) return;
    key = (page.at(-1) as KeptAnswer).key;
  }
}
