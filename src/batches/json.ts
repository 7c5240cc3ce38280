/** The characters of JSON that rows are written with. */
const [opening, closing, comma] = Buffer.from('[],');

/** The digits of each number below 10,000, four bytes in one number: without leading zeros, and with them. */
const shortDigits = packed((number) => String(number).padEnd(4));
const fourDigits = packed((number) => String(number).padStart(4, '0'));
const lengths = Uint8Array.from({ length: 10_000 }, (_, number) => String(number).length);

/** Digits are written four bytes at a time, and so up to three bytes too far. */
const slack = 3;

/** How many bytes a `JsonWriter` needs for rows of ids that are not above `largest`. */
export function rowsBytes(ids: number, rows: number, largest: number): number {
  return ids * (String(largest).length + 1) + 2 * rows + 2;
}

/** Writes JSON whose arrays of numbers are made without a string or an array for any of them. */
export class JsonWriter {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  /** Of each row that `rows` wrote last, where its second number begins and where it ends. */
  #seconds = new Uint32Array(0);
  #ends = new Uint32Array(0);

  /** For at most so many bytes, in memory of `allocate`. */
  constructor(capacity: number, allocate: (bytes: number) => Buffer) {
    this.#bytes = allocate(capacity + slack);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  }

  /** What has been written. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Writes a piece of JSON. */
  text(json: string): void {
    this.#at += this.#bytes.write(json, this.#at);
  }

  /** Writes ids as an array of rows of `rowLength` numbers each. */
  rows(ids: Int32Array, rowLength: number): void {
    const bytes = this.#bytes;
    const rows = ids.length / rowLength;
    if (this.#ends.length < rows) {
      this.#seconds = new Uint32Array(rows);
      this.#ends = new Uint32Array(rows);
    }
    let at = this.#at;
    bytes[at++] = opening;
    for (let row = 0, i = 0; row < rows; row++) {
      if (row > 0) bytes[at++] = comma;
      bytes[at++] = opening;
      at = this.#number(ids[i++], at);
      this.#seconds[row] = at + 1;
      for (const end = (row + 1) * rowLength; i < end; i++) {
        bytes[at++] = comma;
        at = this.#number(ids[i], at);
      }
      this.#ends[row] = at;
      bytes[at++] = closing;
    }
    bytes[at++] = closing;
    this.#at = at;
  }

  /**
   * As `rows`, for rows of which each is the one at its place among those that `rows` wrote last, moved on by one number:
   * only the last number of each is new.
   */
  movedRows(ids: Int32Array, rowLength: number): void {
    const bytes = this.#bytes;
    const rows = ids.length / rowLength;
    let at = this.#at;
    bytes[at++] = opening;
    for (let row = 0; row < rows; row++) {
      if (row > 0) bytes[at++] = comma;
      bytes[at++] = opening;
      const second = this.#seconds[row];
      const end = this.#ends[row];
      if (second < end) {
        bytes.copyWithin(at, second, end);
        at += end - second;
        bytes[at++] = comma;
      }
      at = this.#number(ids[(row + 1) * rowLength - 1], at);
      bytes[at++] = closing;
    }
    bytes[at++] = closing;
    this.#at = at;
  }

  /** Writes a number at `at`; returns where it ends. */
  #number(value: number, at: number): number {
    if (value < 10_000) {
      this.#view.setUint32(at, shortDigits[value], true);
      return at + lengths[value];
    }
    const high = Math.floor(value / 10_000);
    const next = this.#number(high, at);
    this.#view.setUint32(next, fourDigits[value - high * 10_000], true);
    return next + 4;
  }
}

function packed(digits: (number: number) => string): Uint32Array {
  return Uint32Array.from({ length: 10_000 }, (_, number) =>
    Buffer.from(digits(number), 'latin1').readUInt32LE(),
  );
}
