import { Readable } from 'node:stream';

/**
 * Maps items as they arrive, `concurrency` at a time, and yields the results in the order of the items. It reads only a
 * few items ahead of the results that are asked for.
 */
export function mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  concurrency: number,
  map: (item: Item) => Promise<Result>,
): AsyncIterator<Result, undefined> & AsyncIterable<Result> {
  return Readable.from(items)
    .map(map, { concurrency })
    [Symbol.asyncIterator]() as AsyncIterableIterator<Result>;
}
