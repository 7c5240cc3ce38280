import { Readable } from 'node:stream';
import { NgramdError } from '../errors.ts';

/** The longest line in bytes. */
const maxLineBytes = 16 * 2 ** 20;

/** Some neighbouring lines of a text, whole. */
export interface LineBlock {
  lines: Uint8Array;
  /** The number of the first of them, from 1 on. */
  firstLine: number;
}

/**
 * Cuts a text into blocks between its lines, as it comes in. A last line without line feed is a line.
 * Throws `content-too-large` for a line that is longer than 16 MiB.
 */
export async function* lineBlocks(text: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock, void> {
  let firstLine = 1;
  let unfinished: Uint8Array[] = [];
  let unfinishedBytes = 0;
  for await (const chunk of text) {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const lines = Buffer.concat([...unfinished, chunk.subarray(0, end)]);
      yield { lines, firstLine };
      firstLine += countLines(lines);
      unfinished = [];
      unfinishedBytes = 0;
    }
    unfinished.push(chunk.subarray(end));
    unfinishedBytes += chunk.length - end;
    if (unfinishedBytes > maxLineBytes) {
      throw new NgramdError(
        'content-too-large',
        `Line ${firstLine} is longer than ${maxLineBytes} bytes: cut it into several.`,
      );
    }
  }
  if (unfinishedBytes > 0) yield { lines: Buffer.concat(unfinished), firstLine };
}

/**
 * Maps items as they come, some at a time, and gives the results in the order of the items. Few items more are taken
 * than results were asked for.
 */
export function mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  concurrency: number,
  map: (item: Item) => Promise<Result>,
): AsyncIterator<Result, undefined> & AsyncIterable<Result> {
  return Readable.from(items)
    .map(map, { concurrency })
    [Symbol.asyncIterator]() as AsyncIterableIterator<Result>;
}

const lineFeed = 0x0a;

function countLines(text: Uint8Array): number {
  let lines = 0;
  for (let at = text.indexOf(lineFeed); at >= 0; at = text.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}
