import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { asNgramdError } from '../../src/errors.ts';
import { addTexts } from '../../src/ingest/committing/add-texts.ts';
import { BlockSpill } from '../../src/ingest/counting/block-spill.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import { encodeNGrams } from '../../src/ngrams/block-batch.ts';
import { mergeStreams } from '../../src/ngrams/merge.ts';
import { temporaryFolder } from '../http/harness.ts';
import { drain, type Entry, memoryStream } from '../store/memory-stream.ts';
import { kindsOfStores } from '../store/stores.ts';
import { countsIn } from './oracle.ts';
import { createCorpus, draftOf } from './stored-corpus.ts';

/** The n-grams of one run, of orders 1 and 2. */
const ofOrder = (order: number) =>
  fc
    .uniqueArray(fc.tuple(fc.array(fc.nat(30), { minLength: order, maxLength: order }), fc.nat(9)), {
      selector: ([ngram]) => ngram.join(),
      maxLength: 300,
    })
    .map((entries) => entries.map(([ngram, count]): Entry => [ngram, count + 1]));
const run = fc.tuple(ofOrder(1), ofOrder(2));

t.test('runs that were spilled are merged to their sum, and the file is deleted', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 4 }), (runs) => {
      const spill = new BlockSpill(join(folder, 'spill'));
      for (const [unigrams, bigrams] of runs) {
        spill.beginRun();
        const batches = [
          ...encodeNGrams(memoryStream(2, bigrams), 1),
          ...encodeNGrams(memoryStream(1, unigrams), 2),
        ];
        for (const blocks of batches) spill.add(blocks);
      }
      for (const order of [1, 2]) {
        const streams = runs.map((entries) => memoryStream(order, entries[order - 1]));
        t.same(drain(spill.merged(order)), drain(mergeStreams(order, streams)));
      }
      spill.dispose();
      t.same(readdirSync(folder), []);
    }),
    { numRuns: 40 },
  );
});

/** A file system of 64 kB; undefined where none can be mounted. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  t.teardown(() => execFileSync('umount', ['-l', folder]));
  return folder;
}

const disk = smallDisk();
for (const [kind, openStore] of Object.entries(kindsOfStores)) {
  t.test(
    `${kind}: a disk that is full with the counts of a long text is reported, and nothing is changed or left`,
    disk === undefined ? { skip: 'no file system can be mounted here' } : {},
    async (t) => {
      const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
      const corpus = await createCorpus(await openStore(t), ['a b c'], settings);
      const before = await corpus.read(countsIn);
      const long = Array.from({ length: 20_000 }, (_, i) => `w${(i * i) % 9973}`).join(' ');
      const adding = corpus.change((change) =>
        addTexts(change, draftOf([long], settings), {
          now: new Date(0).toISOString(),
          spillPath: join(disk as string, 'spill'),
          progress: new UploadProgress(),
          sizes: { blockTokens: 5000, slicePositions: 1000, manyTokens: 1e6, blockNGrams: 128 },
        }),
      );
      const error = await adding.then(
        () => undefined,
        (error) => asNgramdError(error),
      );
      t.equal(error?.code, 'disk-full');
      t.same(await corpus.read(countsIn), before);
      t.same(readdirSync(disk as string), []);
    },
  );
}
