import { NgramdError } from '../errors.ts';

/**
 * The answer that was kept for a request with an idempotency key, if there is one. Throws `idempotency-key-reused` if it was
 * a different request.
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
