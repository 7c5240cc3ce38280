import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { ArpaIndex } from '../../src/index/arpa/arpa-index.ts';
import { readTable, tablePieces } from '../../src/index/arpa/stored-table.ts';
import { ArpaDraft } from '../../src/ingest/arpa/arpa-draft.ts';
import { TextMemories } from '../../src/ingest/receiving/text-memory.ts';
import { ListedModel } from '../../src/model/listed/listed-model.ts';
import type { CorpusSettings, Snapshot } from '../../src/store/store.ts';
import { tokenOf } from '../../src/text/token-table.ts';
import { temporaryFolder } from '../http/harness.ts';
import { ArpaReader } from './arpa-reader.ts';

const tableMemory = () => new TextMemories('tables', 2 ** 30).begin();

/** The model of a file that arrives in chunks of this size, as it is read back from the store. */
async function modelOf(t: Test, file: string, chunk = 1000): Promise<ListedModel> {
  const path = join(temporaryFolder(t), 'arpa');
  const draft = new ArpaDraft(path, tableMemory());
  const bytes = Buffer.from(file);
  for (let at = 0; at < bytes.length; at += chunk) await draft.write(bytes.subarray(at, at + chunk));
  await draft.finish();
  const { words, levels, ranked, ngrams } = draft.take();
  const pieces = [...tablePieces({ levels, ranked })];
  const settings: CorpusSettings = {
    tokenizer: 'whitespace',
    sequences: 'line',
    order: levels.length,
    content: { kind: 'arpa', ngrams },
  };
  const tokens = Array.from({ length: words.size }, (_, id) => tokenOf(words, id));
  const snapshot = {
    ref: { name: 'm', id: '1' },
    version: 1,
    settings,
    filePiece: async (_: string, number: number) => pieces[number],
    vocabulary: async function* () {
      yield tokens;
    },
  };
  return new ListedModel({
    settings,
    index: new ArpaIndex(await readTable(snapshot as unknown as Snapshot)),
  });
}

const words = ['<unk>', '<s>', '</s>', 'a', 'b', 'c', 'ä'];

/** N-grams of words, some of which begin or end with n-grams that are not listed. */
const ngramsArbitrary = fc.integer({ min: 1, max: 6 }).chain((order) =>
  fc.tuple(
    ...Array.from({ length: order - 1 }, (_, i) =>
      fc.uniqueArray(fc.array(fc.constantFrom(...words), { minLength: i + 2, maxLength: i + 2 }), {
        selector: (ngram) => ngram.join(' '),
        maxLength: 12,
      }),
    ),
  ),
);

/** Numbers from 0 to 1 that a seed determines (Park and Miller, 1988). */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Listed {
  readonly text: string;
  /** The same without what readers may leave out. */
  readonly plain: string;
}

/** A file, written in one of the ways in which tools write it. */
const fileArbitrary: fc.Arbitrary<Listed> = fc
  .tuple(
    ngramsArbitrary,
    fc.integer({ min: 1, max: 2 ** 30 }),
    fc.record({ separator: fc.constantFrom('\t', ' ', ' \t'), end: fc.constantFrom('\n', '\r\n', '\n\n') }),
  )
  .map(([longer, seed, { separator, end }]) => {
    const random = numbersOf(seed);
    const number = () => -Math.ceil(random() * 5_000_000) / 1e6;
    const isChosen = () => random() < 0.5;
    const orders = [words.map((word) => [word]), ...longer];
    const header = orders.map((ngrams, i) => `ngram ${i + 1}=${ngrams.length}`);
    const lists = orders.map((ngrams, i) => ({
      title: `\\${i + 1}-grams:`,
      lines: ngrams.map((ngram) => {
        const probability = number();
        const backoff = i + 1 === orders.length || isChosen() ? undefined : number();
        return { ngram: ngram.join(' '), probability, backoff };
      }),
    }));
    const write = (tab: string, lineEnd: string, numberText: (value: number) => string) =>
      [
        '\\data\\',
        ...header,
        '',
        ...lists.flatMap(({ title, lines }) => [
          title,
          ...lines.map(({ ngram, probability, backoff }) =>
            [numberText(probability), ngram, ...(backoff === undefined ? [] : [numberText(backoff)])].join(
              tab,
            ),
          ),
          '',
        ]),
        '\\end\\',
        '',
      ].join(lineEnd);
    return {
      text: write(separator, end, (value) => (isChosen() ? String(value) : value.toExponential())),
      plain: write('\t', '\n', String),
    };
  });

