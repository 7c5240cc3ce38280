/**
 * Counting by sorting. A text is an array of token ranks in which the value `sentinel`, larger than every rank,
 * stands after the last token of each sequence; n-grams do not reach past it. The positions of the text are sorted
 * by the `order` tokens that begin there, so that equal n-grams of every order up to `order` become neighbours.
 */
export interface SortedPositions {
  readonly text: Uint32Array;
  /** The positions, in the order of the n-grams that begin at them. */
  readonly positions: Uint32Array;
  /** For each sorted position, how many leading tokens it shares with the one before (0 for the first). */
  readonly shared: Uint8Array;
  /** For each sorted position, how many tokens it has before its sequence ends, at most `order`. */
  readonly available: Uint8Array;
}

/**
 * Sorts the first `counted` positions of `text` (what follows them is only read ahead). Least significant token
 * first, one stable counting sort for each of the `order` tokens: time O(order · (counted + sentinel)).
 */
export function sortPositions(
  text: Uint32Array,
  counted: number,
  sentinel: number,
  order: number,
): SortedPositions {
  let positions = new Uint32Array(counted);
  let length = 0;
  for (let position = 0; position < counted; position++) {
    if (text[position] !== sentinel) positions[length++] = position;
  }
  positions = positions.subarray(0, length);
  let sorted = new Uint32Array(length);
  for (let depth = order - 1; depth >= 0; depth--) {
    countingSortPass(text, sentinel, depth, positions, sorted);
    [positions, sorted] = [sorted, positions];
  }
  return { text, positions, ...neighbours(text, positions, sentinel, order) };
}

function countingSortPass(
  text: Uint32Array,
  sentinel: number,
  depth: number,
  source: Uint32Array,
  target: Uint32Array,
): void {
  const starts = new Uint32Array(sentinel + 2);
  const last = text.length - 1;
  for (let i = 0; i < source.length; i++) {
    const at = source[i] + depth;
    starts[(at > last ? sentinel : text[at]) + 1]++;
  }
  for (let rank = 1; rank < starts.length; rank++) starts[rank] += starts[rank - 1];
  for (let i = 0; i < source.length; i++) {
    const position = source[i];
    const at = position + depth;
    target[starts[at > last ? sentinel : text[at]]++] = position;
  }
}

function neighbours(text: Uint32Array, positions: Uint32Array, sentinel: number, order: number) {
  const shared = new Uint8Array(positions.length);
  const available = new Uint8Array(positions.length);
  let previous = text.length;
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i];
    const most = Math.min(order, text.length - position);
    let length = 1;
    while (length < most && text[position + length] !== sentinel) length++;
    available[i] = length;
    let common = 0;
    while (common < length && text[previous + common] === text[position + common]) common++;
    shared[i] = common;
    previous = position;
  }
  return { shared, available };
}
