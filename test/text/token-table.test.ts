import fc from 'fast-check';
import t from 'tap';
import { hashOf, randomKey, slotHash } from '../../src/text/token-hash.ts';
import { TokenTable } from '../../src/text/token-table.ts';

const intern = (table: TokenTable, token: string) => {
  const bytes = Buffer.from(`<${token}>`);
  return table.intern(bytes, 1, bytes.length - 1);
};

t.test('tokens are numbered by first appearance, and returned by their numbers', async (t) => {
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

t.test('hundreds of thousands of tokens are distinguished', async (t) => {
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

t.test('a shared copy finds its tokens and no others', async (t) => {
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
    t.equal(copy.findText(token), id, 'as a string');
});

t.test('tokens of every length are distinguished, at any position in a buffer', async (t) => {
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

t.test('a string of any length is found by its UTF-8', async (t) => {
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

t.test('tokens that differ only in some bytes collide no more often than by chance', async (t) => {
  const printable = Array.from({ length: 94 }, (_, i) => 33 + i);
  const slots = 2 ** 20;
  const firsts = printable.map((byte) => (0x616161 + (byte << 24)) | 0);
  const seconds = printable.flatMap((fifth) =>
    printable.map((seventh) => 0x610061 + (fifth << 8) + (seventh << 24)),
  );
  const tokens = firsts.length * seconds.length;
  const keys = 8;
  let pairs = 0;
  for (let i = 0; i < keys; i++) {
    const key = randomKey();
    const inSlot = new Uint32Array(slots);
    for (const first of firsts) {
      for (const second of seconds) pairs += inSlot[slotHash(key, first, second, 8) & (slots - 1)]++;
    }
  }
  const expected = (tokens * tokens) / 2 / slots;
  t.ok(pairs / keys < 2 * expected, `${pairs / keys} pairs share a slot, ${expected} by chance`);
});

t.test(
  'the hash of a long token is HalfSipHash with one round per four bytes and three at the end',
  async (t) => {
    const rotate = (n: bigint, bits: bigint) => ((n << bits) | (n >> (32n - bits))) & 0xffffffffn;
    const add = (a: bigint, b: bigint) => (a + b) & 0xffffffffn;
    const reference = (key: Int32Array, token: Uint8Array) => {
      const [k0, k1] = [...key.subarray(-2)].map((half) => BigInt.asUintN(32, BigInt(half)));
      let v = [k0, k1, 0x6c796765n ^ k0, 0x74656462n ^ k1];
      const round = () => {
        let [a, b, c, d] = v;
        a = add(a, b);
        b = rotate(b, 5n) ^ a;
        a = rotate(a, 16n);
        c = add(c, d);
        d = rotate(d, 8n) ^ c;
        a = add(a, d);
        d = rotate(d, 7n) ^ a;
        c = add(c, b);
        b = rotate(b, 13n) ^ c;
        c = rotate(c, 16n);
        v = [a, b, c, d];
      };
      const padded = Buffer.alloc(4 * Math.floor(token.length / 4) + 4);
      padded.set(token);
      padded[padded.length - 1] = token.length;
      for (let at = 0; at < padded.length; at += 4) {
        const word = BigInt(padded.readUInt32LE(at));
        v[3] ^= word;
        round();
        v[0] ^= word;
      }
      v[2] ^= 0xffn;
      for (let i = 0; i < 3; i++) round();
      return Number(BigInt.asIntN(32, v[1] ^ v[3]));
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 300 }), (token) => {
        const key = randomKey();
        const around = Buffer.concat([Buffer.from('<'), token, Buffer.from('>')]);
        t.equal(hashOf(key, around, 1, 1 + token.length), reference(key, token));
      }),
    );
  },
);
