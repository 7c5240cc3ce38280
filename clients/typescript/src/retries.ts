export type Fetch = (request: Request) => Promise<Response>;

/** The longest wait that the client chooses itself, in seconds. */
const maxWait = 30;

/**
 * A fetch that repeats a request up to `retries` times: if the service refuses it for lack of capacity (429, 503), after the
 * time of `Retry-After`, and if the connection fails and the request can be repeated safely.
 */
export function retrying(fetch: Fetch, retries: number): Fetch {
  return async (request) => {
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt === retries;
      // A body can be sent once.
      const sent = isLast ? request : request.clone();
      let wait = Math.min(2 ** attempt, maxWait);
      try {
        const response = await fetch(sent);
        if (isLast || (response.status !== 429 && response.status !== 503)) return response;
        wait = Number(response.headers.get('retry-after') ?? wait);
        await response.body?.cancel();
      } catch (error) {
        if (isLast || request.signal.aborted || !isRepeatable(request)) throw error;
      }
      await elapsed(wait, request.signal);
    }
  };
}

function isRepeatable({ method, headers }: Request): boolean {
  return method !== 'POST' || headers.has('idempotency-key');
}

/** Resolves after some seconds; rejects when the signal is aborted. */
function elapsed(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, seconds * 1000);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A key that no other request has. It works on pages without TLS too, where there is no `crypto.randomUUID`. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
    part.toString(16).padStart(8, '0'),
  ).join('');
}
