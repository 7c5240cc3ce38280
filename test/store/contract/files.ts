import { filePieces, type Snapshot } from '../../../src/store/store.ts';
import { create, lines, type Register } from './support.ts';

async function read(snapshot: Snapshot, name: string): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of filePieces(snapshot, name)) pieces.push(Buffer.from(piece).toString());
  return pieces;
}

/** What the contract says of the files that belong to a corpus. */
export function testFiles(test: Register): void {
  test('files come back in the pieces in which they were added', async (t, { store }) => {
    const content = { kind: 'arpa', ngrams: [2, 1] } as const;
    await create(store, 'model', { ...lines, order: 2, content }, []);
    const corpus = await store.open('model');
    await corpus.change(async (change) => {
      await change.addFile(
        'one',
        ['first', 'second', ''].map((piece) => Buffer.from(piece)),
      );
      await change.addFile('other', [Buffer.from('third')]);
    });
    await corpus.read(async (snapshot) => {
      t.same(await read(snapshot, 'one'), ['first', 'second', '']);
      t.same(await read(snapshot, 'other'), ['third']);
      t.same(await read(snapshot, 'none'), []);
      t.match(await snapshot.summary(), {
        content,
        vocabularySize: 2,
        ngrams: [
          { order: 1, distinct: 2, total: 0 },
          { order: 2, distinct: 1, total: 0 },
        ],
      });
    });
  });

  test('a file of a change that fails is not there', async (t, { store }) => {
    await create(store, 'model', { ...lines, order: 1, content: { kind: 'arpa', ngrams: [1] } }, []);
    const corpus = await store.open('model');
    const change = corpus.change(async (change) => {
      await change.addFile('one', [Buffer.from('first')]);
      throw new Error('no');
    });
    await t.rejects(change, { message: 'no' });
    t.same(await corpus.read((snapshot) => read(snapshot, 'one')), []);
  });
}
