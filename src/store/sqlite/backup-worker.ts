import { asyncOutcomeOf, type Outcome } from '../../errors.ts';
import { type CorpusCopy, copyCorpusFile } from './copy.ts';
import { makeRestorable, type Restoration } from './restorable.ts';

/** Copies the corpus file at `path` to `target`. */
export function copy({ path, target }: { path: string; target: string }): Promise<Outcome<CorpusCopy>> {
  return asyncOutcomeOf(() => copyCorpusFile(path, target));
}

/** See `makeRestorable`. */
export function restorable(restoration: Restoration): Promise<Outcome<void>> {
  return asyncOutcomeOf(() => makeRestorable(restoration));
}
