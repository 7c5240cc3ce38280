/** The syntax of numbers in texts: as in JSON, integers in decimal digits. */
const written = { integer: /^-?(0|[1-9]\d*)$/, number: /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/ };

/** The finite number that a text denotes, as in JSON; undefined if it denotes none. */
export function parseNumber(text: string, type: keyof typeof written = 'number'): number | undefined {
  const number = written[type].test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
