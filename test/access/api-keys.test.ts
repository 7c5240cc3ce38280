import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { findKey, parseApiKeys, shownSecret } from '../../src/access/api-keys.ts';

const secret = 'a-secret-of-some-length';
const hash = createHash('sha256').update(secret).digest('hex');

t.test('a key has a name, a scope and the corpora that it is for', async (t) => {
  const [all, some] = parseApiKeys(`ops:${secret}:admin, shop:another-secret-of-16:write:book-*`);
  t.match(all, { name: 'ops', scope: 'admin', pattern: '*' });
  t.match(some, { name: 'shop', scope: 'write', pattern: 'book-*' });
});

t.test('of a secret only its SHA-256 is kept, which may also be all that is given', async (t) => {
  const plain = parseApiKeys(`ops:${secret}:admin`);
  t.notMatch(JSON.stringify(plain), secret);
  t.same(parseApiKeys(`ops:sha256-${hash}:admin`), plain);
  t.same(parseApiKeys(`ops:sha256-${hash.toUpperCase()}:admin`), plain);
  t.equal(Buffer.from(plain[0].hash).toString('hex'), hash);
});

t.test('a secret finds its key among many, whichever it is, and no other does', async (t) => {
  const secrets = Array.from({ length: 20 }, (_, i) => `${secret}-${i}`);
  const keys = parseApiKeys(secrets.map((secret, i) => `key${i}:${secret}:read`).join());
  for (const [i, secret] of secrets.entries()) t.equal(findKey(keys, secret), keys[i]);
  const others = [secret, '', `${secrets[0]} `, Buffer.from(keys[0].hash).toString('hex'), `sha256-${hash}`];
  for (const other of others) t.equal(findKey(keys, other), undefined);
});

t.test('a wrong entry is named by its place, with what was expected', async (t) => {
  const wrong: Record<string, RegExp> = {
    '': /^entry 1 must be <name>:<secret>:<scope>/,
    [secret]: /^entry 1 must be/,
    [`a:${secret}:read:x:y`]: /^entry 1 must be/,
    [`a:${secret}:read,`]: /^entry 2 must be/,
    [`:${secret}:read`]: /^entry 1 needs a name/,
    [`a b:${secret}:read`]: /^entry 1 needs a name/,
    [`a:${secret}:read,b:${secret}x:owner`]: /^entry 2 needs a scope: read, write, admin$/,
    [`a:${secret}:Read`]: /^entry 1 needs a scope/,
    'a:0123456789abcde:read': /^entry 1 needs a secret of at least 16 characters$/,
    'a:0123456789 abcdef:read': /^entry 1 needs a secret of ASCII/,
    'a:0123456789abcdé-f:read': /^entry 1 needs a secret of ASCII/,
    'a:sha256-0123456789abcdef:read': /^entry 1 needs 64 hexadecimal digits/,
    [`a:${secret}:read:Book*`]: /^entry 1 has a corpus pattern that is not/,
    [`a:${secret}:read:`]: /^entry 1 has a corpus pattern/,
    [`a:${secret}:read,b:${secret}y:read,a:${secret}z:read`]: /^entries 1 and 3 have the same name/,
    [`a:${secret}:read,b:sha256-${hash}:admin`]: /^entries 1 and 2 have the same name or the same secret$/,
  };
  for (const [list, message] of Object.entries(wrong)) t.throws(() => parseApiKeys(list), { message }, list);
});

t.test('nothing of a wrong entry is shown, wherever the secret stands in it', async (t) => {
  // No message has such a word.
  const part = fc.stringMatching(/^[A-Za-z0-9._-]{0,35}Q0x9q$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      try {
        parseApiKeys(parts.join(':'));
      } catch (error) {
        const { message } = error as Error;
        for (const part of parts) if (message.includes(part)) t.fail(`${part}: ${message}`);
      }
    }),
  );
});

t.test('a pattern is for the corpora that it spells, where * is any text', async (t) => {
  const corpora = (pattern: string) => parseApiKeys(`a:${secret}:read:${pattern}`)[0].corpora;
  const cases: [pattern: string, matching: string[], others: string[]][] = [
    ['book-*', ['book-', 'book-1', 'book-a.b'], ['book', 'a-book-1', 'books-1', 'book\n-1']],
    ['book', ['book'], ['book1', 'abook', 'book\n']],
    ['*-en', ['a-en', '-en'], ['a-en-2', 'en']],
    ['a*b**c', ['abc', 'axbyc'], ['ab', 'acb', 'abcd']],
    ['v1.2', ['v1.2'], ['v1x2']],
    ['*', ['anything'], []],
  ];
  for (const [pattern, matching, others] of cases) {
    for (const name of matching) t.ok(corpora(pattern).test(name), `${pattern} is for ${name}`);
    for (const name of others) t.notOk(corpora(pattern).test(name), `${pattern} is not for ${name}`);
  }
});

t.test('a secret is shown as a bearer token or as X-API-Key', async (t) => {
  t.equal(shownSecret({ authorization: 'Bearer abc' }), 'abc');
  t.equal(shownSecret({ authorization: 'bearer   abc' }), 'abc');
  t.equal(shownSecret({ 'x-api-key': 'abc' }), 'abc');
  t.equal(shownSecret({ authorization: 'Basic dXNlcjpwYXNz', 'x-api-key': 'abc' }), 'abc');
  const none: Record<string, string>[] = [{}, { authorization: 'Basic abc' }, { authorization: 'Bearer' }];
  for (const headers of none) t.equal(shownSecret(headers), undefined);
});
