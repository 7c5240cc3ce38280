import { useEffect } from 'preact/hooks';
import type { Corpus, Probability } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SliderField } from '../../parts/slider-field.tsx';
import { Table } from '../../parts/table.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { Tokens, textOf } from '../../parts/tokens.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { noteChange, useAnswer } from '../../service/use-answer.ts';
import { Formula } from './formula.tsx';

/** The exponents of ten that the sliders of ε reach. */
const reach = 4;
const subscripts = '₁₂₃₄₅₆';

/** How Laplace smoothing makes a probability of counts, with the service's own numbers. */
export function Laplace({ corpus }: { corpus: Corpus }) {
  const { name, order, tokenizer } = corpus;
  const path = { corpus: name };
  const commonest = useAnswer(
    call('get', '/v1/corpora/{corpus}/ngrams', { path, query: { order, limit: 1 } }),
  ).data?.items[0]?.ngram;
  const isTyped = param('word') !== '';
  const word = isTyped ? param('word') : (commonest?.at(-1) ?? '');
  const context = isTyped ? param('context') : textOf(commonest?.slice(0, -1) ?? [], tokenizer);
  const epsilons = chosenEpsilons(order);
  const asked = call('get', '/v1/corpora/{corpus}/probability', {
    path,
    query: { context, word, estimator: 'laplace', epsilon: epsilons, explain: true },
  });
  const answer = useAnswer(word === '' ? undefined : asked);
  const { levels = [], estimator } = answer.data ?? {};
  return (
    <Panel
      title="Laplace smoothing"
      lead="A count becomes a probability. The larger ε, the more of it comes from the single tokens."
      call={asked}
      table={{
        file: `${name}.laplace.csv`,
        columns: ['order', 'ngram', 'count', 'context_count', 'epsilon', 'probability'],
        rows: () =>
          levels.map(({ order, ngram, count, context_count, probability }) => [
            order,
            ngram.join(' '),
            count,
            context_count,
            estimator?.name === 'laplace' ? estimator.epsilon[order - 1] : undefined,
            probability,
          ]),
      }}
    >
      <div class="fields">
        <TextField
          label="Context"
          value={context}
          hint={
            order === 1 ? 'A model of single tokens uses none.' : `Its last ${order - 1} tokens are used.`
          }
          onChange={(value) => setParams({ context: value, word })}
        />
        <TextField
          label="Word"
          value={word}
          error={fieldError(answer.error, 'word')}
          onChange={(value) => setParams({ context, word: value })}
        />
      </div>
      <div class="fields">
        {epsilons.map((epsilon, i) => (
          <SliderField
            key={i}
            label={`ε${subscripts[i]}`}
            value={Math.log10(epsilon)}
            min={-reach}
            max={reach}
            step={0.1}
            text={significant(epsilon, 2)}
            onChange={(value) => {
              const changed = epsilons.with(i, Number((10 ** value).toPrecision(2)));
              setParams({ epsilon: changed.every((each) => each === 1) ? '' : changed.join(',') });
            }}
          />
        ))}
      </div>
      <Answer of={answer} shownFields={['word']}>
        {(probability) => <Levels of={probability} corpus={corpus} />}
      </Answer>
    </Panel>
  );
}

/** The ε of each order; the last that the URL has also applies to higher orders. */
function chosenEpsilons(order: number): number[] {
  const given = param('epsilon')
    .split(',')
    .map(Number)
    .filter((epsilon) => epsilon > 0);
  return Array.from({ length: order }, (_, i) => given[i] ?? given.at(-1) ?? 1);
}

interface LevelsProps {
  of: Probability;
  corpus: Corpus;
}

function Levels({
  of: { version, probability, levels = [], in_vocabulary, note, word, estimator },
  corpus,
}: LevelsProps) {
  // The formula has the size of the vocabulary, which is another in another version.
  const isOlder = corpus.version !== version;
  useEffect(() => {
    if (isOlder) noteChange();
  }, [isOlder]);
  if (estimator.name !== 'laplace') return null;
  return (
    <>
      <p role="status" class="result">
        P = <strong>{significant(probability)}</strong>
        {in_vocabulary ? null : <> The corpus does not have “{word}”: its count is 0 at every order.</>}
        {note === undefined ? null : ` ${note}`}
      </p>
      <Table
        caption="The counts of each order"
        rows={levels}
        columns={[
          { title: 'Order', isNumber: true, cell: ({ order }) => order },
          { title: 'N-gram', isName: true, cell: ({ ngram }) => <Tokens of={ngram} /> },
          { title: 'n(hw)', isNumber: true, cell: ({ count }) => integer(count) },
          { title: 'n(h·)', isNumber: true, cell: ({ context_count }) => integer(context_count) },
          { title: 'ε', isNumber: true, cell: ({ order }) => significant(estimator.epsilon[order - 1], 2) },
          { title: 'P(w | h)', isNumber: true, cell: ({ probability }) => significant(probability) },
        ]}
      />
      <div class="formulas">
        {levels.map((level) => (
          <Formula
            key={level.order}
            level={level}
            epsilon={estimator.epsilon[level.order - 1]}
            unigram={levels.at(-1)?.probability ?? 0}
            vocabularySize={corpus.vocabulary_size}
          />
        ))}
      </div>
    </>
  );
}
