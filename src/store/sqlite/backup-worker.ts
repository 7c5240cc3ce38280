import { failureOf, type Outcome } from '../../errors.ts';
import { type CorpusCopy, copyCorpusFile } from './copy.ts';

/** Copies the corpus file at `path` to `target`. Runs in a worker thread. */
export default async function copy(task: { path: string; target: string }): Promise<Outcome<CorpusCopy>> {
  try {
    return { result: await copyCorpusFile(task.path, task.target) };
  } catch (error) {
    return failureOf(error);
  }
}
