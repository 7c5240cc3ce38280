import { NgramdError } from '../../errors.ts';
import type { BackupsMade, JobOutcome, JobStatus, JobTask, KeptUpload, Uploaded } from '../../ingest/job.ts';
import { toProblem } from '../problems/problem.ts';
import type { JobView } from '../schemas/jobs.ts';
import { corpusView, documentView } from '../views.ts';

/** The response to an upload: its status, what it added, and the location of that if it is one thing. */
export function uploadAnswer(corpus: string, uploaded: Uploaded) {
  const path = `/v1/corpora/${corpus}`;
  const status = statusOf(uploaded);
  const note = uploaded.note === undefined ? {} : { note: uploaded.note };
  if ('corpus' in uploaded) {
    return { status, location: path, body: { ...corpusView(corpus, uploaded.corpus), ...note } };
  }
  if ('totals' in uploaded) {
    return { status, location: `${path}/documents`, body: { ...uploaded.totals, ...note } };
  }
  const [view, ...more] = uploaded.documents.map(documentView);
  if (more.length > 0) return { status, body: { items: [view, ...more], ...note } };
  return { status, location: `${path}/documents/${view.id}`, body: { ...view, ...note } };
}

/**
 * The result of a job: the response to its upload or, for several documents, their number and the location of their
 * list.
 */
function uploadResult(corpus: string, kept: KeptUpload) {
  if ('corpus' in kept) return uploadAnswer(corpus, kept);
  if ('document' in kept) return uploadAnswer(corpus, { ...kept, documents: [kept.document] });
  return {
    status: statusOf(kept),
    location: `/v1/corpora/${corpus}/documents`,
    documents: kept.documents,
  };
}

/** A replayed response has the status that it had. */
function statusOf({ added, replayed }: KeptUpload | Uploaded): 200 | 201 {
  return added || replayed === true ? 201 : 200;
}

/** A job, with the names of the API. */
export function jobView(job: JobStatus): JobView {
  const { id, task, state, countedTokens, received, totalBytes, createdAt, changedAt, outcome } = job;
  return {
    id,
    operation: task.operation,
    ...(task.operation === 'create-backups' ? {} : { corpus: task.corpora[0] }),
    request_id: task.requestId,
    state,
    bytes: received.bytes,
    ...(totalBytes === undefined ? {} : { total_bytes: totalBytes }),
    tokens: received.tokens,
    counted_tokens: countedTokens,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(changedAt).toISOString(),
    ...(outcome === undefined ? {} : outcomeView(task, outcome)),
  } as JobView;
}

function outcomeView({ corpora, requestId }: JobTask, outcome: JobOutcome) {
  if (!('result' in outcome)) return { problem: toProblem(outcome.error, requestId) };
  const { result } = outcome;
  return 'backups' in result
    ? backupsResult(result, requestId)
    : { result: uploadResult(corpora[0], result) };
}

/** The result of making backups, and the problem if one of them failed. */
function backupsResult({ backups, failed, failures }: BackupsMade, requestId: string) {
  const listed = failures.map(({ corpus, error }) => ({ corpus, problem: toProblem(error, requestId) }));
  const result = { status: 201, location: '/v1/backups', backups, failures: listed };
  if (failed === 0) return { result };
  const incomplete = new NgramdError(
    'backups-incomplete',
    `${failed} of ${backups + failed} corpora could not be backed up; the result lists them, up to 100. The backups of the others are there.`,
  );
  return { result, problem: toProblem(incomplete, requestId) };
}
