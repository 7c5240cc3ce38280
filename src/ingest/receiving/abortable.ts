/**
 * Yields the same items until the signal is aborted, and then throws its reason immediately, even if the next item takes
 * long or never arrives.
 */
export async function* abortable<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await nextUnlessAborted(iterator, signal);
      if (done === true) return;
      yield value;
    }
  } finally {
    const closed = Promise.resolve(iterator.return?.());
    if (signal.aborted) closed.catch(() => {});
    else await closed;
  }
}

function nextUnlessAborted<Item>(
  iterator: AsyncIterator<Item>,
  signal: AbortSignal,
): Promise<IteratorResult<Item>> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    const next = iterator.next().finally(() => signal.removeEventListener('abort', abort));
    next.then(resolve, reject);
  });
}
