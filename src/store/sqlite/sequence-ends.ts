import { ngramKey, readNGramKey } from '../../ngrams/ngram-stream.ts';
import type { CountedNGrams } from '../store.ts';
import type { Connection, Statement } from './connection.ts';

/** For how many n-grams there is room at first. */
const few = 256;

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
    const rows = this.#connection.prepare('SELECT ngram, count FROM sequence_ends WHERE length(ngram) = ?');
    const bytes = 4 * order;
    let length = 0;
    let ids = new Uint32Array(order * few);
    let counts = new Float64Array(few);
    for (const row of rows.raw().iterate(bytes)) {
      const [ngram, count] = row as [Buffer, number];
      if (length === counts.length) {
        ids = enlarged(ids, new Uint32Array(2 * ids.length));
        counts = enlarged(counts, new Float64Array(2 * length));
      }
      readNGramKey(ngram, ids.subarray(length * order, (length + 1) * order));
      counts[length++] = count;
    }
    return { order, length, ids: ids.subarray(0, length * order), counts: counts.subarray(0, length) };
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

function enlarged<Numbers extends Uint32Array | Float64Array>(numbers: Numbers, larger: Numbers): Numbers {
  larger.set(numbers);
  return larger;
}
