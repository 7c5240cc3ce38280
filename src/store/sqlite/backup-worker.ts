import { asyncOutcomeOf, type Outcome } from '../../errors.ts';
import { type CorpusCopy, copyCorpusFile } from './copy.ts';

/** Copies the corpus file at `path` to `target`. */
export function copy({ path, target }: { path: string; target: string }): Promise<Outcome<CorpusCopy>> {
  return asyncOutcomeOf(() => copyCorpusFile(path, target));
}
