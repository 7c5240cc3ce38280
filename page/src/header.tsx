import { useId } from 'preact/hooks';
import { KeyField } from './key-field.tsx';
import { corpusName, linkTo, setParams } from './place.ts';
import { useCorpora } from './service/corpora.ts';

/** The name of the service, the corpus of all views, and the key. */
export function Header() {
  const id = useId();
  const names = useCorpora().data?.items.map(({ name }) => name) ?? [];
  const chosen = corpusName.value;
  const listed = chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <header class="top">
      <a class="brand" href={linkTo('start')}>
        ngramd
      </a>
      {listed.length === 0 ? null : (
        <div class="corpus-choice">
          <label for={id}>Corpus</label>
          <select
            id={id}
            value={chosen}
            onChange={(event) => setParams({ corpus: event.currentTarget.value }, { step: true })}
          >
            {listed.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
      )}
      <KeyField />
      <a class="quiet" href="docs">
        API
      </a>
    </header>
  );
}
