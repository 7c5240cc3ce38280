/** How many tokens one chunk of the token stream holds at most: two chunks of the widest ids fit a page of 4 kB. */
export const chunkTokens = 496;

/** Ids packed as little-endian unsigned integers, as wide (1, 2 or 4 bytes) as the largest of them needs. */
export function packTokens(ids: Uint32Array): { width: number; bytes: Buffer } {
  let bits = 0;
  for (let i = 0; i < ids.length; i++) bits |= ids[i];
  const width = bits >>> 8 === 0 ? 1 : bits >>> 16 === 0 ? 2 : 4;
  const bytes = Buffer.allocUnsafe(ids.length * width);
  if (width === 1) bytes.set(ids);
  else if (width === 2)
    for (let i = 0; i < ids.length; i++) {
      bytes[2 * i] = ids[i];
      bytes[2 * i + 1] = ids[i] >>> 8;
    }
  else
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      bytes[4 * i] = id;
      bytes[4 * i + 1] = id >>> 8;
      bytes[4 * i + 2] = id >>> 16;
      bytes[4 * i + 3] = id >>> 24;
    }
  return { width, bytes };
}

/** Copies the ids from `from` on of a packed chunk into `target`, as many as that has places for. */
export function unpackTokens(bytes: Uint8Array, width: number, from: number, target: Int32Array): void {
  const to = from + target.length;
  let next = 0;
  if (width === 1) for (let i = from; i < to; i++) target[next++] = bytes[i];
  else if (width === 2)
    for (let i = 2 * from; i < 2 * to; i += 2) target[next++] = bytes[i] | (bytes[i + 1] << 8);
  else
    for (let i = 4 * from; i < 4 * to; i += 4)
      target[next++] = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
}
