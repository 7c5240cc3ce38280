import Database from 'better-sqlite3';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { NgramdError } from '../../src/errors.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { openCorpusFile } from '../../src/store/store.ts';
import { startOn } from '../http/harness.ts';
import { createCorpus } from '../ingest/stored-corpus.ts';
import { openSqlite } from '../store/sqlite.ts';

const text = Array.from({ length: 400 }, (_, i) => `w${(i * i) % 97} v${(i * 7) % 31}`).join(' ');
const lines = text.replaceAll(/(\S+ \S+ \S+) /g, '$1\n');

type Sequences = 'document' | 'line';

/** A data folder with corpora of the names, of several documents, whose blocks are small. */
async function corpora(t: Test, sequences: Sequences, ...names: string[]): Promise<string[]> {
  const { store, folder, path: pathOf } = await openSqlite(t);
  const settings = { tokenizer: 'whitespace', order: 3, sequences } as const;
  const texts = [sequences === 'line' ? lines : text, 'w1 w4 w1', 'w9 v1\nw16'];
  for (const name of names) {
    const { ref } = await createCorpus(store, texts, settings, { blockNGrams: 8 });
    const database = new Database(pathOf(ref.name));
    database.prepare('VACUUM INTO ?').run(pathOf(name));
    database.close();
    await store.remove(ref.name);
  }
  return [folder, ...names.map(pathOf)];
}

function alter(path: string, change: (database: Database.Database) => void): void {
  const database = new Database(path);
  change(database);
  database.close();
}

/** What is written in SQL, or done, to a file that SQLite can read afterwards. */
const damages: Record<string, string | ((database: Database.Database) => void)> = {
  'without the unigrams': 'DELETE FROM blocks WHERE n = 1',
  'without the bigrams': 'DELETE FROM blocks WHERE n = 2',
  'without the trigrams': 'DELETE FROM blocks WHERE n = 3',
  'without the first block of unigrams':
    'DELETE FROM blocks WHERE n = 1 AND first = (SELECT min(first) FROM blocks WHERE n = 1)',
  'without the last block of unigrams':
    'DELETE FROM blocks WHERE n = 1 AND first = (SELECT max(first) FROM blocks WHERE n = 1)',
  'without one block of bigrams':
    'DELETE FROM blocks WHERE n = 2 AND first = (SELECT first FROM blocks WHERE n = 2 LIMIT 1 OFFSET 9)',
  'without the last block of trigrams':
    'DELETE FROM blocks WHERE n = 3 AND first = (SELECT max(first) FROM blocks WHERE n = 3)',
  'without a run': 'DELETE FROM runs WHERE id = (SELECT min(id) FROM runs)',
  'with a run that is taken away': 'UPDATE runs SET sign = -1 WHERE id = (SELECT min(id) FROM runs)',
  'without blocks': 'DELETE FROM blocks',
  'without a token in the middle of the vocabulary': 'DELETE FROM vocabulary WHERE id = 50',
  'without the last token of the vocabulary':
    'DELETE FROM vocabulary WHERE id = (SELECT max(id) FROM vocabulary)',
  'without a vocabulary': 'DELETE FROM vocabulary',
  'without counts of counts': 'DELETE FROM counts_of_counts',
  'with a count of counts too many':
    'UPDATE counts_of_counts SET ngrams = ngrams + 1 WHERE n = 2 AND count = 1',
  'with a count of counts too few':
    'UPDATE counts_of_counts SET ngrams = ngrams - 1 WHERE n = 3 AND count = 1',
  'with a negative count of counts':
    'UPDATE counts_of_counts SET ngrams = -1000000 WHERE n = 3 AND count = 1',
  'with another number of tokens': 'UPDATE corpus SET tokens = tokens + 1',
  'with blocks that begin with another n-gram': (database) => {
    const rows = database.prepare('SELECT run, first FROM blocks WHERE n = 2').all() as {
      run: number;
      first: Buffer;
    }[];
    const { run, first } = rows[7];
    const other = Buffer.from(first);
    other.writeUInt32BE(0xffff_fff0, 4);
    database
      .prepare('UPDATE blocks SET first = ? WHERE n = 2 AND run = ? AND first = ?')
      .run(other, run, first);
  },
  'with blocks whose bytes never end a number': (database) => {
    database.prepare('UPDATE blocks SET data = ? WHERE n = 1').run(Buffer.alloc(300, 0x80));
  },
  'with empty blocks': (database) => {
    database.prepare('UPDATE blocks SET data = ? WHERE n = 2').run(Buffer.alloc(0));
  },
};

