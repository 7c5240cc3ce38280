import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';
import { type Api, all } from './lists.ts';

interface Line {
  document: string;
  position: number;
  left: string[];
  hit: string[];
  right: string[];
}

const path = (query: Record<string, string | number>) =>
  `/v1/corpora/c/concordance?${new URLSearchParams(query as Record<string, string>)}`;

/** Every occurrence of a phrase, by looking at each place of each document. */
function bruteForce(documents: readonly string[][], phrase: readonly string[], left: number, right: number) {
  return documents.flatMap((tokens, document) =>
    tokens.flatMap((_, position): Line[] => {
      const hit = tokens.slice(position, position + phrase.length);
      if (hit.join(' ') !== phrase.join(' ')) return [];
      const end = position + phrase.length;
      return [
        {
          document: `d${document}`,
          position,
          left: tokens.slice(Math.max(0, position - left), position),
          hit,
          right: tokens.slice(end, end + right),
        },
      ];
    }),
  );
}

const neighbour = {
  text: () => '',
  left1: ({ left }: Line) => left.at(-1) ?? '',
  right1: ({ right }: Line) => right[0] ?? '',
};

async function upload(api: Api, documents: readonly string[][]): Promise<void> {
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send('x');
  for (const [i, tokens] of documents.entries()) {
    await api.put(`/v1/corpora/c/documents/d${i}`).type('text/plain').send(tokens.join(' ')).expect(201);
  }
}

t.test('a concordance is what looking at each place of each document finds', async (t) => {
  const { api } = await startService(t);
  const token = fc.constantFrom('a', 'b', 'B', 'é', '😀');
  const documents = fc.array(fc.array(token, { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 4,
  });
  const phrases = fc.array(token, { minLength: 1, maxLength: 3 });
  const width = fc.integer({ min: 0, max: 4 });
  await fc.assert(
    fc.asyncProperty(documents, phrases, width, width, async (documents, phrase, left, right) => {
      await upload(api, documents);
      const expected = bruteForce(documents, phrase, left, right);
      for (const sort of ['text', 'left1', 'right1'] as const) {
        const query = path({ q: phrase.join(' '), left, right, sort, limit: 2 });
        const { body } = await api.get(query).expect(200);
        t.equal(body.total, expected.length);
        t.same(body.phrase, phrase);
        // The word that it is sorted by is there, whatever the width.
        const wide = bruteForce(documents, phrase, 12, 12);
        const key = (i: number) => neighbour[sort](wide[i]);
        const order = [...expected.keys()].sort((a, b) =>
          key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b,
        );
        t.same(
          await all<Line>(api, query),
          order.map((i) => expected[i]),
        );
      }
      await api.delete('/v1/corpora/c').expect(204);
    }),
    { numRuns: 15 },
  );
});

t.test(
  'a phrase occurs as often as it is counted, and any longer phrase is found too',
  bookTest,
  async (t) => {
    const { api } = await startService(t);
    const book = readFileSync(join(testData as string, 'timemachine.txt'), 'utf8');
    await api.put('/v1/corpora/c').type('text/plain').send(book);
    for (const q of ['the', 'of the', 'the time traveller']) {
      const order = q.split(' ').length;
      const { items } = (await api.get(`/v1/corpora/c/ngrams?order=${order}&limit=10`)).body;
      const { count } = items.find(({ ngram }: { ngram: string[] }) => ngram.join(' ') === q);
      t.equal((await api.get(path({ q }))).body.total, count, q);
    }
    const { body } = await api.get(path({ q: 'The Time Traveller (for so it will be', left: 0, right: 4 }));
    t.same(body.phrase.join(' '), 'the time traveller for so it will be');
    t.equal(body.total, 1);
    t.same(body.items[0].right.join(' '), 'convenient to speak of');
  },
);

t.test('a page goes on where the one before ended, also after a document was added', async (t) => {
  const { api } = await startService(t);
  await upload(api, [['a', 'b', 'a', 'c', 'a']]);
  const { body } = await api.get(path({ q: 'a', sort: 'left1', limit: 2 }));
  await api.post('/v1/corpora/c/documents').type('text/plain').send('a a').expect(201);
  const next = await api.get(`${path({ q: 'a', sort: 'left1' })}&cursor=${body.next_cursor}`);
  t.equal(next.body.total, 5);
  const places = [...body.items, ...next.body.items].map(
    ({ document, position }) => `${document}:${position}`,
  );
  t.same(places, ['d0:0', 'd0:2', 'd0:4']);
});

t.test('words that the corpus does not have occur 0 times', async (t) => {
  const { api } = await startService(t);
  await upload(api, [['a', 'b']]);
  for (const q of ['z', 'a z', 'z a', 'b a']) {
    t.match((await api.get(path({ q })).expect(200)).body, { total: 0, items: [] }, q);
  }
});

t.test('the lines of a corpus of lines end in the context, and no phrase crosses them', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?tokenizer=whitespace&sequences=line').type('text/plain').send('a b\nc d\n');
  t.equal((await api.get(path({ q: 'b c' }))).body.total, 0);
  t.same((await api.get(path({ q: 'c' }))).body.items[0], {
    document: '1',
    position: 3,
    left: ['a', 'b', '</s>'],
    hit: ['c'],
    right: ['d', '</s>'],
  });
});

t.test('a query that is no phrase is refused, with its field', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  const pointerOf = async (query: Record<string, string | number>) =>
    (await api.get(path(query)).expect(400)).body.errors[0].pointer;
  t.equal(await pointerOf({}), '/query/q');
  t.equal(await pointerOf({ q: '' }), '/query/q');
  t.equal(await pointerOf({ q: '1, 2' }), '/query/q');
  t.equal(await pointerOf({ q: 'a '.repeat(101) }), '/query/q');
  t.equal(await pointerOf({ q: 'a', left: 101 }), '/query/left');
  t.equal(await pointerOf({ q: 'a', right: -1 }), '/query/right');
  t.equal(await pointerOf({ q: 'a', sort: 'left2' }), '/query/sort');
  t.equal(await pointerOf({ q: 'a', limit: 1001 }), '/query/limit');
  t.equal(await pointerOf({ q: 'a', cursor: 'x' }), '/query/cursor');
});
