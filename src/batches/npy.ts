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
  const dictionary = `{'descr': '<i4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const preamble = 10;
  const length = Math.ceil((preamble + dictionary.length + 1) / 64) * 64;
  const size = shape.reduce((product, side) => product * side, 1);
  const bytes = allocate(length + size * Int32Array.BYTES_PER_ELEMENT);
  bytes.fill(' ', 0, length);
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(length - preamble, 8);
  bytes.write(dictionary, preamble, 'latin1');
  bytes[length - 1] = 0x0a;
  return { bytes, numbers: new Int32Array(bytes.buffer, bytes.byteOffset + length, size) };
}
