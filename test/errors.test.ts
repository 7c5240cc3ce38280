import Database from 'better-sqlite3';
import t from 'tap';
import { NgramdError, outcomeOf, resultOf } from '../src/errors.ts';

t.test('a full database becomes the problem disk-full, which can be sent between threads', async (t) => {
  const database = new Database(':memory:');
  database.exec('CREATE TABLE texts (text)');
  database.pragma('max_page_count = 10');
  const insert = database.prepare('INSERT INTO texts VALUES (zeroblob(?))');
  const outcome = structuredClone(outcomeOf(() => insert.run(100_000)));
  t.throws(() => resultOf(outcome), {
    name: 'NgramdError',
    code: 'disk-full',
    message: /SQLITE_FULL/,
  });
  t.equal(resultOf(outcomeOf(() => insert.run(100).changes)), 1);
});

t.test('an NgramdError keeps its fields between threads, and any other error is unchanged', async (t) => {
  const errors = [{ pointer: '/a', detail: 'is wrong' }];
  const own = () => {
    throw new NgramdError('invalid-request', 'Wrong.', errors);
  };
  t.throws(() => resultOf(structuredClone(outcomeOf(own))), { code: 'invalid-request', errors });
  const other = new TypeError('a mistake');
  const mistaken = () => {
    throw other;
  };
  t.throws(() => resultOf(outcomeOf(mistaken)), other);
});
