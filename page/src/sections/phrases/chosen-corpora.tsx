import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { corpusName, param, setParams } from '../../place.ts';

/** How many corpora are compared where the URL does not say which. */
const standard = 3;

/** The corpora that the URL names, in its order; without them, the chosen one and the first others. */
export function chosenCorpora(all: readonly Corpus[]): readonly Corpus[] {
  const names = param('corpora');
  if (names !== '')
    return names.split(',').flatMap((name) => all.find((corpus) => corpus.name === name) ?? []);
  const chosen = all.filter(({ name }) => name === corpusName.value);
  const others = all.filter(({ name }) => name !== corpusName.value);
  return [...chosen, ...others].slice(0, standard);
}

/** A choice of the corpora that are compared. */
export function ChosenCorpora({ all, chosen }: { all: readonly Corpus[]; chosen: readonly Corpus[] }) {
  const names = chosen.map(({ name }) => name);
  const toggle = (name: string) => {
    const next = names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
    if (next.length > 0) setParams({ corpora: next.join(',') });
  };
  return (
    <fieldset class="ticks">
      <legend>Corpora</legend>
      {all.map(({ name }) => (
        <label key={name} class="tick">
          <input
            type="checkbox"
            checked={names.includes(name)}
            disabled={names.length === 1 && names[0] === name}
            onChange={() => toggle(name)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
