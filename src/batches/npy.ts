/**
 * The header of a NumPy file (format 1.0) of little-endian int32 in row-major order, of two dimensions or more; the
 * numbers follow it.
 */
export function npyHeader(shape: readonly number[]): Buffer {
  const dictionary = `{'descr': '<i4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const preamble = 10;
  const length = Math.ceil((preamble + dictionary.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length - preamble, 8);
  header.write(dictionary, preamble, 'latin1');
  header[length - 1] = 0x0a;
  return header;
}
