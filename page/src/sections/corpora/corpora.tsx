import type { Corpus } from '../../../../clients/typescript/src/index.ts';
import { bytes, integer, time } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { corpusName, linkTo } from '../../place.ts';
import { call } from '../../service/call.ts';
import { corporaCall, useCorpora, useCorpus } from '../../service/corpora.ts';
import { aboutKind, lacks, madeOf } from '../../service/kinds.ts';
import { ngramTotals } from '../../service/ngram-totals.ts';
import { AddDocument } from './add-document.tsx';
import { CorpusActions } from './corpus-actions.tsx';
import { Documents } from './documents.tsx';

/** All corpora, and the documents of the chosen one. */
export function Corpora() {
  const corpora = useCorpora();
  const corpus = useCorpus();
  return (
    <>
      <Panel title="All corpora" call={corporaCall} csv={call('get', '/v1/corpora', {})}>
        <Answer of={corpora}>
          {({ items }) => (
            <Table
              caption="All corpora"
              rows={items}
              keyOf={({ name }) => name}
              empty="There is no corpus yet."
              columns={[
                { title: 'Name', isName: true, cell: ({ name }) => <CorpusLink name={name} /> },
                {
                  title: 'Tokens are',
                  isExtra: true,
                  cell: tokensOf,
                },
                { title: 'Order', isNumber: true, cell: ({ order }) => order },
                { title: 'Version', isNumber: true, isExtra: true, cell: ({ version }) => integer(version) },
                { title: 'Documents', isNumber: true, cell: ({ documents }) => integer(documents) },
                { title: 'Tokens', isNumber: true, cell: ({ tokens }) => integer(tokens) },
                { title: 'Distinct', isNumber: true, cell: ({ vocabulary_size: m }) => integer(m) },
                { title: 'Text', isNumber: true, isExtra: true, cell: ({ bytes: size }) => bytes(size) },
                { title: 'Changed', cell: ({ updated_at }) => time(updated_at) },
              ]}
            />
          )}
        </Answer>
      </Panel>
      {corpus === undefined ? null : <ChosenCorpus key={corpus.name} corpus={corpus} />}
    </>
  );
}

function ChosenCorpus({ corpus }: { corpus: Corpus }) {
  const { name, ngrams } = corpus;
  return (
    <>
      <Panel
        title={`N-grams of ${name}`}
        call={call('get', '/v1/corpora/{corpus}', { path: { corpus: name } })}
        table={ngramTotals(corpus)}
      >
        <Table
          caption={`N-grams of ${name}`}
          rows={ngrams}
          columns={[
            { title: 'Order', isName: true, cell: ({ order }) => order },
            { title: 'Distinct', isNumber: true, cell: ({ distinct }) => integer(distinct) },
            { title: 'Total', isNumber: true, cell: ({ total }) => (total === 0 ? '–' : integer(total)) },
          ]}
        />
        <CorpusActions name={name} />
      </Panel>
      {lacks(corpus, 'text') ? (
        <p class="empty">{aboutKind(corpus)}</p>
      ) : (
        <>
          <Documents corpus={name} />
          <AddDocument corpus={name} />
        </>
      )}
    </>
  );
}

/** What the tokens of a corpus are, or what it is made of instead of texts. */
function tokensOf(corpus: Corpus): string {
  const { kind, tokenizer, sequences } = corpus;
  return kind === 'text' ? `${tokenizer}, by ${sequences}` : `of ${madeOf(corpus)}`;
}

function CorpusLink({ name }: { name: string }) {
  return (
    <a
      href={linkTo('corpora', { corpus: name })}
      aria-current={name === corpusName.value ? 'true' : undefined}
    >
      {name}
    </a>
  );
}
