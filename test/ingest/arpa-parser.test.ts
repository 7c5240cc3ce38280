import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { ArpaDraft } from '../../src/ingest/arpa/arpa-draft.ts';
import { TableThread } from '../../src/ingest/arpa/table-thread.ts';
import { TextMemories, TextMemory } from '../../src/ingest/receiving/text-memory.ts';
import { tokenOf } from '../../src/text/token-table.ts';
import { temporaryFolder } from '../http/harness.ts';

/**
 * What is read of a file that arrives in chunks of this size: its words and levels, or the line and the text of its
 * error. From `threadedNGrams` n-grams on, a thread builds the table.
 */
async function readIn(t: Test, file: string, chunk: number, threadedNGrams?: number) {
  const memory = new TextMemories('tables', 2 ** 30).begin();
  const draft = new ArpaDraft(join(temporaryFolder(t), 'file'), memory, threadedNGrams);
  const bytes = Buffer.from(file);
  try {
    for (let at = 0; at < bytes.length; at += chunk) await draft.write(bytes.subarray(at, at + chunk));
    await draft.finish();
    const { words, levels, ngrams } = draft.take();
    const columns = levels.map(({ words, logProbabilities, backoffs, children }) =>
      [words, logProbabilities, backoffs, children].map((column) => [...column]),
    );
    return { words: Array.from({ length: words.size }, (_, id) => tokenOf(words, id)), columns, ngrams };
  } catch (error) {
    // What an error quotes of a line has its separators.
    return (error as Error).message.replaceAll(/(\\t)? +/g, ' ').replaceAll('\\t', ' ');
  } finally {
    await draft.dispose();
  }
}

/** The file with two separators between fields, which is not plain: each line is then read by itself. */
function spread(file: string): string {
  return file.replaceAll(/^(-.*)$/gm, (line) => line.replaceAll(/[\t ]/g, '\t '));
}

const words = [
  '<s>',
  '</s>',
  '<unk>',
  'a',
  'b',
  'ä',
  'eightbyt',
  'ninebytes',
  'a much longer word'.replaceAll(' ', '_'),
];
const numbers = [
  '-0.5',
  '-1',
  '0',
  '-99',
  '-0.30103',
  '-1.25e-3',
  '-12345678901234567',
  '-inf',
  '-.5',
  '-5.',
];

/** The lists of a file: of each order its n-grams, each with a log probability and perhaps a back-off weight. */
const lists = fc.integer({ min: 2, max: 5 }).chain((order) =>
  fc.tuple(
    ...Array.from({ length: order - 1 }, (_, i) =>
      fc.uniqueArray(
        fc.record({
          ngram: fc.array(fc.constantFrom(...words), { minLength: i + 2, maxLength: i + 2 }),
          logProbability: fc.constantFrom(...numbers),
          backoff: fc.constantFrom('', '', '-0.25', '0', '0.125', '-1e-2'),
        }),
        { selector: ({ ngram }) => ngram.join(' '), maxLength: 20 },
      ),
    ),
  ),
);

/** An ARPA file with all words as its unigrams. */
function fileOf(orders: readonly (readonly string[])[]): string {
  const unigrams = words.map((word, i) => `-${i + 1}\t${word}\t-0.${i}`);
  const all = [unigrams, ...orders];
  const counts = all.map((lines, i) => `ngram ${i + 1}=${lines.length}\n`).join('');
  const sections = all.map((lines, i) => `\n\\${i + 1}-grams:\n${lines.map((line) => `${line}\n`).join('')}`);
  return `\\data\\\n${counts}${sections.join('')}\n\\end\\\n`;
}

const linesOf = (
  list: readonly { ngram: readonly string[]; logProbability: string; backoff: string }[],
  isHighest: boolean,
) =>
  list.map(({ ngram, logProbability, backoff }) =>
    [logProbability, ngram.join(' '), ...(backoff === '' || isHighest ? [] : [backoff])].join('\t'),
  );

t.test('lines that are read together give the same table as lines that are read one by one', async (t) => {
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 400 }), async (lists, chunk) => {
      const file = fileOf(lists.map((list, i) => linesOf(list, i === lists.length - 1)));
      const together = await readIn(t, file, chunk);
      t.not(typeof together, 'string', file);
      t.same(together, await readIn(t, spread(file), chunk));
    }),
    { numRuns: 100 },
  );
});

