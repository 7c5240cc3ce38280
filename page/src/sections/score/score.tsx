import type { Corpus, components, Scores } from '../../../../clients/typescript/src/index.ts';
import { integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { chosenEstimator, EstimatorChooser, estimatorFieldNames } from '../../parts/estimator-chooser.tsx';
import { Figures } from '../../parts/figures.tsx';
import { Panel, Question } from '../../parts/panel.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { maxAddress, param, setParams } from '../../place.ts';
import { type Call, call } from '../../service/call.ts';
import { useCorpus } from '../../service/corpora.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { Ranks } from './ranks.tsx';
import { Words } from './words.tsx';

type Summary = components['schemas']['ScoreSummary'];

const standard = 'modified-kneser-ney';
const example = 'the time traveller came back\nthe thyme traveller came back\nback came the traveller time';

/** How probable lines are, as wholes and word by word. */
export function Score() {
  const corpus = useCorpus() as Corpus;
  const { name } = corpus;
  const texts = param('text')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const asked = (shape: { per_token: true } | { summary: true }) =>
    call('post', '/v1/corpora/{corpus}/score', {
      path: { corpus: name },
      query: { ...chosenEstimator({ standard }, corpus), log_base: 2, ...shape },
      json: { texts },
    });
  // One operation answers both; which of them is said by its parameters.
  const perToken = asked({ per_token: true }) as Call<Scores>;
  const summary = asked({ summary: true }) as Call<Summary>;
  const isAsked = texts.length > 0;
  const isLong = encodeURIComponent(param('text')).length > maxAddress;
  const scores = useAnswer(isAsked ? perToken : undefined);
  const totals = useAnswer(isAsked ? summary : undefined);
  return (
    <>
      <Question title="Lines">
        <TextField
          label="Lines to score"
          value={param('text')}
          rows={5}
          placeholder={example}
          hint={`Each line is scored by itself. Empty lines are left out.${isLong ? ' This text is too long to be in the address of the page.' : ''}`}
          onChange={(text) => setParams({ text })}
        />
        {isAsked ? null : (
          <div class="actions">
            <button type="button" onClick={() => setParams({ text: example }, { step: true })}>
              Use these examples
            </button>
          </div>
        )}
        <EstimatorChooser standard={standard} error={scores.error} />
      </Question>
      {isAsked ? (
        <>
          <Panel title="All lines" call={summary} table={totalsTable(name, totals.data)}>
            <Answer of={totals} shownFields={estimatorFieldNames}>
              {(total) => <Totals of={total} />}
            </Answer>
          </Panel>
          <Words call={perToken} answer={scores} />
          <Ranks call={perToken} answer={scores} />
        </>
      ) : null}
    </>
  );
}

function Totals({ of }: { of: Summary }) {
  return (
    <>
      <Figures
        of={[
          ['perplexity', significant(of.perplexity)],
          ['perplexity without unknown tokens', significant(of.perplexity_in_vocabulary)],
          ['log₂ P', significant(of.log_probability)],
          ['tokens', integer(of.tokens)],
          ['unknown tokens', integer(of.out_of_vocabulary)],
        ]}
      />
      {of.normalized === undefined ? null : <p class="note">These are scores, which do not add up to 1.</p>}
    </>
  );
}

function totalsTable(corpus: string, totals: Summary | undefined) {
  const columns = [
    'texts',
    'tokens',
    'log_probability',
    'perplexity',
    'perplexity_in_vocabulary',
    'out_of_vocabulary',
  ] as const;
  return {
    file: `${corpus}.score.csv`,
    columns,
    rows: () => (totals === undefined ? [] : [columns.map((name) => totals[name])]),
  };
}
