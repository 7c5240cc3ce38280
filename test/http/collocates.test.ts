import fc from 'fast-check';
import t from 'tap';
import { measuresOf } from '../../src/analysis/association.ts';
import { startService } from './harness.ts';
import { all } from './lists.ts';

const path = (query: Record<string, string | number>) =>
  `/v1/corpora/c/collocates?${new URLSearchParams(query as Record<string, string>)}`;

/** The collocates of a node by looking, for each token of each sequence, whether the node is near. */
function bruteForce(sequences: readonly string[][], node: readonly string[], window: number) {
  const occurrences = new Map<string, number>();
  const found = new Map<string, { count: number; left: number; right: number }>();
  let near = 0;
  let hits = 0;
  for (const tokens of sequences) {
    const isHit = (at: number) => at >= 0 && node.every((token, i) => tokens[at + i] === token);
    for (const [at, token] of tokens.entries()) {
      occurrences.set(token, (occurrences.get(token) ?? 0) + 1);
      if (isHit(at)) hits++;
      if (token === '</s>') continue;
      const distances = Array.from({ length: window }, (_, i) => i + 1);
      const left = distances.some((distance) => isHit(at + distance));
      const right = distances.some((distance) => isHit(at - distance - node.length + 1));
      if (!left && !right) continue;
      near++;
      const counts = found.get(token) ?? { count: 0, left: 0, right: 0 };
      counts.count++;
      counts.left += left ? 1 : 0;
      counts.right += right ? 1 : 0;
      found.set(token, counts);
    }
  }
  const total = sequences.flat().length;
  const items = [...found].map(([word, counts]) => {
    const alone = occurrences.get(word) as number;
    const measures = measuresOf({ joint: counts.count, single: [near, alone], total });
    return { word, ...counts, occurrences: alone, ...measures };
  });
  return { hits, near, items };
}

const byWord = (items: readonly { word: string }[]) => [...items].sort((a, b) => (a.word < b.word ? -1 : 1));

for (const lines of [false, true]) {
  const unit = lines ? 'line' : 'document';
  t.test(`collocates are what looking at each token finds, within each ${unit}`, async (t) => {
    const { api } = await startService(t);
    const token = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const sequences = fc.array(fc.array(token, { minLength: 1, maxLength: 14 }), {
      minLength: 1,
      maxLength: 4,
    });
    const nodes = fc.array(token, { minLength: 1, maxLength: 2 });
    const window = fc.integer({ min: 1, max: 5 });
    const sort = fc.constantFrom('count', 'pmi', 't', 'dice', 'log_likelihood');
    await fc.assert(
      fc.asyncProperty(sequences, nodes, window, sort, async (sequences, node, window, sort) => {
        const texts = sequences.map((tokens) => tokens.join(' '));
        const [first, ...rest] = lines ? [texts.join('\n')] : texts;
        const settings = `tokenizer=whitespace&sequences=${unit}`;
        await api.put(`/v1/corpora/c?${settings}`).type('text/plain').send(first).expect(201);
        for (const text of rest) await api.post('/v1/corpora/c/documents').type('text/plain').send(text);
        const marked = lines ? sequences.map((tokens) => [...tokens, '</s>']) : sequences;
        const expected = bruteForce(marked, node, window);
        const query = { node: node.join(' '), window, sort, limit: 2 };
        const found = await all<Record<string, number> & { word: string }>(api, path(query));
        t.same(byWord(found), byWord(expected.items));
        const { hits, near } = expected;
        const { body } = await api.get(path(query));
        t.match(body, { node, hits, near, total: expected.items.length });
        const score = (item: Record<string, number>) =>
          sort === 'log_likelihood' && item.pmi < 0 ? -item[sort] : item[sort];
        t.ok(found.every((item, i) => i === 0 || score(item) <= score(found[i - 1]) + 1e-12));
        await api.delete('/v1/corpora/c').expect(204);
      }),
      { numRuns: 12 },
    );
  });
}

t.test('min_count leaves out what is rare near the node, and unknown words have no collocates', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a b c a b');
  const { body } = await api.get(path({ node: 'a', window: 1, min_count: 2 }));
  t.same(
    body.items.map(({ word, count }: { word: string; count: number }) => [word, count]),
    [['b', 3]],
  );
  t.match((await api.get(path({ node: 'zz' })).expect(200)).body, { hits: 0, near: 0, total: 0, items: [] });
});

t.test('a query of no node, or beyond the limits, is refused with its field', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  for (const [query, pointer] of [
    [{}, '/query/node'],
    [{ node: '42' }, '/query/node'],
    [{ node: 'a', window: 0 }, '/query/window'],
    [{ node: 'a', window: 51 }, '/query/window'],
    [{ node: 'a', sort: 'mi' }, '/query/sort'],
    [{ node: 'a', limit: 1001 }, '/query/limit'],
    [{ node: 'a', cursor: 'WzFd' }, '/query/cursor'],
  ] as [Record<string, string>, string][]) {
    const { status, body } = await api.get(path(query));
    t.match([status, body.errors?.[0].pointer], [400, pointer], JSON.stringify(query));
  }
});
