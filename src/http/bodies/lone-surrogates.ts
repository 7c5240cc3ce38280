import { pointerTo } from '../pointer.ts';

/** A value in a JSON value: where it is. */
interface Place {
  value: unknown;
  place: string | number;
  around: Place | undefined;
}

/**
 * The JSON pointer of a string in `value` that holds half of a surrogate pair, which is no character; undefined where
 * there is none. `bytes` is the JSON that `value` was parsed from.
 */
export function findLoneSurrogate(bytes: Buffer, value: unknown): string | undefined {
  // Well-formed UTF-8 has no surrogates, so that only an escape can bring one.
  if (!bytes.includes('\\ud') && !bytes.includes('\\uD')) return undefined;
  const unseen: Place[] = [{ value, place: '', around: undefined }];
  for (let next = unseen.pop(); next !== undefined; next = unseen.pop()) {
    if (typeof next.value === 'string' && !next.value.isWellFormed()) return pointerTo(placesOf(next));
    if (typeof next.value !== 'object' || next.value === null) continue;
    const around = next;
    // The last is looked at first.
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
