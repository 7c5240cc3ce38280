import fc from 'fast-check';
import t from 'tap';
import { StoppedText } from '../../src/model/stop-sequences.ts';

const pieces = fc.array(fc.stringMatching(/^[ab ]{0,3}$/), { maxLength: 12 });
const stops = fc.array(fc.stringMatching(/^[ab ]{0,4}$/), { maxLength: 4 });

t.test('a text ends before the first stop sequence, however it is split into pieces', async (t) => {
  fc.assert(
    fc.property(pieces, stops, (pieces, stops) => {
      const text = new StoppedText(stops);
      let sent = '';
      for (const piece of pieces) {
        if (text.isStopped) break;
        sent += text
          .add({ text: piece })
          .map((piece) => piece.text)
          .join('');
      }
      if (!text.isStopped)
        sent += text
          .end()
          .map((piece) => piece.text)
          .join('');
      const whole = pieces.join('');
      const found = stops.filter((stop) => stop !== '').map((stop) => whole.indexOf(stop));
      const firstEnd = stops
        .filter((stop) => stop !== '' && whole.includes(stop))
        .map((stop) => whole.indexOf(stop) + stop.length);
      if (firstEnd.length === 0) t.equal(sent, whole);
      else {
        t.ok(text.isStopped);
        t.ok(whole.startsWith(sent) && found.includes(sent.length), JSON.stringify([pieces, stops, sent]));
      }
    }),
    { numRuns: 1000 },
  );
});

t.test('what cannot belong to a stop sequence is not held back', async (t) => {
  const text = new StoppedText(['the end']);
  const add = (piece: string) => text.add({ text: piece }).map((piece) => piece.text);
  t.same(add('of'), ['of']);
  t.same(add(' the'), []);
  t.same(add(' time'), [' the', ' time']);
  t.same(add(' the'), []);
  t.same(add(' end'), [' ']);
  t.ok(text.isStopped);
});
