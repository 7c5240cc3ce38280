import fc from 'fast-check';
import t from 'tap';
import { normalForm } from '../../src/text/normal-form.ts';
import { longNastyText, nastyText } from './nasty-texts.ts';

t.test('a text with at most 512 marks in a row is put into Normalization Form C', async (t) => {
  const text = fc.tuple(longNastyText, nastyText).map(([long, short]) => long + short);
  fc.assert(
    fc.property(text, (text) => {
      if (/\p{M}{512}/u.test(text)) return;
      t.equal(normalForm(text), text.normalize('NFC'));
    }),
    { numRuns: 500 },
  );
  for (const marks of ['\u0301\u0327', '\u{1d165}\u{1d16d}\u0327']) {
    const run = marks.repeat(512 / marks.length);
    const almost = `${'x'.repeat(300)}e${run}${'y'.repeat(600)}e${run}z`;
    t.equal(normalForm(almost), almost.normalize('NFC'), 'exactly 512 marks');
  }
});

t.test('more than 512 marks in a row are normalized in parts of 512, wherever the run begins', async (t) => {
  const marks = '\u0301\u0327'.repeat(2000);
  const expected = [`e${marks.slice(0, 512)}`, ...(marks.slice(512).match(/.{1,512}/gsu) ?? [])]
    .map((part) => part.normalize('NFC'))
    .join('');
  for (const before of ['', 'a', 'b'.repeat(511), 'é\u0301'.repeat(1000)]) {
    t.equal(normalForm(`${before}e${marks}f`), `${before.normalize('NFC')}${expected}f`);
  }
});
