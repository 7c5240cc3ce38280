import { Panel } from '../../parts/panel.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { param, setParams } from '../../place.ts';
import { useCorpora } from '../../service/corpora.ts';
import { ChosenCorpora, chosenCorpora } from './chosen-corpora.tsx';
import { Comparison } from './comparison.tsx';
import { Substitutions } from './substitutions.tsx';

/** How frequent phrases are in several corpora, and what fits into their gaps. */
export function Phrases() {
  const corpora = chosenCorpora(useCorpora().data?.items ?? []);
  const phrases = phrasesOf(param('phrases'));
  const plain = phrases.filter((phrase) => !isPattern(phrase));
  return (
    <>
      <Panel title="Phrases">
        <TextField
          label="Phrases, with commas between them"
          value={param('phrases')}
          placeholder="the time, the * of"
          hint="* is any word, a/b either of two, and pre~ all that begin so: these show the ten best."
          onChange={(value) => setParams({ phrases: value })}
        />
        <ChosenCorpora chosen={corpora} />
      </Panel>
      {phrases.length === 0 ? <p class="empty">Type phrases to compare them.</p> : null}
      {plain.length === 0 || corpora.length === 0 ? null : <Comparison phrases={plain} corpora={corpora} />}
      {phrases.filter(isPattern).map((pattern) => (
        <div key={pattern} class="orders">
          {corpora.map((corpus) => (
            <Substitutions key={corpus.name} pattern={pattern} corpus={corpus} />
          ))}
        </div>
      ))}
    </>
  );
}

function phrasesOf(text: string): string[] {
  const phrases = text.split(',').map((phrase) => phrase.trim());
  return [...new Set(phrases)].filter((phrase) => phrase !== '');
}

function isPattern(phrase: string): boolean {
  return /[*/~]/.test(phrase);
}
