import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { addTexts } from '../../src/ingest/committing/add-texts.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import { temporaryFolder } from '../http/harness.ts';
import { kindsOfStores } from '../store/stores.ts';
import { countByForce, countsIn, sequencesOf } from './oracle.ts';
import { createCorpus, draftOf } from './stored-corpus.ts';

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
for (const [kind, openStore] of Object.entries(kindsOfStores)) {
  for (const [how, { step, ...counting }] of Object.entries(plans)) {
    t.test(`${kind}: cancelled at any checkpoint, a commit ${how} changes nothing`, async (t) => {
      const store = await openStore(t);
      const folder = temporaryFolder(t);
      const corpus = await createCorpus(store, [older], settings);
      const content = () =>
        corpus.read(async (snapshot) => ({
          counts: await countsIn(snapshot),
          summary: await snapshot.summary(),
        }));
      const before = await content();
      let checkpoint = 0;
      for (let isCommitted = false; !isCommitted; checkpoint += step) {
        const progress = cancelledAt(checkpoint);
        const draft = draftOf([added], settings, { names: { id: 'added' } });
        const options = {
          now: new Date(0).toISOString(),
          spillPath: join(folder, 'spill'),
          progress,
          sizes: { ...counting, blockNGrams: 2 },
        };
        try {
          await corpus.change(
            async (change) => {
              await addTexts(change, draft, options);
              progress.enter('committing');
            },
            { checkpoint: progress.checkpoint },
          );
          isCommitted = true;
          t.equal(progress.countedTokens, draft.tokens.length);
        } catch (error) {
          t.equal((error as { code: string }).code, 'cancelled');
          t.ok(progress.countedTokens <= draft.tokens.length);
        }
        corpus.expectChange();
        if (!isCommitted) t.same(await content(), before);
        t.same(readdirSync(folder), [], 'no temporary file is left');
      }
      t.ok(checkpoint > 20, `${checkpoint} places to cancel at`);
      t.same((await content()).counts, countByForce(sequencesOf([older, added], 'line'), 3));
    });
  }
}
