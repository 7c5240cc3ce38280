import type { ClickHouse } from './clickhouse.ts';
import type { Insert } from './clickhouse-server.ts';
import type { Extent } from './documents.ts';
import { WordWriter } from './rows.ts';

/** How many tokens a row has, but the last of its segment. */
const pageTokens = 4096;

/** From how many bytes on pages are sent. */
const sentBytes = 1 << 18;

/** Appends tokens to a segment of the token stream. */
export class TokenWriter {
  readonly #clickhouse: ClickHouse;
  readonly #corpus: number;
  readonly #segment: number;
  readonly #page = new Uint32Array(pageTokens);
  #length = 0;
  /** How many tokens of the segment are in earlier pages. */
  #first = 0;
  /** How many pages were written. */
  pages = 0;
  #rows: Uint8Array[] = [];
  #bytes = 0;
  #insert: Insert | undefined;

  constructor(clickhouse: ClickHouse, corpus: number, segment: number) {
    this.#clickhouse = clickhouse;
    this.#corpus = corpus;
    this.#segment = segment;
  }

  async append(ids: Uint32Array): Promise<void> {
    for (let at = 0; at < ids.length; ) {
      const some = ids.subarray(at, at + pageTokens - this.#length);
      this.#page.set(some, this.#length);
      this.#length += some.length;
      at += some.length;
      if (this.#length === pageTokens) await this.#endPage();
    }
  }

  async finish(): Promise<void> {
    if (this.#length > 0) await this.#endPage();
    await this.#send();
    const insert = this.#insert;
    this.#insert = undefined;
    await insert?.end();
  }

  async abort(): Promise<void> {
    await this.#insert?.abort();
  }

  async #endPage(): Promise<void> {
    const row = rowOf(this.#corpus, this.#segment, this.#first, this.#page.subarray(0, this.#length));
    this.#rows.push(row);
    this.pages++;
    this.#bytes += row.length;
    this.#first += this.#length;
    this.#length = 0;
    if (this.#bytes >= sentBytes) await this.#send();
  }

  async #send(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = Buffer.concat(this.#rows);
    this.#rows = [];
    this.#bytes = 0;
    this.#insert ??= this.#clickhouse.insert('tokens', ['corpus', 'segment', 'first', 'ids']);
    await this.#insert.write(rows);
  }
}

/** Copies the tokens at positions `first` ≤ p < `first + target.length` of a stream into `target`. */
export async function readTokens(
  clickhouse: ClickHouse,
  corpus: number,
  extents: readonly Extent[],
  first: number,
  target: Int32Array,
): Promise<void> {
  const end = first + target.length;
  const parts = extents.slice(firstEndingAfter(extents, first), firstBeginningAt(extents, end));
  const keys = new Set<string>();
  for (const { segment, offset, from, to } of parts.map((extent) => partOf(extent, first, end))) {
    for (let page = pageOf(offset + from); page < offset + to; page += pageTokens)
      keys.add(`(${segment},${page})`);
  }
  if (keys.size === 0) return;
  const pages = await readPages(clickhouse, corpus, [...keys]);
  for (const extent of parts) {
    const { segment, offset, from, to } = partOf(extent, first, end);
    for (let at = offset + from; at < offset + to; ) {
      const start = pageOf(at);
      const ids = pages.get(`${segment},${start}`);
      const until = Math.min(offset + to, start + pageTokens);
      if (ids === undefined || ids.length < until - start)
        throw new Error(`The token stream ends within segment ${segment}.`);
      target.set(ids.subarray(at - start, until - start), extent.first + at - offset - first);
      at = until;
    }
  }
}

/** The pages with these keys. Those that a replica does not have yet are read from the others; a page never changes. */
async function readPages(
  clickhouse: ClickHouse,
  corpus: number,
  keys: readonly string[],
): Promise<Map<string, Int32Array>> {
  const query = (table: string) =>
    `SELECT segment, first, ids FROM ${table} WHERE corpus = ${corpus} AND (segment, first) IN (${keys.join(',')})`;
  const pages = pagesOf(await clickhouse.select(query(clickhouse.table('tokens')), []));
  if (pages.size === keys.length) return pages;
  const { answers, problem } = await clickhouse.selectFromEachServer(query('tokens'));
  const all = new Map(answers.flatMap((answer) => [...pagesOf(answer)]));
  if (all.size < keys.length && problem !== undefined) throw problem;
  return all;
}

/** The part of an extent that lies between two positions of the stream, in tokens from the extent's beginning. */
function partOf({ first, segment, offset, length }: Extent, start: number, end: number) {
  return { segment, offset, from: Math.max(start - first, 0), to: Math.min(end - first, length) };
}

function pageOf(position: number): number {
  return position - (position % pageTokens);
}

/** The index of the first extent that ends after a position. */
function firstEndingAfter(extents: readonly Extent[], position: number): number {
  return firstWhere(extents, ({ first, length }) => first + length > position);
}

/** The index of the first extent that begins at a position or after it. */
function firstBeginningAt(extents: readonly Extent[], position: number): number {
  return firstWhere(extents, ({ first }) => first >= position);
}

/** The first of the extents where a condition holds that holds for all that follow; their number if there is none. */
function firstWhere(extents: readonly Extent[], holds: (extent: Extent) => boolean): number {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(extents[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A page as a row in RowBinary: an array has its length, as a number of 7 bits a byte, and then its items. */
function rowOf(corpus: number, segment: number, first: number, ids: Uint32Array): Uint8Array {
  const head = new WordWriter();
  head.add(corpus, segment, ...WordWriter.split(first));
  const length = [];
  let rest = ids.length;
  for (; rest >= 128; rest >>>= 7) length.push((rest & 127) | 128);
  length.push(rest);
  return Buffer.concat([
    head.take(),
    Buffer.from(length),
    new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength),
  ]);
}

/** The pages of an answer, by segment and position. */
function pagesOf(answer: Uint8Array<ArrayBuffer>): Map<string, Int32Array> {
  const view = new DataView(answer.buffer);
  const pages = new Map<string, Int32Array>();
  for (let at = 0; at < answer.length; ) {
    const key = `${view.getUint32(at, true)},${view.getBigUint64(at + 4, true)}`;
    at += 12;
    let length = 0;
    for (let shift = 0, byte = 128; byte >= 128; shift += 7) {
      byte = answer[at++];
      length |= (byte & 127) << shift;
    }
    pages.set(key, new Int32Array(answer.buffer.slice(at, at + 4 * length)));
    at += 4 * length;
  }
  return pages;
}
