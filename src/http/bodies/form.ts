import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { MIMEType } from 'node:util';
import { Dicer } from '@fastify/busboy';
import { NgramdError } from '../../errors.ts';

/** One part of a form (RFC 7578). */
export interface FormPart {
  name: string;
  /** The client's name for the file; undefined if the part is not a file. */
  filename: string | undefined;
  /** The headers by their lower-case names. */
  headers: ReadonlyMap<string, string>;
  /** Must be read before the next part is requested, which skips the rest. */
  body: AsyncIterable<Uint8Array>;
}

/** The maximum size of the headers of a part, in bytes. */
const maxHeaderBytes = 16 * 1024;

/** The number of bytes of a form parsed at a time: the parts that begin in them are held until they are read. */
const sliceBytes = 16 * 1024;

/**
 * The parts of a form as it arrives, in constant memory. Throws `invalid-request` if it is malformed or ends early.
 */
export async function* formParts(
  form: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void> {
  // RFC 2046, 5.1.1; the parser throws an error of its own at 253.
  if (boundary.length > 70) throw malformed('its boundary is longer than 70 characters');
  const reader = new FormReader(form, boundary);
  try {
    for (let part = await reader.next(); part !== undefined; part = await reader.next()) {
      const headers = await reader.headers(part);
      yield { ...disposition(headers), headers, body: reader.body(part) };
      for await (const _ of reader.body(part));
    }
  } finally {
    await reader.close();
  }
}

/** A part whose beginning the parser has seen. */
interface BegunPart {
  stream: Readable;
  /** Undefined until all headers have arrived. */
  headers?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Passes a form to the parser slice by slice, each when everything in the previous one has been read. So no stream ever
 * holds more than a slice, and the parser never has to wait.
 */
class FormReader {
  readonly #slices: AsyncGenerator<Uint8Array, void>;
  readonly #parser: Dicer;
  /** The parts that have not been requested yet, in order. */
  readonly #begun: BegunPart[] = [];
  /** Whether the last delimiter has been seen. */
  #isOver = false;

  constructor(form: AsyncIterable<Uint8Array>, boundary: string) {
    this.#slices = slicesOf(form);
    // The parser drops headers beyond its limits without an error, so its limits must never be reached.
    this.#parser = new Dicer({ boundary, maxHeaderPairs: maxHeaderBytes });
    this.#parser.on('error', ignore);
    this.#parser.on('finish', () => {
      this.#isOver = true;
    });
    this.#parser.on('part', (stream) => {
      const part: BegunPart = { stream };
      stream.on('error', ignore);
      stream.on('header', (headers) => {
        part.headers = headers as NonNullable<BegunPart['headers']>;
      });
      this.#begun.push(part);
    });
  }

  /** The next part; undefined after the last, once the rest of the form has been skipped. */
  async next(): Promise<BegunPart | undefined> {
    while (this.#begun.length === 0 && !this.#isOver) await this.#parseMore();
    if (this.#begun.length === 0) while ((await this.#slices.next()).done !== true);
    return this.#begun.shift();
  }

  async headers(part: BegunPart): Promise<Map<string, string>> {
    for (let bytes = 0; part.headers === undefined; ) {
      if (this.#begun.length > 0 || this.#isOver) throw malformed('the headers of a part do not end');
      if (bytes > maxHeaderBytes) throw headersTooLarge();
      bytes += await this.#parseMore();
    }
    const headers = new Map<string, string>();
    let bytes = 0;
    for (const [name, [value, ...others]] of Object.entries(part.headers)) {
      if (others.length > 0) throw malformed(`a part has more than one header ${name}`);
      headers.set(name.trim(), value.trim());
      bytes += '\r\n: '.length + name.length + value.length;
    }
    if (bytes > maxHeaderBytes) throw headersTooLarge();
    return headers;
  }

  async *body({ stream }: BegunPart): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const bytes: Buffer | null = stream.read();
      if (bytes !== null) yield bytes;
      else {
        // A stream emits its end a tick after the end has been read.
        await new Promise<void>((resolve) => process.nextTick(resolve));
        if (stream.readableEnded) return;
        await this.#parseMore();
      }
    }
  }

  async close(): Promise<void> {
    this.#parser.destroy();
    await this.#slices.return();
  }

  /** Parses the next slice and returns its length. */
  async #parseMore(): Promise<number> {
    const { value: slice, done } = await this.#slices.next();
    if (done === true) throw malformed('it ends before its last boundary');
    this.#parser.write(slice);
    return slice.length;
  }
}

async function* slicesOf(form: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of form) {
    for (let at = 0; at < chunk.length; at += sliceBytes) yield chunk.subarray(at, at + sliceBytes);
  }
}

function ignore(): void {}

function headersTooLarge(): NgramdError {
  return malformed(`the headers of a part are larger than ${maxHeaderBytes} bytes`);
}

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

/**
 * The value of a parameter whose name ends with `*` (RFC 8187), as bytes in Latin-1; undefined where it is malformed.
 */
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

/** Text decoded as Latin-1, decoded as UTF-8 if it is valid, since clients send UTF-8. */
function decode(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : latin1;
}
