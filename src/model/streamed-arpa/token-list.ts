import type { Snapshot } from '../../store/store.ts';
import type { TokenList } from '../../text/token-table.ts';

/** The longest that all tokens may be together, in bytes: places in them are numbers of 32 bits. */
const maxBytes = 2 ** 32 - 1;

/** The tokens of a corpus by id. */
export async function readTokenList(snapshot: Snapshot): Promise<TokenList> {
  let bytes = new Uint8Array(2 ** 16);
  let ends = new Uint32Array(2 ** 12);
  let size = 0;
  for await (const tokens of snapshot.vocabulary(0)) {
    const some = tokens.map((token) => Buffer.from(token));
    const length = some.reduce((sum, token) => sum + token.length, ends[size]);
    if (length > maxBytes) throw new Error(`The tokens of ${snapshot.ref.name} have ${length} bytes.`);
    bytes = grownTo(bytes, length, (capacity) => new Uint8Array(Math.min(capacity, maxBytes)));
    ends = grownTo(ends, size + some.length + 1, (capacity) => new Uint32Array(capacity));
    for (const token of some) {
      bytes.set(token, ends[size]);
      ends[size + 1] = ends[size] + token.length;
      size++;
    }
  }
  return { size, bytes, ends };
}

/** The array, or one with its content and room for `length` elements. */
function grownTo<T extends Uint8Array | Uint32Array>(
  array: T,
  length: number,
  create: (capacity: number) => T,
): T {
  if (length <= array.length) return array;
  const grown = create(Math.max(length, 2 * array.length));
  grown.set(array);
  return grown;
}
