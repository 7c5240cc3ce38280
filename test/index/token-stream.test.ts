import fc from 'fast-check';
import t from 'tap';
import { fillPages, findUnread, haveAll, TokenMemory, TokenStream } from '../../src/index/token-stream.ts';
import { storedCorpus } from './stored-corpora.ts';

const settings = { tokenizer: 'whitespace', order: 1, sequences: 'document' } as const;
/** How many tokens a page has. */
const pageTokens = 496;

t.test(
  'any stretches of the token stream are read as they were written, whatever was read before',
  async (t) => {
    const texts = [2.5, 0.1, 3].map((pages, document) =>
      Array.from({ length: pages * pageTokens }, (_, i) => `w${(i * 7 + document) % 300}`).join(' '),
    );
    const { stored } = await storedCorpus(t, texts, settings);
    const words = texts.join(' ').split(' ');
    // All pages find room, some do, and one does; or none is kept.
    const memories = [
      new TokenMemory(),
      new TokenMemory(3 * pageTokens),
      new TokenMemory(pageTokens),
      undefined,
    ];
    const { version, tokens } = await stored.read((snapshot) => snapshot.summary());
    t.equal(tokens, words.length);
    const kept = memories.map((memory) => memory?.pagesOf(stored.ref.id, version, tokens));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: words.length }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 3 * pageTokens }),
        async (firsts, length) => {
          for (const pages of kept) {
            await stored.read(async (snapshot) => {
              const stream = new TokenStream(snapshot, tokens, pages);
              await stream.load(firsts, length);
              for (const first of firsts) {
                const wanted = Math.min(length, words.length - first);
                const target = new Int32Array(wanted + 3).fill(-1);
                stream.copy(first, wanted, target, 2);
                t.same(await snapshot.tokens(target.subarray(2, -1)), words.slice(first, first + wanted));
                t.same(
                  [...target.subarray(0, 2), target[wanted + 2]],
                  [-1, -1, -1],
                  'nothing else is written',
                );
              }
            });
          }
        },
      ),
      { numRuns: 50 },
    );
  },
);

t.test('pages are of one version of one corpus, and the least recently used are evicted', async (t) => {
  const memory = new TokenMemory(4 * pageTokens);
  const pages = memory.pagesOf('first', 1, 3 * pageTokens);
  t.equal(memory.pagesOf('first', 1, 3 * pageTokens), pages);
  const later = memory.pagesOf('first', 2, 3 * pageTokens);
  t.not(later, pages);
  t.same([later.version, later.ids.length, later.isRead.length], [2, 3 * pageTokens, 3]);
  memory.pagesOf('second', 1, 2 * pageTokens);
  t.not(memory.pagesOf('first', 2, 3 * pageTokens), later);
  t.equal(
    memory.pagesOf('second', 1, 40 * pageTokens).isRead.length,
    4,
    'as many pages as there is room for',
  );
});

t.test('pages of another version than the snapshot’s are neither read nor filled', async (t) => {
  const { stored } = await storedCorpus(t, ['a b c'], settings);
  const pages = new TokenMemory().pagesOf(stored.ref.id, 7, 3);
  pages.isRead.fill(1);
  const target = new Int32Array(3);
  await stored.read(async (snapshot) => {
    const stream = new TokenStream(snapshot, 3, pages);
    await stream.load([0], 3);
    stream.copy(0, 3, target, 0);
    t.same(await snapshot.tokens(target), ['a', 'b', 'c']);
  });
  t.same(new Set(pages.ids), new Set([0]));
});

t.test('pages are filled where they are unread, and only from their version', async (t) => {
  const words = Array.from({ length: 3 * pageTokens - 9 }, (_, i) => `w${i % 50}`);
  const { stored } = await storedCorpus(t, [words.join(' ')], settings);
  const memory = new TokenMemory();
  const { version, tokens } = await stored.read((snapshot) => snapshot.summary());
  const pages = memory.pagesOf(stored.ref.id, version, tokens);
  t.ok(haveAll(pages));
  t.notOk(haveAll(new TokenMemory(2 * pageTokens).pagesOf('large', 1, tokens)));
  const unreadOf = (first: number, length: number) => {
    const unread = new Set<number>();
    findUnread(pages, Float64Array.of(-1, first), { from: 1, to: 2 }, length, unread);
    return [...unread];
  };
  t.same(unreadOf(pageTokens - 1, 1), [0]);
  t.same(unreadOf(pageTokens - 1, 2), [0, 1]);
  t.same(unreadOf(pageTokens, 5 * pageTokens), [1, 2]);
  await stored.read(async (snapshot) => {
    const later = { ...pages, version: version + 1 };
    t.notOk(await fillPages(snapshot, later, [0, 1, 2]));
    t.same(unreadOf(0, tokens), [0, 1, 2]);
    t.ok(await fillPages(snapshot, pages, [2, 0]));
    t.same(unreadOf(0, tokens), [1]);
    t.same(await snapshot.tokens(pages.ids.subarray(0, pageTokens)), words.slice(0, pageTokens));
    t.same(await snapshot.tokens(pages.ids.subarray(2 * pageTokens, tokens)), words.slice(2 * pageTokens));
  });
});
