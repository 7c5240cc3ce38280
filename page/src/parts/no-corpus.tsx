import { corpusName, linkTo } from '../place.ts';
import { useCorpora } from '../service/corpora.ts';

/** What a section shows that needs a corpus where none is chosen. */
export function NoCorpus() {
  const { data, isLoading, error } = useCorpora();
  if (error !== undefined) return null;
  // Where none is chosen, the first one is about to be.
  const isChosen = corpusName.value !== '' || data?.items.length === 0;
  if (isLoading || !isChosen) return <p class="waiting">Loading…</p>;
  return (
    <div class="empty">
      <p>
        {data?.items.length === 0
          ? 'There is no corpus yet.'
          : `There is no corpus called ${corpusName.value}.`}
      </p>
      <a class="button" href={linkTo('start')}>
        Begin with a text
      </a>
    </div>
  );
}
