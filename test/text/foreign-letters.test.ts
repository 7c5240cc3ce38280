import t from 'tap';
import { droppedLettersNote, ForeignLetters } from '../../src/text/foreign-letters.ts';
import type { TokenizerName } from '../../src/text/tokenizer.ts';

const counted = (tokenizer: TokenizerName, ...chunks: string[]) => {
  const letters = new ForeignLetters(tokenizer);
  for (const chunk of chunks) letters.add(Buffer.from(chunk));
  return letters.take();
};

t.test('letters beyond A–Z are counted, and nothing that is no letter', async (t) => {
  t.same(counted('word', 'Grüße, “Öl” — 3 €!'), { letters: 7, dropped: 3 });
  t.same(counted('char', '时间机器 abc 😀'), { letters: 7, dropped: 4 });
  t.same(counted('word', 'ab', 'cé'), { letters: 4, dropped: 1 }, 'chunk by chunk');
  t.same(counted('word', ''), { letters: 0, dropped: 0 });
});

t.test('tokenizers that read every letter drop none', async (t) => {
  for (const tokenizer of ['unicode', 'whitespace'] as const) {
    t.equal(counted(tokenizer, 'Öl и время').dropped, 0);
  }
});

t.test('each text is counted for itself', async (t) => {
  const letters = new ForeignLetters('word');
  letters.add(Buffer.from('é'));
  letters.take();
  t.same(letters.take(), { letters: 0, dropped: 0 });
});

t.test('of a long text, pieces all over it are looked at', async (t) => {
  const { letters, dropped } = counted('word', `${'the time '.repeat(4000)}${'время и час '.repeat(2000)}`);
  t.ok(letters < 5000, 'not all of it');
  t.ok(dropped / letters > 0.2 && dropped / letters < 0.5);
});

t.test('there is a note where more than a tenth of the letters is in no token', async (t) => {
  t.equal(droppedLettersNote('word', [{ letters: 100, dropped: 10 }]), undefined);
  t.equal(droppedLettersNote('word', [{ letters: 0, dropped: 0 }]), undefined);
  t.match(droppedLettersNote('word', [{ letters: 100, dropped: 11 }]), /word .* 11 % .*tokenizer=unicode/);
  const english = { letters: 1000, dropped: 0 };
  t.equal(
    droppedLettersNote('char', [english, { letters: 50, dropped: 50 }]),
    undefined,
    'of all texts together',
  );
});
