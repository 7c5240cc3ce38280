import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts } from '../../src/ingest/committing/add-counts.ts';
import { CountsDraft } from '../../src/ingest/counts/counts-draft.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import type { Snapshot, StoredCorpus } from '../../src/store/store.ts';

let paths = 0;

/** A path for a temporary file. */
export const countsPath = () => join(tmpdir(), `ngramd-test-${process.pid}-counts-${++paths}`);

/** Adds lines of a file of counts, which come in chunks, to a corpus of counts as a document; returns its id. */
export async function addCountLines(
  corpus: StoredCorpus,
  lines: readonly string[],
  { chunkBytes = 1000, lineEnd = '\n' } = {},
): Promise<string> {
  const draft = new CountsDraft(corpus.settings, countsPath());
  const bytes = Buffer.from(lines.join(lineEnd));
  for (let at = 0; at < bytes.length; at += chunkBytes) draft.write(bytes.subarray(at, at + chunkBytes));
  draft.finish();
  const content = draft.take();
  const options = {
    now: new Date(0).toISOString(),
    spillPath: countsPath(),
    progress: new UploadProgress(),
  };
  const [{ id }] = await corpus.change((change) => addCounts(change, content, options));
  corpus.expectChange();
  return id;
}

/** The n-grams of a corpus up to an order, as lines of a file of counts. */
export async function countLines(snapshot: Snapshot, highest: number): Promise<string[]> {
  const lines: string[] = [];
  for (let order = 1; order <= highest; order++) {
    for await (const { length, ids, counts } of snapshot.ngrams(order)) {
      const tokens = await snapshot.tokens(ids);
      for (let i = 0; i < length; i++)
        lines.push(`${tokens.slice(i * order, (i + 1) * order).join(' ')}\t${counts[i]}`);
    }
  }
  return lines;
}
