/**
 * Runs a stage of work under its name, so that it can be timed, counted and traced. Answers what the work answers and
 * throws what it throws.
 */
export type Stage = <T>(name: string, work: () => Promise<T>) => Promise<T>;
