import { useState } from 'preact/hooks';
import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { Question } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { param, setParams } from '../../place.ts';
import { useCorpus } from '../../service/corpora.ts';
import { Laplace } from './laplace.tsx';
import { chosenSort, NGramTable, sorts } from './ngram-table.tsx';
import { Zipf } from './zipf.tsx';

/** The n-grams of a corpus as tables, their frequencies as a plot, and what Laplace smoothing makes of their counts. */
export function Tables() {
  const corpus = useCorpus() as Corpus;
  const [error, setError] = useState<Error>();
  const pattern = param('pattern');
  const orders = pattern.trim() === '' ? Array.from({ length: corpus.order }, (_, i) => i + 1) : [undefined];
  return (
    <>
      <Question title="N-grams">
        <div class="fields">
          <TextField
            label="Pattern"
            value={pattern}
            placeholder="the * machine"
            hint="* is any word, a/b either of two, and pre~ all that begin so. Empty: all n-grams."
            error={fieldError(error, 'pattern')}
            onChange={(value) => setParams({ pattern: value })}
          />
          <SelectField
            label="Sort by"
            value={chosenSort()}
            options={sorts.map(({ name, title }) => [name, title])}
            hint={sorts.find(({ name }) => name === chosenSort())?.about}
            onChange={(value) => setParams({ sort: value === 'count' ? '' : value })}
          />
          <NumberField
            label="Minimum count"
            value={param('min_count') || '1'}
            min={1}
            error={fieldError(error, 'min_count')}
            onChange={(value) => setParams({ min_count: value === '1' ? '' : value })}
          />
        </div>
      </Question>
      <div class="orders">
        {orders.map((order, i) => (
          <NGramTable
            key={order ?? 'pattern'}
            corpus={corpus.name}
            order={order}
            onError={i === orders.length - 1 ? setError : undefined}
          />
        ))}
      </div>
      <Zipf corpus={corpus.name} />
      <Laplace corpus={corpus} />
    </>
  );
}
