import fc from 'fast-check';
import type supertest from 'supertest';
import t from 'tap';
import { startService } from './harness.ts';

interface Preceding {
  word: string;
  probability: number;
  count: number;
}

const path = (query: Record<string, string | number>) =>
  `/v1/corpora/c/continuations?${new URLSearchParams({ side: 'left', ...(query as Record<string, string>) })}`;

/** How often each word stands before a phrase, by looking at each place of each sequence. */
function bruteForce(sequences: readonly string[][], phrase: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tokens of sequences) {
    for (let at = 1; at + phrase.length <= tokens.length; at++) {
      if (!phrase.every((token, i) => tokens[at + i] === token)) continue;
      counts.set(tokens[at - 1], (counts.get(tokens[at - 1]) ?? 0) + 1);
    }
  }
  return counts;
}

for (const lines of [false, true]) {
  const unit = lines ? 'line' : 'document';
  t.test(`side=left is what looking before each occurrence finds, within each ${unit}`, async (t) => {
    const { api } = await startService(t);
    const token = fc.constantFrom('a', 'b', 'c', 'd');
    const sequences = fc.array(fc.array(token, { minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 4,
    });
    const inPhrase = lines ? fc.constantFrom('a', 'b', 'c', '</s>', '<s>') : token;
    const phrases = fc.array(inPhrase, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sequences, phrases, async (sequences, phrase) => {
        const texts = sequences.map((tokens) => tokens.join(' '));
        const [first, ...rest] = lines ? [texts.slice(0, 2).join('\n'), ...texts.slice(2)] : texts;
        const settings = `tokenizer=whitespace&sequences=${unit}&order=2`;
        await api.put(`/v1/corpora/c?${settings}`).type('text/plain').send(first).expect(201);
        for (const text of rest) await api.post('/v1/corpora/c/documents').type('text/plain').send(text);
        const marked = lines ? sequences.map((tokens) => ['<s>', ...tokens, '</s>']) : sequences;
        const expected = bruteForce(marked, phrase);
        const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
        const context = phrase.join(' ');
        const found: Preceding[] = [];
        let cursor: string | undefined = '';
        while (cursor !== undefined) {
          const next: { cursor?: string } = cursor === '' ? {} : { cursor };
          const { body }: supertest.Response = await api.get(path({ context, k: 2, ...next })).expect(200);
          t.match(body, { context: phrase, total, estimator: { name: 'mle' } });
          found.push(...body.continuations);
          cursor = body.next_cursor;
        }
        t.same(new Map(found.map(({ word, count }) => [word, count])), expected);
        t.ok(found.every(({ count }, i) => i === 0 || count <= found[i - 1].count));
        t.ok(found.every(({ probability, count }) => probability === count / total));
        const csv = await api.get(path({ context, format: 'csv' })).expect(200);
        const rows = found.map((item) => [item.word, item.probability, item.count].join());
        t.equal(csv.text, ['word,probability,count', ...rows, ''].join('\r\n'));
        await api.delete('/v1/corpora/c').expect(204);
      }),
      { numRuns: 15 },
    );
  });
}

t.test('before two words stands what the counts of trigrams say', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/samples/sonnets').expect(201);
  const corpus = '/v1/corpora/sonnets';
  const { body } = await api.get(`${corpus}/continuations?side=left&context=of+the&k=1000`).expect(200);
  const trigrams = await api.get(`${corpus}/ngrams?pattern=*+of+the&limit=1000`).expect(200);
  const expected = trigrams.body.items.map(({ ngram, count }: { ngram: string[]; count: number }) => ({
    word: ngram[0],
    count,
  }));
  t.ok(expected.length > 5);
  t.same(
    body.continuations.map(({ word, count }: Preceding) => ({ word, count })),
    expected,
  );
});

t.test('side=left takes a prefix, which is read as the tokenizer reads', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('the time that time a time this time');
  const { body } = await api.get(path({ context: 'Time', prefix: 'TH', k: 2 }));
  t.match(body, {
    total: 4,
    continuations: [
      { word: 'the', probability: 0.25, count: 1 },
      { word: 'that', probability: 0.25, count: 1 },
    ],
  });
  const { body: next } = await api.get(
    path({ context: 'Time', prefix: 'TH', k: 2, cursor: body.next_cursor }),
  );
  t.same(next.continuations, [{ word: 'this', probability: 0.25, count: 1 }]);
  t.notOk('next_cursor' in next);
});

t.test('side=left refuses what concerns the next word only, and no context, with their fields', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  for (const [query, pointer] of [
    [{}, '/query/context'],
    [{ context: '42' }, '/query/context'],
    [{ context: 'a '.repeat(101) }, '/query/context'],
    [{ context: 'b', estimator: 'laplace' }, '/query/estimator'],
    [{ context: 'b', estimator: 'kneser-ney' }, '/query/estimator'],
    [{ context: 'b', order: 2 }, '/query/order'],
    [{ context: 'b', epsilon: '1' }, '/query/epsilon'],
    [{ context: 'b', additive_k: 1 }, '/query/additive_k'],
    [{ context: 'b', k: 1001 }, '/query/k'],
    [{ context: 'b', prefix: 'a b' }, '/query/prefix'],
    [{ context: 'b', cursor: 'WzFd' }, '/query/cursor'],
    [{ context: 'b', min_version: 2 }, '/query/min_version'],
    [{ context: 'b', side: 'before' }, '/query/side'],
  ] as [Record<string, string | number>, string][]) {
    const { status, body } = await api.get(path(query));
    t.match([status, body.errors?.[0].pointer], [400, pointer], JSON.stringify(query));
  }
  await api.get(path({ context: 'b', estimator: 'mle', min_version: 1 })).expect(200);
  const { body } = await api.get(path({ context: 'zebra' })).expect(200);
  t.match(body, { total: 0, continuations: [] });
});
