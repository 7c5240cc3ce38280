import { NgramdError } from '../../errors.ts';

/** Texts are checked in blocks of this many bytes, of which at most one in 32 may be NUL. */
const blockBytes = 4096;
/** UTF-16 has one for each space and line end, in any language. */
const fewestBytesPerNul = 32;

/** From this many NULs on, a block of which a quarter is NUL is not read to its end. */
const enoughNuls = 8;

/**
 * The same chunks of a text. Throws `invalid-text` if a block has so many NULs that it is clearly not text; a single
 * NUL is a character like any other.
 */
export async function* withoutManyNuls(text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const block = new Block();
  for await (const chunk of text) {
    let passed = 0;
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, passed)) {
      block.pass(at - passed);
      block.passNul();
      passed = at + 1;
    }
    block.pass(chunk.length - passed);
    yield chunk;
  }
  block.end();
}

/** The NULs in the part of a block that has arrived. */
class Block {
  #start = 0;
  #offset = 0;
  /** Their number at each offset modulo 4, which distinguishes encodings of two and four bytes from other files. */
  #nuls = [0, 0, 0, 0];

  /** Advances by bytes without a NUL. */
  pass(length: number): void {
    this.#offset += length;
    if (this.#offset - this.#start >= blockBytes) this.#close(blockBytes);
  }

  passNul(): void {
    this.#nuls[this.#offset % 4]++;
    this.pass(1);
    // Do not wait for more of a text that arrives slowly.
    const nuls = this.#count();
    if (nuls >= enoughNuls && nuls * 4 > this.#offset - this.#start) throw this.#refusal();
  }

  end(): void {
    this.#close(this.#offset - this.#start);
  }

  #close(length: number): void {
    const nuls = this.#count();
    if (nuls > 1 && nuls * fewestBytesPerNul > length) throw this.#refusal();
    this.#start = this.#offset - (this.#offset % blockBytes);
    if (nuls > 0) this.#nuls.fill(0);
  }

  #count(): number {
    return this.#nuls[0] + this.#nuls[1] + this.#nuls[2] + this.#nuls[3];
  }

  #refusal(): NgramdError {
    const found = `Of the bytes from offset ${this.#start} on, too many are NUL`;
    const encoding = encodingWith(this.#nuls);
    return new NgramdError(
      'invalid-text',
      encoding === undefined
        ? `${found}: this looks like a binary file, and not like a text in UTF-8.`
        : `${found}: this looks like ${encoding}, and not like UTF-8. Convert it first, for example with iconv -f ${encoding} -t UTF-8.`,
    );
  }
}

/** The encoding whose NULs would mostly be at these offsets; undefined if they are anywhere. */
function encodingWith([first, second, third, fourth]: readonly number[]): string | undefined {
  const few = 1 / 8;
  if (first < few * third && third > fourth / 2) return 'UTF-32LE';
  if (fourth < few * second && second > first / 2) return 'UTF-32BE';
  if (first + third < few * (second + fourth)) return 'UTF-16LE';
  if (second + fourth < few * (first + third)) return 'UTF-16BE';
  return undefined;
}
