/** The JSON characters around ids and rows. */
const [opening, closing, comma] = Buffer.from('[],');

/** The digits of each number below 10,000, four bytes in one number: without leading zeros, and with them. */
const shortDigits = packed((number) => String(number).padEnd(4));
const fourDigits = packed((number) => String(number).padStart(4, '0'));
const lengths = Uint8Array.from({ length: 10_000 }, (_, number) => String(number).length);

/** Digits are written four bytes at a time, so up to three bytes beyond the end are overwritten. */
const slack = 3;

/** Up to this many bytes are copied one by one, which is faster than a call. */
const fewBytes = 64;

/** The tokens of ids as JSON strings. */
export class TokenStrings {
  /** The number of bytes of the strings of all ids, counting each as often as its id occurs. */
  readonly bytes: number;
  readonly #strings: Buffer;
  /** The string of an id is `#strings[#starts[id], #ends[id])`. */
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;

  /**
   * The strings of these ids, as `token` names them. Throws the error of `tooMany` if they exceed `maxBytes` in total.
   */
  constructor(ids: Int32Array, token: (id: number) => string, maxBytes: number, tooMany: () => Error) {
    let highest = -1;
    for (const id of ids) if (id > highest) highest = id;
    this.#starts = new Float64Array(highest + 1);
    this.#ends = new Float64Array(highest + 1);
    const strings: Buffer[] = [];
    let length = 0;
    this.bytes = 0;
    for (const id of ids) {
      if (this.#ends[id] === 0) {
        const string = Buffer.from(JSON.stringify(token(id)));
        strings.push(string);
        this.#starts[id] = length;
        length += string.length;
        this.#ends[id] = length;
      }
      this.bytes += this.#ends[id] - this.#starts[id];
      if (this.bytes > maxBytes) throw tooMany();
    }
    this.#strings = Buffer.concat(strings, length);
  }

  /** Writes the string of an id to `target` at `at`; returns its end. */
  write(id: number, target: Buffer, at: number): number {
    const start = this.#starts[id];
    const end = this.#ends[id];
    if (end - start > fewBytes) return at + this.#strings.copy(target, at, start, end);
    for (let from = start, to = at; from < end; from++, to++) target[to] = this.#strings[from];
    return at + end - start;
  }
}

/** The number of bytes that a `JsonWriter` needs for rows of ids, as numbers or as the strings of their tokens. */
export function rowsBytes(ids: Int32Array, rows: number, strings?: TokenStrings): number {
  const around = ids.length + 2 * rows + 2;
  if (strings !== undefined) return strings.bytes + around;
  let largest = 0;
  for (const id of ids) if (id > largest) largest = id;
  return ids.length * String(largest).length + around;
}

/** Writes JSON with arrays of ids, without creating a string or an array for any of them. */
export class JsonWriter {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #strings: TokenStrings | undefined;
  #at = 0;
  /** For each row that `rows` wrote last, the start of its second id and its end. */
  #seconds = new Uint32Array(0);
  #ends = new Uint32Array(0);

  /**
   * A writer of at most `capacity` bytes, in memory from `allocate`. Ids are written as numbers, or as their `strings`.
   */
  constructor(capacity: number, allocate: (bytes: number) => Buffer, strings?: TokenStrings) {
    this.#bytes = allocate(capacity + slack);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#strings = strings;
  }

  /** The bytes written so far. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Writes a piece of JSON. */
  text(json: string): void {
    this.#at += this.#bytes.write(json, this.#at);
  }

  /** Writes a short piece of JSON in ASCII, faster than `text`. */
  ascii(json: string): void {
    let at = this.#at;
    for (let i = 0; i < json.length; i++) this.#bytes[at++] = json.charCodeAt(i);
    this.#at = at;
  }

  /** Writes a non-negative integer. */
  number(value: number): void {
    this.#at = this.#number(value, this.#at);
  }

  /** Writes the ids from `start` to `end` (not included) as an array of rows of `rowLength` each. */
  rows(ids: Int32Array, start: number, end: number, rowLength: number): void {
    const bytes = this.#bytes;
    const rows = (end - start) / rowLength;
    if (this.#ends.length < rows) {
      this.#seconds = new Uint32Array(rows);
      this.#ends = new Uint32Array(rows);
    }
    let at = this.#at;
    bytes[at++] = opening;
    for (let row = 0, i = start; row < rows; row++) {
      if (row > 0) bytes[at++] = comma;
      bytes[at++] = opening;
      at = this.#id(ids[i++], at);
      this.#seconds[row] = at + 1;
      for (const rowEnd = start + (row + 1) * rowLength; i < rowEnd; i++) {
        bytes[at++] = comma;
        at = this.#id(ids[i], at);
      }
      this.#ends[row] = at;
      bytes[at++] = closing;
    }
    bytes[at++] = closing;
    this.#at = at;
  }

  /**
   * Like `rows`, for rows each of which is the corresponding row of the last call of `rows` shifted by one id: only the
   * last id of each is new.
   */
  movedRows(ids: Int32Array, start: number, end: number, rowLength: number): void {
    const bytes = this.#bytes;
    const rows = (end - start) / rowLength;
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
      at = this.#id(ids[start + (row + 1) * rowLength - 1], at);
      bytes[at++] = closing;
    }
    bytes[at++] = closing;
    this.#at = at;
  }

  /** Writes an id at `at`; returns its end. */
  #id(id: number, at: number): number {
    return this.#strings === undefined ? this.#number(id, at) : this.#strings.write(id, this.#bytes, at);
  }

  /** Writes a number at `at`; returns its end. */
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
