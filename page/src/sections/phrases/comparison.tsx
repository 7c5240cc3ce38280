import type { components } from '../../../../clients/typescript/src/index.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { linkTo } from '../../place.ts';
import { type Call, call } from '../../service/call.ts';
import type { Answering } from '../../service/use-answer.ts';
import { FrequencyBars } from './frequency-bars.tsx';
import { FrequencyYears } from './frequency-years.tsx';

export type Compared = components['schemas']['Comparison'];
export type Frequency = Compared['items'][number];

/** The question how frequent phrases are in some corpora, also year by year. */
export function comparisonCall(
  phrases: readonly string[],
  corpora: readonly string[],
  byYear: boolean,
): Call<Compared> {
  const query = { phrases: phrases.join(','), corpora: corpora.join(','), per: 'million' } as const;
  return call('get', '/v1/ngrams/compare', { query: byYear ? { ...query, by: 'year' } : query });
}

interface ComparisonProps {
  call: Call<Compared>;
  answer: Answering<Compared>;
}

/**
 * The frequencies of phrases in several corpora: bars, or lines over the years. Each leads to the phrase in its
 * contexts.
 */
export function Comparison({ call, answer }: ComparisonProps) {
  return (
    <Panel
      title="Compared"
      lead="Per million words, so that corpora of different sizes can be compared."
      call={call}
      csv={call}
      svg={call}
    >
      <Answer of={answer} shownFields={['phrases']}>
        {(compared) =>
          // What is shown while the next answer is on its way is what was asked before.
          compared.corpora.some(({ undated }) => undated !== undefined) ? (
            <FrequencyYears of={compared} />
          ) : (
            <FrequencyBars of={compared} />
          )
        }
      </Answer>
    </Panel>
  );
}

/** A phrase, which leads to its contexts in a corpus. */
export function PhraseLink({ phrase, corpus }: { phrase: string; corpus: string }) {
  return (
    <a class="ngram" href={linkTo('concordance', { corpus, q: phrase, page: '', collocates: '' })}>
      {phrase}
      <span class="unseen"> in {corpus}</span>
    </a>
  );
}