const onlyWithDocuments: typeof damages = {
  'without the ends of documents': 'DELETE FROM sequence_ends',
  'without one end of a document':
    'DELETE FROM sequence_ends WHERE ngram = (SELECT min(ngram) FROM sequence_ends)',
  'with another end of a document': 'UPDATE sequence_ends SET count = count + 1 WHERE length(ngram) = 8',
  'with the end of a document that has no count': (database) => {
    database.prepare('INSERT INTO sequence_ends VALUES (?, 1)').run(Buffer.from('0000000100000001', 'hex'));
  },
};

const apply = (database: Database.Database, damage: (typeof damages)[string]) =>
  typeof damage === 'string' ? database.exec(damage) : damage(database);

/** Builds the index of a file. */
async function build(path: string) {
  const corpus = await openCorpusFile(path);
  try {
    return await corpus.read((snapshot) => buildTrie(snapshot));
  } finally {
    corpus.close();
  }
}

for (const sequences of ['document', 'line'] as const) {
  t.test(
    `no index is built of a file whose counts contradict each other: sequences of a ${sequences}`,
    async (t) => {
      const all = sequences === 'line' ? damages : { ...damages, ...onlyWithDocuments };
      for (const [kind, damage] of Object.entries(all)) {
        const [, path] = await corpora(t, sequences, 'victim');
        await build(path);
        alter(path, (database) => apply(database, damage));
        await t.rejects(
          build(path),
          { code: 'corpus-damaged', corpus: { name: 'victim' } },
          `a file ${kind}`,
        );
      }
    },
  );
}

t.test(
  'a byte that is altered in a block ends in an error of the file or an index, and never in a loop',
  async (t) => {
    const [, path] = await corpora(t, 'document', 'victim');
    const database = new Database(path);
    const rows = database.prepare('SELECT run, n, first, data FROM blocks').all() as {
      run: number;
      n: number;
      first: Buffer;
      data: Buffer;
    }[];
    const write = database.prepare('UPDATE blocks SET data = ? WHERE run = ? AND n = ? AND first = ?');
    let found = 0;
    let altered = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (block, at, mask) => {
        const { run, n, first, data } = rows[block % rows.length];
        const other = Buffer.from(data);
        other[at % data.length] ^= mask;
        write.run(other, run, n, first);
        altered++;
        try {
          await build(path);
        } catch (error) {
          if (!(error instanceof NgramdError) || error.code !== 'corpus-damaged') throw error;
          found++;
        } finally {
          write.run(data, run, n, first);
        }
      }),
      { numRuns: 300 },
    );
    database.close();
    t.ok(found > 0.95 * altered, `${found} of ${altered} were found`);
  },
);

t.test(
  'Kneser–Ney of a damaged file is a problem that names it, and the healthy corpus beside it answers',
  async (t) => {
    for (const kind of [
      'without the first block of unigrams',
      'without one block of bigrams',
      'without the ends of documents',
    ]) {
      const [folder, healthy, victim] = await corpora(t, 'document', 'healthy', 'victim');
      await build(healthy);
      alter(victim, (database) => apply(database, { ...damages, ...onlyWithDocuments }[kind]));
      const { api, app } = await startOn(t, folder);
      const ask = (corpus: string) =>
        api.get(`/v1/corpora/${corpus}/probability`).query({ word: 'w1', estimator: 'modified-kneser-ney' });
      const [one, other, again] = await Promise.all([ask('victim'), ask('healthy'), ask('victim')]);
      t.equal(other.status, 200, kind);
      for (const { status, body } of [one, again]) {
        t.equal(status, 500, kind);
        t.equal(body.type, '/problems#corpus-damaged');
        t.match(body.detail, /damaged\/victim-/);
      }
      t.equal((await ask('healthy')).status, 200);
      await app.close();
    }
  },
);

t.test(
  'what is missing in a file is found by the questions that need it, also where no index is built',
  async (t) => {
    const questions: Record<string, string> = {
      'without a vocabulary': '/v1/corpora/victim/continuations',
      'without the first block of unigrams': '/v1/corpora/victim/continuations?context=w1',
    };
    for (const [kind, path] of Object.entries(questions)) {
      const [folder, victim] = await corpora(t, 'document', 'victim');
      alter(victim, (database) => apply(database, damages[kind]));
      const { api, app } = await startOn(t, folder, { INDEX_MEMORY_BYTES: '0' });
      t.equal((await api.get(path)).body.type, '/problems#corpus-damaged', kind);
      await app.close();
    }
  },
);

t.test('a text is not generated for ever where the vocabulary has more words than are counted', async (t) => {
  const [folder, victim] = await corpora(t, 'document', 'victim');
  alter(victim, (database) => apply(database, damages['without the last block of unigrams']));
  const { api } = await startOn(t, folder, { INDEX_MEMORY_BYTES: '0' });
  const question = { seed: 1, max_tokens: 200, estimator: 'laplace' };
  const { body } = await api.post('/v1/corpora/victim/generate').send(question);
  t.equal(body.type, '/problems#corpus-damaged');
});
