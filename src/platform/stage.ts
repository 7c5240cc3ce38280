/**
 * Runs a stage of work under its name, so that it can be timed, counted and traced. Returns the result of the work and
 * throws its errors.
 */
export type Stage = <T>(name: string, work: () => Promise<T>) => Promise<T>;
