import type { ComponentChildren } from 'preact';
import type { Probability } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { shownToken, textOf } from '../../parts/tokens.tsx';
import { useCorpus } from '../../service/corpora.ts';

interface FormulaProps {
  level: NonNullable<Probability['levels']>[number];
  epsilon: number;
  /** P(w), which every order above the first falls back to. */
  unigram: number;
  vocabularySize: number;
}

/** The formula of Laplace smoothing at one order, with letters and with numbers. */
export function Formula({ level, epsilon, unigram, vocabularySize }: FormulaProps) {
  const { order, ngram, count, context_count, probability } = level;
  const tokenizer = useCorpus()?.tokenizer;
  const word = shownToken(ngram.at(-1) ?? '');
  const context = textOf(ngram.slice(0, -1).map(shownToken), tokenizer);
  const isLowest = order === 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long formula scrolls, also by keyboard
    <section class="formula" tabIndex={0} aria-label={`The formula of order ${order}`}>
      <math>
        <Of name="P">
          <mtext>{word}</mtext>
          {isLowest ? null : (
            <>
              <mo {...flat}>|</mo>
              <mtext>{context}</mtext>
            </>
          )}
        </Of>
        <mo>=</mo>
        <mfrac>
          <mrow>
            <Of name="n">
              <mi>{isLowest ? 'w' : 'hw'}</mi>
            </Of>
            <mo>+</mo>
            <Epsilon order={order} />
            {isLowest ? <mo>/</mo> : null}
            {isLowest ? (
              <mi>m</mi>
            ) : (
              <Of name="P">
                <mi>w</mi>
              </Of>
            )}
          </mrow>
          <mrow>
            {isLowest ? (
              <mi>n</mi>
            ) : (
              <Of name="n">
                <mi>h·</mi>
              </Of>
            )}
            <mo>+</mo>
            <Epsilon order={order} />
          </mrow>
        </mfrac>
        <mo>=</mo>
        <mfrac>
          <mrow>
            <mn>{integer(count)}</mn>
            <mo>+</mo>
            <mn>{significant(epsilon, 2)}</mn>
            <mo>{isLowest ? '/' : '×'}</mo>
            <mn>{isLowest ? integer(vocabularySize) : significant(unigram)}</mn>
          </mrow>
          <mrow>
            <mn>{integer(context_count)}</mn>
            <mo>+</mo>
            <mn>{significant(epsilon, 2)}</mn>
          </mrow>
        </mfrac>
        <mo>=</mo>
        <mn>{significant(probability)}</mn>
      </math>
    </section>
  );
}

/** Of signs that have the height of a line, whatever is beside them. Preact leaves out attributes that are false. */
const flat = { stretchy: 'false' } as object;

/** A function of something. */
function Of({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <mrow>
      <mi>{name}</mi>
      <mrow>
        <mo {...flat}>(</mo>
        {children}
        <mo {...flat}>)</mo>
      </mrow>
    </mrow>
  );
}

function Epsilon({ order }: { order: number }) {
  return (
    <msub>
      <mi>ε</mi>
      <mn>{order}</mn>
    </msub>
  );
}
