import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { counted, integer, significant } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Bar } from '../../parts/bar.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { shownToken, textOf } from '../../parts/tokens.tsx';
import { linkTo } from '../../place.ts';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';

const best = 10;

/** The most frequent n-grams of a corpus that match a pattern. Each leads to its contexts. */
export function Substitutions({ pattern, corpus }: { pattern: string; corpus: Corpus }) {
  const { name, tokens } = corpus;
  const listed = (limit?: number) =>
    call('get', '/v1/corpora/{corpus}/ngrams', { path: { corpus: name }, query: { pattern, limit } });
  const shown = listed(best);
  const title = `${pattern} in ${name}`;
  return (
    <Panel title={title} call={shown} csv={listed()}>
      <Answer of={useAnswer(shown)}>
        {({ items, total = items.length }) => (
          <>
            <Table
              caption={title}
              rows={items}
              keyOf={({ rank }) => String(rank)}
              empty={`${name} has nothing that matches.`}
              columns={[
                {
                  title: 'Phrase',
                  isName: true,
                  cell: ({ ngram }) => <Substituted pattern={pattern} ngram={ngram} corpus={corpus} />,
                },
                { title: 'Count', isNumber: true, cell: ({ count }) => integer(count) },
                {
                  title: 'Per million',
                  isNumber: true,
                  cell: ({ count }) => significant((1e6 * count) / Math.max(tokens, 1), 3),
                },
                {
                  title: <span class="unseen">Share</span>,
                  isWide: true,
                  cell: ({ count }) => <Bar share={count / items[0].count} />,
                },
              ]}
            />
            {total > items.length ? (
              <p class="hint">
                The {best} most frequent of {counted(total, 'phrase')} that match.
              </p>
            ) : null}
          </>
        )}
      </Answer>
    </Panel>
  );
}

interface SubstitutedProps {
  pattern: string;
  ngram: readonly string[];
  corpus: Corpus;
}

/** A phrase that matches, with what the pattern leaves open in bold. */
function Substituted({ pattern, ngram, corpus: { name, tokenizer } }: SubstitutedProps) {
  const elements = pattern.split(/\s+/);
  const q = textOf(ngram, tokenizer);
  return (
    <a class="ngram" href={linkTo('concordance', { corpus: name, q, page: '', collocates: '' })}>
      {ngram.map((token, i) => (
        <span key={i}>
          {i === 0 || tokenizer === 'char' ? '' : ' '}
          {/[*/~]/.test(elements[i]) ? <b>{shownToken(token)}</b> : shownToken(token)}
        </span>
      ))}
    </a>
  );
}
