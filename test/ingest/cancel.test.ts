import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { commitDraft } from '../../src/ingest/committing/add-texts.ts';
import { Draft } from '../../src/ingest/receiving/draft.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { openCorpusFile } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from '../http/harness.ts';
import { createCorpus, sequencesOf } from './build-corpus.ts';
import { countByForce, readCounts } from './oracle.ts';

const settings = { tokenizer: 'whitespace', order: 3, sequences: 'line' } as const;
const older = 'a b a\nc a b\n';
const added = 'a b c d\nb a b\ne\nd a b c\n';

/** Progress of an upload that is cancelled at a checkpoint, counted from 0. */
function cancelledAt(checkpoint: number) {
  const progress = new UploadProgress();
  let passed = 0;
  const check = progress.checkpoint;
  return Object.assign(progress, {
    checkpoint: () => {
      if (passed++ === checkpoint) progress.cancel();
      check();
    },
  });
}

/** Threads take a while to start: there not each checkpoint is tried. */
const plans = {
  'in one block': { blockTokens: 1000, slicePositions: 3, manyTokens: 1000, step: 1 },
  'in blocks that are merged': { blockTokens: 5, slicePositions: 3, manyTokens: 1000, step: 1 },
  'in blocks, by threads': { blockTokens: 12, slicePositions: 3, manyTokens: 8, step: 40 },
};
for (const [how, { step, ...counting }] of Object.entries(plans)) {
  t.test(`cancelled at any checkpoint, a commit ${how} changes nothing`, async (t) => {
    const folder = temporaryFolder(t);
    const path = createCorpus(folder, [older], settings, {});
    const counts = (path: string) => {
      const reader = new CorpusReader(path);
      try {
        return { counts: readCounts(reader), summary: reader.summary() };
      } finally {
        reader.close();
      }
    };
    const before = counts(path);
    const files = readdirSync(folder);
    let checkpoint = 0;
    for (let isCommitted = false; !isCommitted; checkpoint += step) {
      const progress = cancelledAt(checkpoint);
      const writer = new CorpusWriter(openCorpusFile(path), 2, progress.checkpoint);
      const draft = new Draft(settings, join(folder, 'draft'));
      draft.write(Buffer.from(added));
      const summary = draft.finish();
      const content = draft.take();
      const places = { ids: ['added'], version: 3, createdAt: new Date(0).toISOString() };
      const commit = () => {
        const sizes = { ...counting, blockNGrams: 2 };
        commitDraft(writer, content, places, join(folder, 'scratch'), progress, sizes);
        progress.enter('committing');
      };
      try {
        writer.transaction(commit);
        isCommitted = true;
        t.equal(progress.countedTokens, summary.tokens);
      } catch (error) {
        t.equal((error as { code: string }).code, 'cancelled');
        t.ok(progress.countedTokens <= summary.tokens);
      } finally {
        writer.close();
      }
      if (!isCommitted) t.same(counts(path), before);
      t.same(readdirSync(folder), files);
    }
    t.ok(checkpoint > 20, `${checkpoint} places to cancel at`);
    t.same(counts(path).counts, countByForce(sequencesOf([older, added], 'line'), 3));
  });
}
