/** The JSON pointer (RFC 6901) of the value at these places, outermost first. */
export function pointerTo(places: readonly (string | number)[]): string {
  return places.map((place) => `/${String(place).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
