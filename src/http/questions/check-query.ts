import type { Static } from 'typebox';
import { QuerySchema } from '../schemas/probabilities.ts';
import { jsonChecker } from '../validation.ts';

/** One query of many. */
export type Query = Static<typeof QuerySchema>;

/** Checks one query of many. Throws `invalid-request` with pointers below `part`. */
export const checkQuery = jsonChecker<Query>(QuerySchema);
