import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import { NgramdError } from '../../errors.ts';

/** One part of a form (RFC 7578). */
export interface FormPart {
  name: string;
  /** What the client calls the file that this is; undefined where it is none. */
  filename: string | undefined;
  /** By their names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** To be read before the next part is asked for, which skips what is left. */
  body: AsyncIterable<Uint8Array>;
}

/** The largest headers of a part, in bytes. */
const maxHeaderBytes = 16 * 1024;

/**
 * The parts of a form as it comes in, in constant memory. Throws `invalid-request` where it is malformed or ends early.
 */
export async function* formParts(
  form: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void> {
  const reader = new FormReader(form, boundary);
  try {
    await reader.skip();
    while (!(await reader.isOver())) {
      const headers = await reader.headers();
      yield { ...disposition(headers), headers, body: reader.body() };
      await reader.skip();
    }
  } finally {
    await reader.close();
  }
}

/** Reads a form from one delimiter to the next. */
class FormReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  /** What has come and is not read yet. The line end makes the first delimiter like the others. */
  #bytes: Buffer = lineEnd;
  /** Whether the next delimiter is still to come. */
  #isInPart = true;

  constructor(form: AsyncIterable<Uint8Array>, boundary: string) {
    this.#chunks = form[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  async *body(): AsyncGenerator<Uint8Array, void> {
    for (let bytes = await this.#read(); bytes !== undefined; bytes = await this.#read()) yield bytes;
  }

  async skip(): Promise<void> {
    while ((await this.#read()) !== undefined);
  }

  /** The next bytes before the delimiter, undefined once it has been read. */
  async #read(): Promise<Uint8Array | undefined> {
    while (this.#isInPart) {
      const end = this.#bytes.indexOf(this.#delimiter);
      this.#isInPart = end < 0;
      // What may be the beginning of a delimiter is kept.
      const length = end < 0 ? Math.max(0, this.#bytes.length - this.#delimiter.length + 1) : end;
      const bytes = this.#take(length);
      if (end >= 0) this.#take(this.#delimiter.length);
      if (bytes.length > 0) return bytes;
      if (end < 0) await this.#more();
    }
    return undefined;
  }

  /** Whether the delimiter was the last; then the rest of the form is skipped. */
  async isOver(): Promise<boolean> {
    while (this.#bytes.length < 2) await this.#more();
    if (!this.#bytes.subarray(0, 2).equals(end)) return false;
    while ((await this.#chunks.next()).done !== true);
    return true;
  }

  /** The headers of the next part, which begin behind the line of the delimiter. */
  async headers(): Promise<Map<string, string>> {
    let length = this.#bytes.indexOf(headersEnd);
    while (length < 0 && this.#bytes.length < maxHeaderBytes + headersEnd.length) {
      await this.#more();
      length = this.#bytes.indexOf(headersEnd);
    }
    if (length < 0 || length > maxHeaderBytes) {
      throw malformed(`the headers of a part are larger than ${maxHeaderBytes} bytes`);
    }
    const [rest, ...lines] = this.#take(length)
      .toString('latin1')
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n');
    this.#take(headersEnd.length);
    if (rest.trim() !== '') throw malformed('a boundary is not alone on its line');
    this.#isInPart = true;
    return new Map(
      lines.map((line) => {
        const [name] = line.split(':', 1);
        return [name.trim().toLowerCase(), line.slice(name.length + 1).trim()];
      }),
    );
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw malformed('it ends before its last boundary');
    this.#bytes = Buffer.concat([this.#bytes, value]);
  }
}

const lineEnd = Buffer.from('\r\n');
const headersEnd = Buffer.from('\r\n\r\n');
const end = Buffer.from('--');

function malformed(what: string): NgramdError {
  return new NgramdError('invalid-request', `The form cannot be read: ${what}.`);
}

/** A part's name and file name. */
function disposition(headers: ReadonlyMap<string, string>): Pick<FormPart, 'name' | 'filename'> {
  const parameters = parametersOf(headers.get('content-disposition'));
  const name = parameters?.get('name');
  if (name === undefined || name === null) {
    throw malformed('a part has no header Content-Disposition: form-data; name="…"');
  }
  const filename = extended(parameters?.get('filename*')) ?? parameters?.get('filename') ?? undefined;
  return { name: decode(name), filename: filename === undefined ? undefined : decode(filename) };
}

function parametersOf(disposition: string | undefined): MIMEType['params'] | undefined {
  try {
    const type = new MIMEType(`form/${disposition}`);
    return type.subtype === 'form-data' ? type.params : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a parameter whose name ends with `*` (RFC 8187), as bytes in Latin-1; undefined where it is malformed. */
function extended(value: string | null | undefined): string | undefined {
  const [, percentEncoded] = /^utf-8'[^']*'(.*)$/i.exec(value ?? '') ?? [];
  try {
    return percentEncoded === undefined
      ? undefined
      : Buffer.from(decodeURIComponent(percentEncoded)).toString('latin1');
  } catch {
    return undefined;
  }
}

/** What was read as Latin-1, as UTF-8 where it is that, as clients send it. */
function decode(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : latin1;
}
