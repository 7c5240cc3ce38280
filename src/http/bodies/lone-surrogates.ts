import { pointerTo } from '../pointer.ts';

/** The position of a value within a JSON value. */
interface Place {
  value: unknown;
  place: string | number;
  around: Place | undefined;
}

/**
 * The JSON pointer of a string in `value` that contains half of a surrogate pair, which is not a character; undefined if
 * there is none. `bytes` is the JSON from which `value` was parsed.
 */
export function findLoneSurrogate(bytes: Buffer, value: unknown): string | undefined {
  // Well-formed UTF-8 has no surrogates, so only an escape can produce one.
  if (!bytes.includes('\\ud') && !bytes.includes('\\uD')) return undefined;
  const unseen: Place[] = [{ value, place: '', around: undefined }];
  for (let next = unseen.pop(); next !== undefined; next = unseen.pop()) {
    if (typeof next.value === 'string' && !next.value.isWellFormed()) return pointerTo(placesOf(next));
    if (typeof next.value !== 'object' || next.value === null) continue;
    const around = next;
    // The last one is checked first.
    const items = Object.entries(next.value).reverse();
    for (const [place, item] of items) unseen.push({ value: item, place, around });
  }
  return undefined;
}

function placesOf(place: Place): (string | number)[] {
  const places: (string | number)[] = [];
  for (let at: Place = place; at.around !== undefined; at = at.around) places.push(at.place);
  return places.reverse();
}
