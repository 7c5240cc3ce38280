import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { type Chooser, chosenEstimator, chosenTitle } from '../../parts/estimator-chooser.tsx';
import { Question } from '../../parts/panel.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { Tokens } from '../../parts/tokens.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useCorpus } from '../../service/corpora.ts';
import { lacks } from '../../service/kinds.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { Continuations } from './continuations.tsx';

const choosers: readonly [Chooser, Chooser] = [
  { standard: 'laplace' },
  { prefix: 'b_', standard: 'modified-kneser-ney' },
];

/** The words that can follow a text, by two estimators. */
export function NextWord() {
  const corpus = useCorpus() as Corpus;
  const { sequences } = corpus;
  const hasOne = lacks(corpus, 'counts');
  const calls = choosers.map((chooser) => callOf(corpus, chooser));
  const answers = [useAnswer(calls[0].shown), useAnswer(hasOne ? undefined : calls[1].shown)];
  const longest = Math.max(...answers.map(({ data }) => data?.continuations[0]?.probability ?? 0));
  const [first] = answers;
  return (
    <>
      <Question title="The text so far">
        <TextField
          label="Text"
          value={param('context')}
          rows={2}
          placeholder="the time"
          onChange={(value) => setParams({ context: value })}
        />
        <div class="fields">
          <TextField
            label="Only words that begin with"
            value={param('prefix')}
            onChange={(value) => setParams({ prefix: value })}
          />
          <p class="used" role="status">
            {first.data === undefined ? null : first.data.context.length === 0 ? (
              `Nothing comes before: these are the words of the whole text${sequences === 'line' ? ', not of the beginnings of lines' : ''}.`
            ) : (
              <>
                The words are those after{' '}
                <q>
                  <Tokens of={first.data.context} />
                </q>
                .
              </>
            )}
          </p>
        </div>
      </Question>
      <div class="pair">
        {choosers.slice(0, hasOne ? 1 : 2).map((chooser, i) => (
          <Continuations
            key={i}
            title={
              hasOne
                ? `By the model of ${corpus.name}`
                : `${i === 0 ? 'First' : 'Second'}: ${chosenTitle(chooser)}`
            }
            chooser={chooser}
            call={calls[i].shown}
            all={calls[i].all}
            answer={answers[i]}
            other={hasOne ? undefined : { title: chosenTitle(choosers[1 - i]), answer: answers[1 - i] }}
            longest={longest}
          />
        ))}
      </div>
    </>
  );
}

/** How many words are shown first. */
export const firstWords = 10;

function callOf(corpus: Corpus, chooser: Chooser) {
  const { k: additive_k, ...estimator } = chosenEstimator(chooser, corpus);
  const query = { context: param('context'), prefix: param('prefix'), ...estimator, additive_k };
  const path = { corpus: corpus.name };
  const k = Math.min(Number(param('words')) || firstWords, 1000);
  return {
    shown: call('get', '/v1/corpora/{corpus}/continuations', { path, query: { ...query, k } }),
    all: call('get', '/v1/corpora/{corpus}/continuations', { path, query }),
  };
}
