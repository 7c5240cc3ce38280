import fc from 'fast-check';
import t from 'tap';
import { Access } from '../../src/access/access.ts';
import { parseApiKeys } from '../../src/access/api-keys.ts';
import { type Scope, scopes } from '../../src/access/scopes.ts';
import type { NgramdError } from '../../src/errors.ts';

const keyOf = (scope: Scope, pattern = '*') =>
  parseApiKeys(`it:a-secret-of-some-length:${scope}:${pattern}`)[0];
const scope = fc.constantFrom(...scopes);
const anonymous = fc.option(scope, { nil: undefined });

t.test('a scope allows itself and those before it, of the corpora that its key is for', async (t) => {
  const access = new Access([keyOf('read')], undefined);
  const allowed = scopes.map((has) => scopes.filter((needed) => access.allows(keyOf(has), needed, 'book')));
  t.same(allowed, [['read'], ['read', 'write'], ['read', 'write', 'admin']]);
  t.ok(access.allows(keyOf('write', 'book-*'), 'write', 'book-1'));
  t.notOk(access.allows(keyOf('write', 'book-*'), 'write', 'other'));
  t.ok(access.allows(keyOf('write', 'book-*'), 'write'), 'where no corpus is named yet');
  t.notOk(access.allows(undefined, 'read', 'book'));
});

t.test('a key only ever adds to what is allowed without one', async (t) => {
  fc.assert(
    fc.property(anonymous, scope, scope, (without, has, needed) => {
      const key = keyOf(has, 'book-*');
      const access = new Access([key], without);
      for (const corpus of ['book-1', 'other']) {
        const expected =
          access.allows(undefined, needed, corpus) ||
          (corpus === 'book-1' && scopes.indexOf(has) >= scopes.indexOf(needed));
        t.equal(access.allows(key, needed, corpus), expected);
      }
    }),
  );
  t.pass('for every scope, with and without');
});

t.test('what is not allowed is refused, and nothing else', async (t) => {
  fc.assert(
    fc.property(anonymous, fc.option(scope, { nil: undefined }), scope, (without, has, needed) => {
      const key = has && keyOf(has, 'book-*');
      const access = new Access(key ? [key] : [], without);
      for (const corpus of ['book-1', 'other', undefined]) {
        const code = key === undefined ? 'unauthorized' : 'forbidden';
        let refused: unknown;
        try {
          access.require(key, needed, corpus);
        } catch (error) {
          refused = (error as NgramdError).code;
        }
        t.equal(refused, access.allows(key, needed, corpus) ? undefined : code);
      }
    }),
  );
  t.pass('for every scope, with and without a key');
});

t.test('a refusal says which scope was needed and which there is', async (t) => {
  const message = (access: Access, key: ReturnType<typeof keyOf> | undefined, needed: Scope) => {
    try {
      access.require(key, needed, 'other');
    } catch (error) {
      return (error as NgramdError).message;
    }
    return '';
  };
  const closed = new Access([keyOf('read')], undefined);
  t.match(message(closed, undefined, 'read'), /key with the scope read: .*Authorization: Bearer.*X-API-Key/);
  t.match(message(closed, keyOf('read'), 'write'), /scope write; the key it has the scope read\./);
  t.match(message(closed, keyOf('write', 'book-*'), 'write'), /the corpora book-\*, and not for "other"/);
  t.match(message(new Access([], 'read'), undefined, 'write'), /Without a key the scope is read\./);
});

t.test('only what everyone may do is unrestricted', async (t) => {
  const restricted = (access: Access) => scopes.filter((needed) => access.restricts(needed));
  t.same(restricted(new Access([], 'admin')), []);
  t.same(restricted(new Access([], 'read')), ['write', 'admin']);
  t.same(restricted(new Access([], 'write')), ['admin']);
  t.same(restricted(new Access([keyOf('read')], undefined)), scopes);
  t.same(restricted(new Access([keyOf('read')], 'read')), scopes, 'a key that is none is refused everywhere');
});
