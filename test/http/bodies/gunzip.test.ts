import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { gunzip } from '../../../src/http/bodies/gunzip.ts';
import { comingIn, cut, places } from './pieces.ts';

const one = gzipSync('the time machine ');
const other = gzipSync('the time traveller');
const nuls = (length: number) => Buffer.alloc(length);

t.test('members one after another are one text, wherever they are cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }),
      places,
      async (texts, at) => {
        const members = Buffer.concat(texts.map((text) => gzipSync(text)));
        t.equal((await buffer(gunzip(comingIn(cut(members, at))))).toString(), texts.join(''));
      },
    ),
    { numRuns: 100 },
  );
});

t.test('a member has a name, a comment and other things in its header', async (t) => {
  const header = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]);
  const extra = Buffer.from([2, 0, 1, 2]);
  const names = Buffer.from('book.txt.gz\0a book\0');
  const before = Buffer.concat([header, extra, names]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crc32(before) & 0xffff);
  const member = Buffer.concat([before, check, one.subarray(10)]);
  t.equal((await buffer(gunzip(comingIn([member])))).toString(), 'the time machine ');
});

t.test(
  'NULs up to the very end are padding, anything after them is an error, wherever it is cut',
  async (t) => {
    const refused = { code: 'invalid-text', message: /after its end, at byte offset/ };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), places, async (length, at) => {
        const padded = Buffer.concat([one, nuls(length)]);
        t.equal((await buffer(gunzip(comingIn(cut(padded, at))))).toString(), 'the time machine ');
        const followed = Buffer.concat([padded, other]);
        await t.rejects(buffer(gunzip(comingIn(cut(followed, at)))), {
          ...refused,
          message: new RegExp(`byte offset ${padded.length} `),
        });
      }),
      { numRuns: 50 },
    );
  },
);

t.test('other bytes after the end are an error, wherever they are cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), places, async (rest, at) => {
      fc.pre(rest.some((byte) => byte !== 0));
      const sent = Buffer.concat([one, rest]);
      await t.rejects(buffer(gunzip(comingIn(cut(sent, at)))), { code: 'invalid-text', message: /gzip/ });
    }),
    { numRuns: 100 },
  );
});

t.test('gzip that ends early is an error, wherever it ends', async (t) => {
  for (let length = 1; length < one.length; length++) {
    await t.rejects(buffer(gunzip(comingIn([one.subarray(0, length)]))), { code: 'invalid-text' });
    const second = Buffer.concat([other, one.subarray(0, length)]);
    await t.rejects(buffer(gunzip(comingIn([second]))), { code: 'invalid-text' });
  }
});

t.test('what is not gzip is an error; nothing is nothing', async (t) => {
  await t.rejects(buffer(gunzip(comingIn([Buffer.from('the time machine')]))), { code: 'invalid-text' });
  t.equal((await buffer(gunzip(comingIn([])))).length, 0);
  t.equal((await buffer(gunzip(comingIn([gzipSync('')])))).length, 0);
});

t.test('what is decompressed waits for its reader, and one who stops reading stops the sender', async (t) => {
  const megabytes = gzipSync(Buffer.alloc(64 * 2 ** 20, 'a'));
  let isOver = false;
  const sent = (async function* () {
    try {
      for (;;) yield megabytes;
    } finally {
      isOver = true;
    }
  })();
  const before = process.memoryUsage.rss();
  let read = 0;
  for await (const chunk of gunzip(sent)) {
    read += chunk.length;
    if (read > 2 ** 20) break;
  }
  t.ok(process.memoryUsage.rss() - before < 32 * 2 ** 20, 'no more than was read is in memory');
  while (!isOver) await setTimeout(5);
});

t.test('an error of the sender is the reader’s', async (t) => {
  const broken = (async function* () {
    yield one.subarray(0, 12);
    throw new Error('cut off');
  })();
  await t.rejects(buffer(gunzip(broken)), { message: 'cut off' });
});
