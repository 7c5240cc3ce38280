/** The bases of logarithms other than e. */
export type LogBase = 2 | 10;

/** What natural logarithms are divided by for logarithms to a base. */
export function logUnit(base: LogBase | undefined): number {
  return base === undefined ? 1 : Math.log(base);
}
