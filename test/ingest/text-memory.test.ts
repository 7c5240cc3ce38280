import t from 'tap';
import { Draft } from '../../src/ingest/receiving/draft.ts';
import { freeMemoryBytes, TextMemories, TextMemory } from '../../src/ingest/receiving/text-memory.ts';

const limit = 4 * freeMemoryBytes;

t.test(
  'one upload may take all memory but no more, and each its free part though there is none left',
  async (t) => {
    const memories = new TextMemories('tokens', limit);
    const first = memories.begin();
    const { take } = new TextMemory(first);
    take(limit - 2000);
    t.throws(() => take(2001), {
      code: 'vocabulary-too-large',
      message: new RegExp(`more than ${limit} bytes`),
    });
    take(2000);
    const second = memories.begin();
    const { take: takeToo } = new TextMemory(second);
    takeToo(freeMemoryBytes);
    t.throws(() => takeToo(1), { code: 'unavailable', message: /INGEST_MEMORY_BYTES/ });
    take(-freeMemoryBytes);
    t.throws(() => takeToo(1), { code: 'unavailable' }, 'the free part counts');
    take(-2000);
    takeToo(1);
  },
);

t.test('what an upload took is given back at its end, also where its thread cannot', async (t) => {
  const memories = new TextMemories('tokens', limit);
  for (let i = 0; i < 10; i++) {
    const upload = memories.begin();
    const { take } = new TextMemory(upload);
    for (let taken = 0; taken < limit; taken += limit / 64) take(limit / 64);
    take(-limit / 4);
    memories.end(upload);
    memories.end(upload);
  }
  t.doesNotThrow(() => new TextMemory(memories.begin()).take(limit));
});

t.test('a draft takes memory by its distinct tokens, whatever their number of occurrences', async (t) => {
  const settings = { tokenizer: 'whitespace', order: 1, sequences: 'document' } as const;
  const most = (write: (draft: Draft) => void) => {
    let taken = 0;
    let most = 0;
    const draft = new Draft(settings, 'unused', (bytes) => {
      taken += bytes;
      most = Math.max(most, taken);
    });
    write(draft);
    return most;
  };
  t.equal(
    most((draft) => {
      for (let i = 0; i < 100_000; i++) draft.write(Buffer.from('a b '));
    }),
    0,
  );
  t.equal(
    most((draft) => {
      for (let i = 0; i < 10_000; i++) {
        draft.write(Buffer.from('a'));
        draft.finish();
      }
    }),
    0,
    'nor of their texts',
  );
  const distinct = most((draft) => {
    for (let i = 0; i < 100_000; i++) draft.write(Buffer.from(`word${i} `));
  });
  t.ok(distinct > 100_000 * 50 && distinct < 100_000 * 150, `${distinct} bytes for 100,000 tokens`);
});
