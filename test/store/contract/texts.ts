import fc from 'fast-check';
import { filePieces } from '../../../src/store/store.ts';
import { addTexts, describe, takeBack } from '../texts.ts';
import { checkCounts } from './brute-force.ts';
import { contentOf, create, documents, later, lines, now, type Register } from './support.ts';

export function testTexts(test: Register): void {
  test('the token stream is read at any place, and closes up where a document is taken out', async (t, {
    store,
  }) => {
    const texts = [1500, 700, 1, 900].map((length, i) =>
      Array.from({ length }, (_, at) => `w${(at * (i + 3)) % (i === 3 ? 400 : 90)}`),
    );
    await create(
      store,
      'name',
      documents,
      texts.slice(0, 2).map((text) => [text]),
    );
    const corpus = await store.open('name');
    await corpus.change((change) =>
      addTexts(
        change,
        texts.slice(2).map((text) => [text]),
      ),
    );
    const check = async (expected: string[]) =>
      corpus.read(async (snapshot) => {
        const ids = [...(await snapshot.tokenIds(expected))];
        t.equal((await snapshot.summary()).tokens, ids.length);
        for (const [first, length] of [
          [0, ids.length],
          [ids.length - 1, 1],
          [495, 3],
          [700, 0],
          [1400, 1100],
        ]) {
          const target = new Int32Array(Math.min(length, ids.length - first));
          await snapshot.readTokens(first, target);
          t.same([...target], ids.slice(first, first + length), `${length} from ${first}`);
        }
      });
    await check(texts.flat());
    await corpus.change((change) => takeBack(change, '2'));
    await check([...texts[0], ...texts[2], ...texts[3]]);
    await corpus.change((change) => addTexts(change, [[texts[1]]]));
    await check([...texts[0], ...texts[2], ...texts[3], ...texts[1]]);
    await corpus.change(async (change) => {
      const target = new Int32Array(2);
      await change.readTokens(change.tokens - 2, target);
      const ids = await corpus.read((snapshot) => snapshot.tokenIds(texts[1].slice(-2)));
      t.same([...target], [...ids], 'within a change');
    });
  });

  test('documents are listed by their ordinals, which are never given again', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']], [['b', 'c']]]);
    const corpus = await store.open('name');
    await corpus.change((change) =>
      addTexts(change, [[['d']], [['e']], [['f']]], { ids: ['5', undefined as never, 'x'], now: later }),
    );
    const listed = await corpus.read((snapshot) => snapshot.documents(0, 10));
    t.same(
      listed.map(({ ordinal, id }) => [ordinal, id]),
      [
        [1, '1'],
        [2, '2'],
        [3, '5'],
        [4, '4'],
        [5, 'x'],
      ],
    );
    t.match(listed[1], { ...describe(['b', 'c']), version: 1, createdAt: now });
    t.same(await corpus.read((snapshot) => snapshot.documents(2, 2)), listed.slice(2, 4));
    t.same(await corpus.read((snapshot) => snapshot.documents(5, 2)), []);
    const { ordinal: _, ...second } = listed[1];
    t.same(await corpus.read((snapshot) => snapshot.document('2')), second);
    t.equal(await corpus.read((snapshot) => snapshot.document('6')), undefined);
    await corpus.change(async (change) => {
      t.match(await change.document('2'), { ordinal: 2, first: 1, tokens: 2, id: '2' });
      t.match(await change.document('x'), { ordinal: 5, first: 5 });
      t.equal(await change.document('6'), undefined);
      await takeBack(change, 'x');
    });
    t.same(await corpus.read((snapshot) => snapshot.documents(0, 10)), listed.slice(0, 4));
    const since = (version: number, limit: number) =>
      corpus.read((snapshot) => snapshot.documentsSince(version, limit));
    const withoutOrdinals = listed.map(({ ordinal, ...document }) => document);
    t.same(await since(0, 10), withoutOrdinals.slice(0, 4));
    t.same(
      await since(1, 10),
      withoutOrdinals.slice(2, 4),
      'those that were added later and are still there',
    );
    t.same(await since(0, 3), withoutOrdinals.slice(1, 4), 'the last ones');
    t.same(await since(2, 10), []);
    const added = await corpus.change((change) => addTexts(change, [[['g']]]));
    t.equal(added[0].id, '6', 'a number that is free, and was not given to another');
    t.same(
      (await corpus.read((snapshot) => snapshot.documents(4, 10))).map(({ ordinal }) => ordinal),
      [6],
    );
  });

  test('a number that a document is given is not chosen for one that is added with it', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['a']]]);
    const corpus = await store.open('name');
    const ids = [undefined as never, '2', '4', undefined as never];
    const added = await corpus.change((change) =>
      addTexts(change, [[['d']], [['e']], [['f']], [['g']]], { ids, now: later }),
    );
    t.same(
      added.map(({ id }) => id),
      ['3', '2', '4', '5'],
    );
    await corpus.change(async (change) => {
      t.same((await change.takenIds(['2', 'x', '1', '9'])).sort(), ['1', '2']);
      t.same(await change.takenIds([]), []);
    });
  });

  test('files and counted ends belong to a corpus until they are removed', async (t, { store }) => {
    await create(store, 'name', documents, [[['a', 'b']]]);
    const corpus = await store.open('name');
    const pieces = [Uint8Array.of(1, 2), Uint8Array.of(255)];
    const ends = { order: 1, length: 1, ids: Uint32Array.of(1), counts: Float64Array.of(2 ** 40) };
    await corpus.change(async (change) => {
      await change.addFile('one', pieces);
      await change.addFile('two', [Uint8Array.of(7)]);
      await change.noteCountedEnds(ends, 1);
      await addTexts(change, [[['c']]]);
    });
    corpus.expectChange();
    const content = () =>
      corpus.read(async (snapshot) => {
        const found: number[][] = [];
        for await (const piece of filePieces(snapshot, 'one')) found.push([...piece]);
        const { ids, counts } = await snapshot.sequenceEnds(1);
        return { found, ends: Array.from(ids, (id, i) => [id, counts[i]]).sort(([a], [b]) => a - b) };
      });
    const before = {
      found: [[1, 2], [255]],
      ends: [
        [1, 2 ** 40],
        [2, 1],
        [3, 1],
      ],
    };
    t.same(await content(), before);
    await corpus.change(async (change) => {
      t.same(await change.filePiece('two', 0), Uint8Array.of(7));
      t.equal(await change.filePiece('two', 1), undefined);
      await change.removeFile('one');
      await change.noteCountedEnds(ends, -1);
      await addTexts(change, [[['d']]]);
    });
    corpus.expectChange();
    t.same(await content(), {
      found: [],
      ends: [
        [2, 1],
        [3, 1],
        [4, 1],
      ],
    });
  });

  test('documents have the labels that they were added with, and no others', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']]]);
    const corpus = await store.open('name');
    const both = { title: '时间机器, "1895"', date: '1895-05-07' };
    for (const labels of [both, { title: 'only' }, { date: '1895' }, {}])
      await corpus.change((change) => addTexts(change, [[['b']], [['c']]], { labels }));
    const listed = await corpus.read((snapshot) => snapshot.documents(0, 10));
    const labels = listed.map(({ ordinal, id, tokens, bytes, sha256, version, createdAt, ...rest }) => rest);
    const expected = [both, { title: 'only' }, { date: '1895' }, {}].flatMap((some) => [some, some]);
    t.same(labels, [{}, ...expected]);
    const withoutOrdinals = listed.map(({ ordinal, ...document }) => document);
    t.same(await corpus.read((snapshot) => snapshot.document('2')), withoutOrdinals[1]);
    t.same(await corpus.read((snapshot) => snapshot.documentsSince(0, 10)), withoutOrdinals);
    t.match(await corpus.change((change) => change.document('2')), both);
    t.notOk('title' in ((await corpus.change((change) => change.document('1'))) ?? {}));
  });

  test('a corpus knows what it was created from, until one of the texts is taken back', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['a']], [['b', 'c']]]);
    const corpus = await store.open('name');
    const hashes = [['a'], ['b', 'c']].map((tokens) => describe(tokens).sha256);
    t.same(await corpus.read((snapshot) => snapshot.createdFrom()), hashes);
    await corpus.change((change) => addTexts(change, [[['d']]]));
    t.same(await corpus.read((snapshot) => snapshot.createdFrom()), hashes);
    await corpus.change((change) => takeBack(change, '3'));
    t.same(await corpus.read((snapshot) => snapshot.createdFrom()), hashes);
    await corpus.change((change) => takeBack(change, '1'));
    t.equal(await corpus.read((snapshot) => snapshot.createdFrom()), undefined);
    await create(store, 'empty', documents, []);
    t.same(await (await store.open('empty')).read((snapshot) => snapshot.createdFrom()), []);
  });

  for (const settings of [documents, lines]) {
    test(`whatever is added and taken back, all is as counted by brute force: sequences of a ${settings.sequences}`, async (t, {
      store,
    }) => {
      let corpora = 0;
      const line = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 8 });
      const text = fc.array(line, { minLength: 1, maxLength: settings.sequences === 'line' ? 3 : 1 });
      const step = fc.oneof(
        fc.record({ add: fc.array(text, { minLength: 1, maxLength: 3 }) }),
        fc.record({ takeBack: fc.nat() }),
        fc.constant('maintain' as const),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(text, { maxLength: 2 }),
          fc.array(step, { maxLength: 8 }),
          async (first, steps) => {
            const name = `name-${corpora++}`;
            await create(store, name, settings, first);
            const corpus = await store.open(name);
            const there = first.map((lines, i) => ({ id: String(i + 1), lines }));
            for (const step of steps) {
              if (step === 'maintain') await corpus.maintain();
              else if ('add' in step) {
                const added = await corpus.change((change) => addTexts(change, step.add));
                there.push(...added.map(({ id }, i) => ({ id, lines: step.add[i] })));
              } else if (there.length > 0) {
                const [{ id }] = there.splice(step.takeBack % there.length, 1);
                await corpus.change((change) => takeBack(change, id));
              }
            }
            await checkCounts(
              t,
              corpus,
              there.map(({ lines }) => lines),
              store.hasAdjustedCounts,
            );
          },
        ),
        { numRuns: 30 },
      );
    });
  }

  test('maintenance changes no answer and no version, and is done some time', async (t, { store }) => {
    await create(store, 'name', documents, [[['a', 'b', 'c']]]);
    const corpus = await store.open('name');
    t.equal(await corpus.needsMaintenance(), false);
    for (let i = 0; i < 10; i++)
      await corpus.change((change) => addTexts(change, [[['b', 'c', `w${i % 4}`]]]));
    for (const id of ['3', '4', '5', '6']) await corpus.change((change) => takeBack(change, id));
    const before = await contentOf(corpus);
    await corpus.maintain();
    t.same(await contentOf(corpus), before);
    t.equal(await corpus.needsMaintenance(), false);
    corpus.expectChange();
    t.equal(await corpus.version(), before.summary.version);
  });
}
