export { dataOf, itemsOf, Ngramd, type NgramdOptions, type Text } from './client.ts';
export { AnswerError, ProblemError } from './errors.ts';
export type { components, operations, paths } from './schema.ts';
export { eventsOf, recordsOf } from './streams.ts';
export type * from './types.ts';
