import { Choice } from '../../parts/choice.tsx';
import { Question } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { param, setParams } from '../../place.ts';
import { useCorpora } from '../../service/corpora.ts';
import { lacks } from '../../service/kinds.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { ChosenCorpora, chosenCorpora } from './chosen-corpora.tsx';
import { Comparison, comparisonCall } from './comparison.tsx';
import { isPattern, phrasesOf } from './phrase-list.ts';
import { Substitutions } from './substitutions.tsx';

/** How frequent phrases are in several corpora, and what fits into their gaps. */
export function Phrases() {
  const all = (useCorpora().data?.items ?? []).filter((corpus) => !lacks(corpus, 'counts'));
  const corpora = chosenCorpora(all);
  const phrases = phrasesOf(param('phrases'));
  const plain = phrases.filter((phrase) => !isPattern(phrase));
  const names = corpora.map(({ name }) => name);
  const isAsked = plain.length > 0 && names.length > 0;
  const asked = comparisonCall(plain, names, param('by') === 'year');
  const answer = useAnswer(isAsked ? asked : undefined);
  return (
    <>
      <Question title="Phrases">
        <TextField
          label="Phrases, with commas between them"
          value={param('phrases')}
          placeholder="the time, the * of"
          hint="* is any word, a/b either of two, and pre~ all that begin so: these show the ten best. After a backslash, these and a comma are themselves."
          error={isAsked ? fieldError(answer.error, 'phrases') : undefined}
          onChange={(value) => setParams({ phrases: value })}
        />
        <ChosenCorpora all={all} chosen={corpora} />
        <Choice
          legend="Compare"
          value={param('by') === 'year' ? 'year' : 'all'}
          options={[
            ['all', 'Whole corpora'],
            ['year', 'Year by year'],
          ]}
          onChange={(value) => setParams({ by: value === 'all' ? '' : value })}
        />
      </Question>
      {phrases.length === 0 ? <p class="empty">Type phrases to compare them.</p> : null}
      {isAsked ? <Comparison call={asked} answer={answer} /> : null}
      {phrases.filter(isPattern).map((pattern) => (
        <div key={pattern} class="substitutions">
          {corpora.map((corpus) => (
            <Substitutions key={corpus.name} pattern={pattern} corpus={corpus} />
          ))}
        </div>
      ))}
    </>
  );
}
