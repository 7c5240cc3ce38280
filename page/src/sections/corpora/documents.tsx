import { useState } from 'preact/hooks';
import { bytes, integer, time } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { TakeBack } from './take-back.tsx';

const pageSize = 100;

/** All documents of a corpus. */
export function documentsCall(corpus: string) {
  return call('get', '/v1/corpora/{corpus}/documents', { path: { corpus } });
}

/** The documents of a corpus, each of which can be taken back. */
export function Documents({ corpus }: { corpus: string }) {
  const [limit, setLimit] = useState(pageSize);
  const documents = call('get', '/v1/corpora/{corpus}/documents', { path: { corpus }, query: { limit } });
  return (
    <Panel title={`Documents of ${corpus}`} call={documents} csv={documentsCall(corpus)}>
      <Answer of={useAnswer(documents)}>
        {({ items, next_cursor }) => (
          <>
            <Table
              caption={`Documents of ${corpus}`}
              rows={items}
              keyOf={({ id }) => id}
              empty="The corpus has no document."
              columns={[
                { title: 'Id', isName: true, cell: ({ id }) => <code>{id}</code> },
                { title: 'Title', cell: ({ title }) => <span class="title">{title}</span> },
                { title: 'Date', cell: ({ date }) => date },
                { title: 'Tokens', isNumber: true, cell: ({ tokens }) => integer(tokens) },
                { title: 'Text', isNumber: true, isExtra: true, cell: ({ bytes: size }) => bytes(size) },
                {
                  title: 'Since version',
                  isNumber: true,
                  isExtra: true,
                  cell: ({ version }) => integer(version),
                },
                { title: 'Added', isExtra: true, cell: ({ created_at }) => time(created_at) },
                {
                  title: <span class="unseen">Take back</span>,
                  isNumber: true,
                  cell: ({ id, tokens }) => <TakeBack corpus={corpus} id={id} tokens={tokens} />,
                },
              ]}
            />
            {next_cursor === undefined ? null : (
              <button
                type="button"
                class="quiet"
                onClick={() => setLimit(limit + pageSize)}
                disabled={limit >= 1000}
              >
                Show more
              </button>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}
