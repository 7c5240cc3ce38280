import { Type } from 'typebox';
import type { JobState } from '../../ingest/job.ts';
import { jsonResponse, textBody } from './fields.ts';
import { pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';

export const JobPath = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f-]{36}$',
    description: 'As in the response to the upload, or in the list of jobs',
    examples: ['00000000-0000-4000-8000-000000000000'],
  }),
});

const states = [
  'receiving',
  'waiting',
  'counting',
  'merging',
  'committing',
  'succeeded',
  'failed',
  'cancelled',
] satisfies JobState[];

const result = Type.Object(
  {
    status: Type.Integer({ description: 'The status of the response without `respond-async`' }),
    location: Type.String({
      description: 'The URL of the corpus, of the document or, for several documents, of their list',
    }),
    body: Type.Optional(
      Type.Union([Type.Ref('Corpus'), Type.Ref('Document')], {
        description: 'The corpus, or the document if there is one only',
      }),
    ),
    documents: Type.Optional(Type.Integer({ description: 'The number of documents, if there are several' })),
  },
  { description: 'Of a job that succeeded' },
);

export const JobSchema = Type.Object(
  {
    id: Type.String(),
    operation: Type.Enum(['create-corpus', 'add-documents'], { type: 'string' }),
    corpus: Type.String(),
    request_id: Type.String({ description: 'Of the upload, as in the log' }),
    state: Type.Enum(states, {
      type: 'string',
      description:
        '`receiving`: the text is being received and tokenized; `waiting`: for other changes of the corpus; `counting`; `merging`: the counts of a very long text; `committing`: too late to cancel; finally one of the last three',
    }),
    bytes: Type.Integer({ description: 'Bytes of the text received so far, after decompression' }),
    total_bytes: Type.Optional(
      Type.Integer({ description: 'The size of the text, if the request declared it' }),
    ),
    tokens: Type.Integer({ description: 'Tokens received so far' }),
    counted_tokens: Type.Integer({ description: 'Tokens counted so far' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    result: Type.Optional(result),
    problem: Type.Optional(Type.Ref('Problem')),
  },
  { $id: 'Job', description: 'An upload in progress or ended' },
);

export const JobAnswer = jsonResponse('The job', Type.Ref('Job'));
export const CancelledJob = jsonResponse('The job, cancelled', Type.Ref('Job'));
export const JobList = pageOrTable(pageSchema(Type.Ref('Job'), {}), columns.jobs);

export const JobEvents = {
  description: 'The events',
  content: { 'text/event-stream': textBody('The job, as it changes') },
};
