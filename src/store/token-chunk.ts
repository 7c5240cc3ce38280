/** How many tokens one chunk of the token stream holds at most: two chunks of the widest ids fit a page of 4 kB. */
export const chunkTokens = 496;

/** Ids packed as little-endian unsigned integers, as wide (1, 2 or 4 bytes) as the largest of them needs. */
export function packTokens(ids: Uint32Array): { width: number; bytes: Buffer } {
  let bits = 0;
  for (let i = 0; i < ids.length; i++) bits |= ids[i];
  const width = bits >>> 8 === 0 ? 1 : bits >>> 16 === 0 ? 2 : 4;
  const bytes = Buffer.allocUnsafe(ids.length * width);
  for (let i = 0, at = 0; i < ids.length; i++) {
    for (let byte = 0, rest = ids[i]; byte < width; byte++, rest >>>= 8) bytes[at++] = rest;
  }
  return { width, bytes };
}

/** Copies the ids `from` ≤ i < `to` of a packed chunk into `target`, beginning at `at`. */
export function unpackTokens(
  bytes: Uint8Array,
  width: number,
  from: number,
  to: number,
  target: Int32Array,
  at: number,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = from; i < to; i++) {
    target[at + i - from] =
      width === 1 ? view.getUint8(i) : width === 2 ? view.getUint16(i * 2, true) : view.getInt32(i * 4, true);
  }
}
