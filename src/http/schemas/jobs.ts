import { type Static, Type } from 'typebox';
import type { JobState } from '../../ingest/job.ts';
import { CorpusSchema } from './corpora.ts';
import { DocumentSchema } from './documents.ts';
import { eventsOf, jsonResponse } from './fields.ts';
import { pageOrTable, pageSchema } from './pages.ts';
import { ProblemSchema } from './problems.ts';
import { columns } from './tables.ts';

export const JobPath = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f-]{36}$',
    description: 'As in the response to the upload, or in the list of jobs',
    examples: ['00000000-0000-4000-8000-000000000000'],
  }),
});

const underWay = [
  'receiving',
  'copying',
  'waiting',
  'counting',
  'merging',
  'committing',
] as const satisfies JobState[];

const result = Type.Object(
  {
    status: Type.Integer({ description: 'The status of the response without `respond-async`' }),
    location: Type.String({
      description: 'The URL of the corpus, of the document or, for several documents, of their list',
    }),
    body: Type.Optional(
      Type.Union([CorpusSchema, DocumentSchema], {
        description: 'The corpus, or the document if there is one only',
      }),
    ),
    documents: Type.Optional(Type.Integer({ description: 'The number of documents, if there are several' })),
    backups: Type.Optional(Type.Integer({ description: 'The number of backups that were made' })),
    failures: Type.Optional(
      Type.Array(Type.Object({ corpus: Type.String(), problem: ProblemSchema }, { title: 'FailedBackup' }), {
        description: 'The corpora that could not be backed up, at most 100 of them',
      }),
    ),
  },
  { title: 'JobResult', description: 'What the job added or made' },
);

const before = {
  id: Type.String(),
  operation: Type.Enum(['create-corpus', 'add-documents', 'create-backups'], { type: 'string' }),
  corpus: Type.Optional(Type.String({ description: 'Absent if it makes backups of all corpora' })),
  request_id: Type.String({
    description: 'Of the request that began it, as in the log; `schedule` for backups by BACKUP_SCHEDULE',
  }),
};

const after = {
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
};

const stateOf = <State extends JobState>(states: readonly State[], description: string) =>
  Type.Unsafe<State>({ type: 'string', enum: states, description });

const JobInProgress = Type.Object(
  {
    ...before,
    state: stateOf(
      underWay,
      '`receiving`: the text is being received and tokenized; `copying`: backups are being made; `waiting`: for other changes of the corpus; `counting`; `merging`: the counts of a very long text; `committing`: too late to cancel',
    ),
    ...after,
  },
  { title: 'JobInProgress' },
);

const SucceededJob = Type.Object(
  { ...before, state: stateOf(['succeeded'], 'All of it was done'), ...after, result },
  { title: 'SucceededJob' },
);

const FailedJob = Type.Object(
  {
    ...before,
    state: stateOf(
      ['failed', 'cancelled'],
      'Nothing of an upload was added; `result` has the backups that were made',
    ),
    ...after,
    result: Type.Optional(result),
    problem: ProblemSchema,
  },
  { title: 'FailedJob' },
);

/** Told apart by `state`. */
export const JobSchema = Type.Union([JobInProgress, SucceededJob, FailedJob], {
  title: 'Job',
  description: 'An upload, or the making of backups, in progress or ended',
});
export type JobView = Static<typeof JobSchema>;

export const JobAnswer = jsonResponse('The job', JobSchema);
export const CancelledJob = jsonResponse('The job, cancelled', JobSchema);
export const JobList = pageOrTable(pageSchema('JobsPage', JobSchema, {}), columns.jobs);

export const JobEvents = {
  description: 'The events',
  content: {
    'text/event-stream': eventsOf('JobEvent', 'The job, as it changes', {
      progress: JobSchema,
      end: Type.Union([SucceededJob, FailedJob]),
    }),
  },
};

/** The response to `Prefer: respond-async`. */
export const Accepted = {
  description: 'With `Prefer: respond-async`: the text has been received and is being counted',
  headers: {
    Location: { type: 'string', description: 'The URL of the job' },
    'Preference-Applied': { type: 'string', description: '`respond-async`' },
  },
  content: { 'application/json': { schema: JobSchema } },
};
