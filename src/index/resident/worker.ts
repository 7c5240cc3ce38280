import { type Outcome, outcomeOf } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import { CorpusReader } from '../../store/sqlite/corpus-reader.ts';
import { buildTrie } from './build-trie.ts';
import type { CountTrie } from './count-trie.ts';

/** Compiles the counts of the corpus file at `path`, as `buildTrie` does. Runs in a worker thread. */
export default function build({ path, maxBytes }: { path: string; maxBytes?: number }): Outcome<CountTrie> {
  // The trie that was built before has been handed on.
  collectGarbage();
  return outcomeOf(() => {
    const reader = new CorpusReader(path);
    try {
      return reader.snapshot(() => buildTrie(reader, maxBytes));
    } finally {
      reader.close();
    }
  });
}
