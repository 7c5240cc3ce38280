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
  'copying',
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
    backups: Type.Optional(Type.Integer({ description: 'The number of backups that were made' })),
    failures: Type.Optional(
      Type.Array(Type.Object({ corpus: Type.String(), problem: Type.Ref('Problem') }), {
        description: 'The corpora that could not be backed up, at most 100 of them',
      }),
    ),
  },
  { description: 'Of a job that succeeded, or made some of its backups' },
);

export const JobSchema = Type.Object(
  {
    id: Type.String(),
    operation: Type.Enum(['create-corpus', 'add-documents', 'create-backups'], { type: 'string' }),
    corpus: Type.Optional(Type.String({ description: 'Absent if it makes backups of all corpora' })),
    request_id: Type.String({
      description: 'Of the request that began it, as in the log; `schedule` for backups by BACKUP_SCHEDULE',
    }),
    state: Type.Enum(states, {
      type: 'string',
      description:
        '`receiving`: the text is being received and tokenized; `copying`: backups are being made; `waiting`: for other changes of the corpus; `counting`; `merging`: the counts of a very long text; `committing`: too late to cancel; finally one of the last three',
    }),
    bytes: Type.Integer({
      description: 'Bytes of the text received so far, after decompression, or of the backups made so far',
    }),
    total_bytes: Type.Optional(
      Type.Integer({
        description: 'The size of the text, if the request declared it, or of the corpora to back up',
      }),
    ),
    tokens: Type.Integer({ description: 'Tokens received so far' }),
    counted_tokens: Type.Integer({ description: 'Tokens counted so far' }),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    result: Type.Optional(result),
    problem: Type.Optional(Type.Ref('Problem')),
  },
  { $id: 'Job', description: 'An upload, or the making of backups, in progress or ended' },
);

export const JobAnswer = jsonResponse('The job', Type.Ref('Job'));
export const CancelledJob = jsonResponse('The job, cancelled', Type.Ref('Job'));
export const JobList = pageOrTable(pageSchema(Type.Ref('Job'), {}), columns.jobs);

export const JobEvents = {
  description: 'The events',
  content: { 'text/event-stream': textBody('The job, as it changes') },
};
