import fc from 'fast-check';
import t from 'tap';
import type { EstimatorName, EstimatorParameters } from '../../src/estimators/catalogue.ts';
import { UNSEEN } from '../../src/index/count-index.ts';
import { countedIds } from '../../src/index/count-source.ts';
import type { Sequences } from '../../src/text/reserved.ts';
import { reservedId } from '../../src/text/reserved.ts';
import { writeArpa } from './arpa-files.ts';
import { ArpaReader } from './arpa-reader.ts';
import { corpusOf, type ResidentModel } from './models.ts';
import { scoreLines } from './scored.ts';

/** Each estimator that can be exported, with parameters. */
const exportable: readonly (readonly [EstimatorName, EstimatorParameters])[] = [
  ['modified-kneser-ney', {}],
  ['kneser-ney', {}],
  ['absolute-discounting', {}],
  ['absolute-discounting', { discount: [1] }],
  ['absolute-discounting', { discount: [0] }],
  ['witten-bell', {}],
  ['laplace', {}],
  ['laplace', { epsilon: [0.3] }],
  ['laplace', { epsilon: [0] }],
  ['laplace', { epsilon: [1e4] }],
];

/** The file has seven decimal places. */
const perWord = 1e-6;

/** How a text or a context is split into words; the corpora here are split at white space. */
const wordsOf = (text: string) => text.split(' ').filter((word) => word !== '');

/** log10 P of each word of a line as ngramd scores it. */
async function scored(model: ResidentModel, line: string): Promise<number[]> {
  const [score] = await scoreLines(model, { bos: true, eos: true, perToken: true }, Buffer.from(line), true);
  return (score.perToken ?? []).map(({ logProbability }) => logProbability / Math.LN10);
}

/** log10 P(w|h), with words read as in single questions. */
async function asked(model: ResidentModel, context: readonly string[], word: string): Promise<number> {
  const { index, estimator, idOf, settings, order } = model;
  const given = order === 1 ? [] : context.slice(1 - order).map(idOf);
  const ids = await countedIds(index, given, reservedId(settings, '<s>'));
  const id = index.hasWord(idOf(word)) ? idOf(word) : index.unknown;
  const probability = estimator.probability(index.levels(ids, id, estimator.reads(ids.length + 1)));
  return Math.log10(probability as number);
}

/** log10 P of each word of a line as scored by a reader of the file. */
function read(file: ArpaReader, line: string, sequences: Sequences): number[] {
  const words = wordsOf(line);
  const whole = sequences === 'line' ? ['<s>', ...words, '</s>'] : words;
  return whole.flatMap((word, i) =>
    sequences === 'line' && i === 0 ? [] : [file.logProbability(whole.slice(0, i), word)],
  );
}

const agree = (a: number, b: number) => a === b || Math.abs(a - b) <= perWord;

const anyLine = (words: readonly string[], most: number) =>
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: most }).map((line) => line.join(' '));

/**
 * Corpora with or without a literal <unk>, of several documents, some of which are removed, so that words become
 * unknown.
 */
const corporaOf = (sequences: Sequences, isCounted: boolean) =>
  fc
    .record({
      order: fc.integer({ min: 1, max: 4 }),
      // In a corpus of lines each line is enclosed in <s> and </s>, and no text may contain them. In a corpus of
      // documents they are words if the text has them; if not, the file has them without probability, for readers that
      // require them.
      marks: fc.subarray(sequences === 'document' ? ['<s>', '</s>', '<UNK>'] : ['<UNK>']),
    })
    .chain(({ order, marks }) => {
      const literal = isCounted ? ['<unk>', ...marks] : marks;
      const words = ['a', 'b', 'c', 'd', ...literal];
      const documents = (least: number, of: readonly string[]) =>
        fc.array(fc.array(anyLine(of, 8), { minLength: 1, maxLength: 3 }), {
          minLength: least,
          maxLength: 3,
        });
      return fc.record({
        settings: fc.constant({ sequences, order }),
        texts: documents(1, words).map((texts) => [...texts, [['a', ...literal].join(' ')]]),
        takenBack: documents(0, [...words, 'once']),
        lines: fc.array(anyLine([...words, '<unk>', 'once', 'never', 'nowhere'], 7), {
          minLength: 1,
          maxLength: 4,
        }),
        contexts: fc.array(
          fc.record({
            context: fc.array(
              fc.constantFrom(
                ...words,
                '<unk>',
                'never',
                ...(sequences === 'line' ? ['<s>', '</s>'] : literal),
              ),
              {
                maxLength: order,
              },
            ),
            word: fc.constantFrom(
              ...words,
              '<unk>',
              'never',
              'once',
              ...(sequences === 'line' ? ['</s>'] : []),
            ),
          }),
          { minLength: 5, maxLength: 12 },
        ),
      });
    });

for (const sequences of ['document', 'line'] as const)
  for (const isCounted of [true, false])
    t.test(
      `a reader of the exported file and the model give the same scores, for all estimators, orders and texts: ${sequences}, <unk> is ${isCounted ? 'counted' : 'not counted'}`,
      async (t) => {
        await fc.assert(
          fc.asyncProperty(
            corporaOf(sequences, isCounted),
            async ({ settings, texts, takenBack, lines, contexts }) => {
              const corpus = corpusOf(
                t,
                texts.map((text) => text.join('\n')),
                settings,
                takenBack.map((text) => text.join('\n')),
              );
              for (const [estimator, parameters] of exportable) {
                for (let order = 1; order <= settings.order; order++) {
                  if (estimator === 'laplace' && order > 2) continue;
                  await corpus.ask(
                    estimator,
                    async (model) => {
                      const file = new ArpaReader(await writeArpa(model));
                      const about = `${estimator} ${JSON.stringify(parameters)} of order ${order}`;
                      for (const line of lines) {
                        const ours = await scored(model, line);
                        const theirs = read(file, line, settings.sequences);
                        const isSame =
                          ours.length === theirs.length && ours.every((p, i) => agree(p, theirs[i]));
                        if (!isSame)
                          throw new Error(`${about}: ${line} has ${ours}, and in the file ${theirs}`);
                      }
                      for (const { context, word } of contexts) {
                        const ours = await asked(model, context, word);
                        const theirs = file.logProbability(context, word);
                        if (!agree(ours, theirs)) {
                          throw new Error(
                            `${about}: ${word} after ${context} has ${ours}, and in the file ${theirs}`,
                          );
                        }
                      }
                      t.equal(model.index.unknown !== UNSEEN, isCounted);
                    },
                    parameters,
                    order,
                  );
                }
              }
            },
          ),
          { numRuns: 7 },
        );
      },
    );
