import fc from 'fast-check';
import t from 'tap';
import { TokenTable } from '../../src/text/token-table.ts';

const intern = (table: TokenTable, token: string) => {
  const bytes = Buffer.from(`<${token}>`);
  return table.intern(bytes, 1, bytes.length - 1);
};

t.test('tokens are numbered by first appearance, and given back', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })), (tokens) => {
      const table = new TokenTable();
      const ids = tokens.map((token) => intern(table, token));
      const distinct = [...new Set(tokens)];
      t.same(
        ids,
        tokens.map((token) => distinct.indexOf(token)),
      );
      t.equal(table.size, distinct.length);
      t.same(
        distinct.map((_, id) => table.token(id)),
        distinct,
      );
    }),
  );
});

t.test('hundreds of thousands of tokens are told apart', async (t) => {
  const table = new TokenTable();
  const count = 300_000;
  for (let round = 0; round < 2; round++) {
    let wrong = 0;
    for (let i = 0; i < count; i++) if (intern(table, `t${i}`) !== i) wrong++;
    t.equal(wrong, 0);
  }
  t.equal(table.size, count);
  t.equal(table.token(123_456), 't123456');
});

t.test('a shared copy finds the tokens, and none that it does not have', async (t) => {
  const table = new TokenTable();
  for (let i = 0; i < 1000; i++) intern(table, `t${i}`);
  const copy = TokenTable.of(structuredClone(table.share()));
  const find = (token: string) => copy.find(Buffer.from(token), 0, token.length);
  t.equal(copy.size, 1000);
  t.same(
    Array.from({ length: 1000 }, (_, i) => find(`t${i}`)),
    Array.from({ length: 1000 }, (_, i) => i),
  );
  t.equal(copy.token(999), 't999');
  t.equal(find('t1000'), -1);
  for (const [token, id] of [
    ['t1', 1],
    ['t999', 999],
    ['t1000', -1],
    ['', -1],
  ] as const)
    t.equal(copy.findText(token), id, 'and finds them as texts');
});

t.test('tokens of every length are told apart, wherever they stand among bytes', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ min: 0, max: 1, minLength: 1, maxLength: 11 })), (tokens) => {
      const table = new TokenTable();
      const keys = tokens.map((token) => token.join());
      const distinct = [...new Set(keys)];
      const alone = tokens.map((token) => table.intern(token, 0, token.length));
      t.same(
        alone,
        keys.map((key) => distinct.indexOf(key)),
      );
      const text = Buffer.concat(tokens);
      let end = 0;
      const inText = tokens.map((token) => {
        end += token.length;
        return table.find(text, end - token.length, end);
      });
      t.same(inText, alone);
    }),
  );
});

t.test('a text is found under the bytes of its UTF-8, however long it is', async (t) => {
  const table = new TokenTable();
  const tokens = ['é', '狗', '😀', 'é'.repeat(170), 'é'.repeat(171), 'a'.repeat(1024), 'a'.repeat(1025)];
  for (const token of tokens) intern(table, token);
  t.same(
    tokens.map((token) => table.findText(token)),
    tokens.map((_, id) => id),
  );
  t.equal(table.findText('a'.repeat(1026)), -1);
  t.equal(table.findText('é'.repeat(512)), -1);
});
