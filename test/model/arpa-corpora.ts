/** The models and corpora whose ARPA files are tested. */
import fc from 'fast-check';
import type { EstimatorName, EstimatorParameters } from '../../src/estimators/catalogue.ts';

export const backoffModels: EstimatorName[] = [
  'witten-bell',
  'absolute-discounting',
  'kneser-ney',
  'modified-kneser-ney',
];

/** Each back-off model with parameters, and its highest order. */
export const exportable: readonly (readonly [EstimatorName, EstimatorParameters, number])[] = [
  ...backoffModels.map((name) => [name, {}, 6] as const),
  ['absolute-discounting', { discount: [1] }, 6],
  ['laplace', {}, 2],
  ['laplace', { epsilon: [0] }, 2],
  ['laplace', { epsilon: [1e-300] }, 2],
  ['laplace', { epsilon: [1e300] }, 2],
];

/** Corpora of lines and of documents, some of which are removed, with words that are no ordinary ones. */
export const corpora = fc
  .record({
    sequences: fc.constantFrom('line', 'document' as const),
    tokenizer: fc.constantFrom('whitespace', 'word', 'char' as const),
    order: fc.integer({ min: 1, max: 6 }),
  })
  .chain((settings) => {
    const marks = settings.sequences === 'document' ? ['<s>', '</s>', '<unk>'] : ['<unk>'];
    const words = ['a', 'b', 'c', 'd', 'Über', '東京', 'x'.repeat(300), ...marks];
    const many = Array.from({ length: 40 }, (_, i) => `w${i}`);
    const line = fc
      .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, fc.constantFrom(...many)), {
        minLength: 1,
        maxLength: 30,
      })
      .map((words) => words.join(' '));
    // A text without a token is refused.
    const hasToken = (text: string) => settings.tokenizer === 'whitespace' || /[A-Za-z]/.test(text);
    const text = fc
      .array(line, { minLength: 1, maxLength: 4 })
      .map((lines) => lines.join('\n'))
      .filter(hasToken);
    const texts = (minLength: number) => fc.array(text, { minLength, maxLength: 3 });
    return fc.record({ settings: fc.constant(settings), texts: texts(1), takenBack: texts(0) });
  });
