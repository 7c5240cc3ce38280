import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { param } from '../../place.ts';
import { useCorpus } from '../../service/corpora.ts';
import { Collocates } from './collocates.tsx';
import { Keyness } from './keyness.tsx';
import { Occurrences } from './occurrences.tsx';

/** A phrase in its contexts, the words near it, and the words that set the corpus apart from another. */
export function Concordance() {
  const corpus = useCorpus() as Corpus;
  return (
    <>
      <Occurrences corpus={corpus} />
      {param('q').trim() === '' ? null : <Collocates corpus={corpus} />}
      <Keyness corpus={corpus} />
    </>
  );
}