/** What can be wrong with a line. */
const faults = [
  '0.5\ta b',
  '-0.5\ta c',
  '-0.5\ta',
  '-0.5\ta b\t-x',
  '-0.5\ta b\tinf',
  'x\ta b',
  '-0.5\ta b a b a b\t-1',
  '-0.5\ta b\r',
  '-0.5\ta\u0001b b',
  '\\3-gram',
  '',
];

t.test('a line that is wrong among plain ones is the same error as among others', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...faults),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 2 }),
      async (fault, place, order) => {
        const plain = ['<s> a', 'a b', 'b a', 'a </s>', 'b </s>'].map((ngram) => `-0.5\t${ngram}\t-0.25`);
        const orders = [plain, plain.map((line) => line.replace('\t', '\ta ')), ['-1\ta b a a']];
        orders[order].splice(place, 0, fault);
        const file = fileOf(orders);
        t.same(await readIn(t, file, 1000), await readIn(t, spread(file), 1000), fault);
      },
    ),
  );
});

t.test('thousands of n-grams are found by their beginnings, whatever their order in the file', async (t) => {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  const vocabulary = Array.from({ length: 60 }, (_, i) => `w${i}`);
  const orders = [2, 3, 4].map((order) =>
    [
      ...new Set(
        Array.from({ length: 4000 }, () => Array.from({ length: order }, () => `w${next() % 60}`).join(' ')),
      ),
    ].map((ngram) => `-${(next() % 1000) / 100}\t${ngram}`),
  );
  const unigrams = vocabulary.map((word) => `-1\t${word}`);
  const all = [unigrams, ...orders];
  const file = fileOf(orders)
    .replace(/ngram 1=\d+/, `ngram 1=${vocabulary.length}`)
    .replace(/(\\1-grams:\n)[\s\S]*?(?=\n\\2-grams)/, `$1${unigrams.join('\n')}\n`);
  const read = await readIn(t, file, 65_536);
  t.same(read, await readIn(t, spread(file), 65_536));
  t.same(
    (read as { ngrams: readonly number[] }).ngrams,
    all.map((lines) => lines.length),
  );
});

t.test('another thread builds the same table, and finds the same faults', async (t) => {
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 400 }), fc.boolean(), async (lists, chunk, repeats) => {
      const orders = lists.map((list, i) => linesOf(list, i === lists.length - 1));
      if (repeats) orders[0].push(...orders[0].slice(0, 1));
      const file = fileOf(orders);
      t.same(await readIn(t, file, chunk, 0), await readIn(t, file, chunk), file);
    }),
    { numRuns: 15 },
  );
});

t.test('of an n-gram that stands twice and a wrong line after it, the first one is named', async (t) => {
  const file = fileOf([['-0.5\ta b', '-0.25\ta b'], ['0.5\ta b a']]);
  const line = file.split('\n').lastIndexOf('-0.25\ta b') + 1;
  const expected = `Line ${line} of the ARPA file: the 2-gram "a b" stands for the second time.`;
  for (const threadedNGrams of [0, undefined]) t.equal(await readIn(t, file, 1000, threadedNGrams), expected);
});

t.test('a file whose table needs more memory than there is, in whichever thread, is refused', async (t) => {
  const bigrams = Array.from({ length: 600 }, (_, i) => `w${i}`).flatMap((word, _, words) =>
    words.map((next) => `-1\t${word} ${next}`),
  );
  const unigrams = Array.from({ length: 600 }, (_, i) => `-1\tw${i}\n`).join('');
  const file = fileOf([bigrams])
    .replace(/ngram 1=\d+/, 'ngram 1=600')
    .replace(/(\\1-grams:\n)[\s\S]*?(?=\n\\2-grams)/, `$1${unigrams}`);
  for (const threadedNGrams of [0, Number.POSITIVE_INFINITY]) {
    const memory = new TextMemories('tables', 2 ** 20).begin();
    const draft = new ArpaDraft(join(temporaryFolder(t), 'file'), memory, threadedNGrams);
    const reading = (async () => {
      await draft.write(Buffer.from(file));
      await draft.finish();
    })();
    await t.rejects(reading, { code: 'index-too-large' });
    await draft.dispose();
  }
});

t.test('a thread that dies ends the reading, and nobody waits for it', async (t) => {
  for (const module of ['process.exit(1)', 'throw new Error("no")']) {
    const memory = new TextMemory(new TextMemories('tables', 2 ** 30).begin());
    const thread = new TableThread(memory, 2, new URL(`data:text/javascript,${module}`));
    await t.rejects(thread.finish(), { code: 'unavailable', message: /has died/ });
    await t.rejects(thread.ready(), { code: 'unavailable' });
    await thread.close();
  }
});
