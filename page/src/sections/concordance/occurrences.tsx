import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { PagedAnswer, pageQuery } from '../../parts/paged-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { KeywordLines, type Sort } from './keyword-lines.tsx';

const sorts: readonly (readonly [Sort, string])[] = [
  ['text', 'Place in the text'],
  ['left1', 'The word before'],
  ['right1', 'The word after'],
];

/** Every occurrence of a phrase, with the words around it. */
export function Occurrences({ corpus }: { corpus: Corpus }) {
  const sort = sorts.find(([name]) => name === param('sort'))?.[0] ?? 'text';
  const phrase = param('q');
  const query = { q: phrase, left: numberOf('left'), right: numberOf('right'), sort };
  const listed = (page = {}) =>
    call('get', '/v1/corpora/{corpus}/concordance', {
      path: { corpus: corpus.name },
      query: { ...query, ...page },
    });
  const isAsked = phrase.trim() !== '';
  const shown = isAsked ? listed(pageQuery('page')) : undefined;
  const answer = useAnswer(shown);
  return (
    <Panel title="Occurrences" call={shown} csv={listed()}>
      <TextField
        label="Word or phrase"
        value={phrase}
        placeholder="time machine"
        hint="Of any length up to 100 tokens."
        error={fieldError(answer.error, 'q')}
        onChange={(value) => setParams({ q: value, page: '', collocates: '' })}
      />
      <div class="fields narrow">
        {(['left', 'right'] as const).map((side) => (
          <NumberField
            key={side}
            label={side === 'left' ? 'Words before' : 'Words after'}
            min={0}
            max={100}
            value={param(side) || '8'}
            error={fieldError(answer.error, side)}
            onChange={(value) => setParams({ [side]: value === '8' ? '' : value, page: '' })}
          />
        ))}
        <SelectField
          label="Sort by"
          value={sort}
          options={sorts}
          onChange={(value) => setParams({ sort: value === 'text' ? '' : value, page: '' })}
        />
      </div>
      {isAsked ? (
        <PagedAnswer of={answer} cursors="page" title="Occurrences" shownFields={['q', 'left', 'right']}>
          {(data) => <KeywordLines corpus={corpus} sort={sort} page={data} />}
        </PagedAnswer>
      ) : (
        <p class="empty">Type a phrase to see it in its contexts.</p>
      )}
    </Panel>
  );
}

/** A number as it was typed: the service says what is wrong with it. */
function numberOf(name: string): number {
  return param(name) as unknown as number;
}
