import { type Outcome, outcomeOf } from '../../errors.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import { CorpusReader } from '../../store/sqlite/corpus-reader.ts';

/** The sizes of the corpora whose files these are, each by itself. */
export function summaries(paths: readonly string[]): Outcome<CorpusSummary>[] {
  return paths.map((path) =>
    outcomeOf(() => {
      const reader = new CorpusReader(path);
      try {
        return reader.snapshot(() => reader.summary());
      } finally {
        reader.close();
      }
    }),
  );
}
