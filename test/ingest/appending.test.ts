import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { type Addition, appendTexts } from '../../src/ingest/committing/commit-upload.ts';
import type { TextNames } from '../../src/ingest/receiving/draft.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import type { StoredCorpus } from '../../src/store/store.ts';
import { contentOf } from '../store/contract/support.ts';
import { kindsOfStores } from '../store/stores.ts';
import { createCorpus, draftOf } from './stored-corpus.ts';

const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
const texts = ['a b c a', 'c d e d', 'a b c d', 'e f'];

/** The addition of a text. */
function addition(
  corpus: StoredCorpus,
  text: string,
  { names, ...how }: Partial<Addition> & { names?: TextNames } = {},
): Addition {
  return {
    corpus: corpus.ref,
    draft: draftOf([text], settings, { names }),
    summarized: false,
    spillPath: join(tmpdir(), `ngramd-test-${process.pid}-appending`),
    progress: new UploadProgress().memory,
    now: new Date(0).toISOString(),
    key: undefined,
    ...how,
  };
}

for (const [kind, openStore] of Object.entries(kindsOfStores)) {
  t.test(`${kind}: texts that are added together are what they are one after the other`, async (t) => {
    const store = await openStore(t);
    const [together, apart] = [
      await createCorpus(store, ['b a'], settings),
      await createCorpus(store, ['b a'], settings),
    ];
    const { outcomes } = await appendTexts(
      store,
      texts.map((text) => addition(together, text)),
    );
    t.match(
      outcomes,
      [3, 4, 5, 6].map((version) => ({ result: { added: true, documents: [{ version }] } })),
    );
    for (const text of texts) await appendTexts(store, [addition(apart, text)]);
    for (const corpus of [together, apart]) corpus.expectChange();
    t.same(await contentOf(together), await contentOf(apart));
  });

  t.test(`${kind}: one of them that fails or was there before does not concern the others`, async (t) => {
    const store = await openStore(t);
    const corpus = await createCorpus(store, ['b a'], settings);
    const cancelled = new UploadProgress();
    cancelled.cancel();
    const additions = [
      addition(corpus, texts[0], { key: 'once' }),
      addition(corpus, texts[1], { progress: cancelled.memory }),
      addition(corpus, texts[0], { key: 'once' }),
      addition(corpus, texts[2], { key: 'once' }),
      addition(corpus, texts[2], { names: { id: 'mine' } }),
      addition(corpus, texts[3], { names: { id: 'mine' } }),
      addition(corpus, texts[2], { names: { id: 'mine' } }),
      addition(corpus, texts[3], { corpus: { ...corpus.ref, id: 'another' } }),
      addition(corpus, texts[3]),
    ];
    const { outcomes } = await appendTexts(store, additions);
    t.match(outcomes, [
      { result: { added: true, documents: [{ id: '2', version: 3 }] } },
      { problem: { code: 'cancelled' } },
      { result: { added: false, documents: [{ id: '2', version: 3 }] } },
      { problem: { code: 'idempotency-key-reused' } },
      { result: { added: true, documents: [{ id: 'mine', version: 4 }] } },
      { problem: { code: 'document-exists' } },
      { result: { added: false, documents: [{ id: 'mine', version: 4 }] } },
      { problem: { code: 'corpus-not-found' } },
      { result: { added: true, documents: [{ id: '4', version: 5 }] } },
    ]);
    corpus.expectChange();
    t.match(await contentOf(corpus), { summary: { version: 5, documents: 4, tokens: 2 + 4 + 4 + 2 } });
  });
}