const contextArbitrary = fc.array(fc.constantFrom('a', 'b', 'c', 'ä', 'zebra', '<s>'), { maxLength: 7 });
const nextWords = words.filter((word) => word !== '<s>');

t.test('probabilities, continuations, distributions and rows are those of the listed n-grams', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fileArbitrary,
      contextArbitrary,
      fc.integer({ min: 1, max: 100 }),
      async (file, context, chunk) => {
        const model = await modelOf(t, file.text, chunk);
        const reader = new ArpaReader(file.plain);
        const tokens = [...(model.vocabulary.tokenIds([...context, ...nextWords]) as Int32Array)];
        const counted = model.countedIds(tokens, 1) as number[];
        const history = counted.slice(0, context.length).slice(Math.max(0, context.length - model.order + 1));
        const ids = counted.slice(context.length);
        const expected = nextWords.map((word) => reader.logProbability(context, word));
        const found = model.probabilities(
          ids.map((word) => ({ context: history, word, own: word })),
          true,
        );
        const close = (probability: number, i: number) =>
          Math.abs(Math.log10(probability) - expected[i]) < 1e-6;
        const isRight = found.every(({ probability }, i) => close(probability as number, i));
        const best = model.continuations(history, { k: 3 });
        const all = ids
          .map((word, i) => ({ word, probability: found[i].probability as number }))
          .sort((a, b) => b.probability - a.probability || a.word - b.word);
        const groups = model.distribution(history);
        const scorer = model.rows({ capacity: 16, seen: true });
        const row = Int32Array.from([...history, ids[3]]);
        const length = row.length;
        void scorer.read({
          ids: row,
          before: Uint8Array.from(row, (_, i) => i),
          isWord: Uint8Array.from(row, (_, i) => (i === length - 1 ? 1 : 0)),
          length,
        });
        return (
          isRight &&
          JSON.stringify(best) === JSON.stringify(all.slice(0, 3)) &&
          groups.reduce((sum, { size }) => sum + size, 0) === nextWords.length &&
          groups.every(({ probability, pick }) => {
            const word = pick(() => 0);
            return all.find((item) => item.word === word)?.probability === probability;
          }) &&
          scorer.probabilities[length - 1] === found[3].probability
        );
      },
    ),
    { numRuns: 150 },
  );
});

t.test('an unknown word of a file without <unk> has what KenLM gives it', async (t) => {
  const model = await modelOf(
    t,
    '\\data\\\nngram 1=3\nngram 2=1\n\n\\1-grams:\n-99\t<s>\t-0.5\n-0.3\t</s>\n-0.2\ta\t-0.25\n\n\\2-grams:\n-0.1\ta </s>\n\n\\end\\\n',
  );
  const logOf = (context: number[], word: number) =>
    Math.log10(model.probabilities([{ context, word, own: word }], false)[0].probability as number);
  t.ok(Math.abs(logOf([], -1) + 100) < 1e-6);
  t.ok(Math.abs(logOf([3], -1) + 100.25) < 1e-6);
  t.same(model.nextWords([0, 1, 2, 3]), [2, 3]);
});

t.test('-inf is the probability 0, -99 is a number, and <UNK> is <unk>', async (t) => {
  const model = await modelOf(
    t,
    '\\data\\\nngram 1=3\n\n\\1-grams:\n-inf\t<UNK>\n-99\tä\n-1.5e-1\tb\n\n\\end\\\n',
  );
  const ids = model.countedIds(
    [...(model.vocabulary.tokenIds(['zebra', 'ä', 'b']) as Int32Array)],
    undefined,
  );
  const found = model.probabilities(
    ids.map((word) => ({ context: [], word, own: word })),
    false,
  );
  t.equal(found[0].probability, 0);
  t.ok(Math.abs((found[1].probability as number) / 1e-99 - 1) < 1e-9);
  t.ok(Math.abs(Math.log10(found[2].probability as number) + 0.15) < 1e-6);
  t.same(
    model.continuations([], { k: 3 }).map(({ word }) => word),
    [4, 3, 0],
  );
});

t.test('a draft that is given up leaves no file', async (t) => {
  const path = join(temporaryFolder(t), 'arpa');
  const draft = new ArpaDraft(path, tableMemory());
  await draft.write(Buffer.from(`\\data\\\nngram 1=200000\nngram 2=1\n\n\\1-grams:\n${lines(100_000)}`));
  t.ok(existsSync(path));
  await draft.dispose();
  t.notOk(existsSync(path));
});

function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => `-1.25\tw${i}\t-0.5\n`).join('');
}
