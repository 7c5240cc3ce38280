import { ngramKey, readNGramKey } from '../../ngrams/ngram-stream.ts';
import type { CountedNGrams } from '../store.ts';
import type { Connection, Statement } from './connection.ts';

/** How often n-grams are the end of a document in a corpus file: each time they are followed by nothing. */
export class SequenceEnds {
  readonly #connection: Connection;
  readonly #count: Statement;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#count = connection.prepare('SELECT count FROM sequence_ends WHERE ngram = ?').pluck();
  }

  count(ngram: ArrayLike<number>): number {
    return (this.#count.get(ngramKey(ngram)) as number | undefined) ?? 0;
  }

  /** Those of one order, unsorted. */
  all(order: number): CountedNGrams {
    const rows = this.#connection
      .prepare('SELECT ngram, count FROM sequence_ends WHERE length(ngram) = ?')
      .raw()
      .all(ngramKey(new Uint32Array(order)).length) as [ngram: Buffer, count: number][];
    const ids = new Uint32Array(order * rows.length);
    for (const [i, [ngram]] of rows.entries()) readNGramKey(ngram, ids.subarray(i * order, (i + 1) * order));
    return { order, length: rows.length, ids, counts: Float64Array.from(rows, ([, count]) => count) };
  }

  /** Notes that sequences end with these tokens, or takes that back. */
  note(ends: Iterable<Uint32Array>, by: 1 | -1): void {
    const note = this.#noting();
    for (const tokens of ends) {
      for (let length = 1; length <= tokens.length; length++)
        note.run(ngramKey(tokens.subarray(-length)), by);
    }
    if (by < 0) this.#forgetNone();
  }

  /** Notes that sequences end with these n-grams, or takes that back. */
  noteCounted({ order, length, ids, counts }: CountedNGrams, by: 1 | -1): void {
    const note = this.#noting();
    for (let i = 0; i < length; i++)
      note.run(ngramKey(ids.subarray(i * order, (i + 1) * order)), by * counts[i]);
    if (by < 0) this.#forgetNone();
  }

  #noting(): Statement {
    return this.#connection.prepare(
      'INSERT INTO sequence_ends (ngram, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
    );
  }

  #forgetNone(): void {
    this.#connection.prepare('DELETE FROM sequence_ends WHERE count = 0').run();
  }
}
