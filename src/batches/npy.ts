/** A NumPy file whose numbers are still to be written. */
export interface NpyFile {
  /** The whole file. */
  readonly bytes: Buffer;
  /** Its numbers, to be written by the caller. */
  readonly numbers: Int32Array;
}

/**
 * A NumPy file (format 1.0) of little-endian int32 in row-major order, of two dimensions or more. The numbers are
 * uninitialised. `allocate` must return 4-byte-aligned memory.
 */
export function createNpy(shape: readonly number[], allocate: (bytes: number) => Buffer): NpyFile {
  const header = npyHeader(shape);
  const size = shape.reduce((product, side) => product * side, 1);
  const bytes = allocate(header.length + size * Int32Array.BYTES_PER_ELEMENT);
  bytes.set(header);
  return { bytes, numbers: new Int32Array(bytes.buffer, bytes.byteOffset + header.length, size) };
}

/** What the file begins with: its numbers follow, at a multiple of 64 bytes. */
export function npyHeader(shape: readonly number[]): Buffer {
  const dictionary = `{'descr': '<i4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const preamble = 10;
  const length = Math.ceil((preamble + dictionary.length + 1) / 64) * 64;
  const header = Buffer.from(`\x93NUMPY\x01\x00  ${dictionary.padEnd(length - preamble - 1)}\n`, 'latin1');
  header.writeUInt16LE(length - preamble, 8);
  return header;
}
