import type { Job, KeptUpload, Uploaded } from '../ingest/job.ts';
import type { ModelDescription } from '../model/model.ts';
import type { CorpusSummary, DocumentSummary } from '../store/corpus.ts';
import { toProblem } from './problems/problem.ts';

/** A corpus in the names of the wire. */
export function corpusView(name: string, corpus: CorpusSummary) {
  const { tokenizer, order, sequences, locale, version, documents, tokens, ngrams, bytes } = corpus;
  return {
    name,
    tokenizer,
    order,
    sequences,
    ...(locale === undefined ? {} : { locale }),
    version,
    documents,
    tokens,
    vocabulary_size: corpus.vocabularySize,
    ngrams,
    bytes,
    created_at: corpus.createdAt,
    updated_at: corpus.updatedAt,
  };
}

/** A document in the names of the wire. */
export function documentView({ id, tokens, bytes, sha256, version, createdAt }: DocumentSummary) {
  return { id, tokens, bytes, sha256, version, created_at: createdAt };
}

/** What an upload to a corpus is answered with: a status, what came of it, and where that is, if it is one thing. */
export function uploadAnswer(corpus: string, uploaded: Uploaded) {
  const path = `/v1/corpora/${corpus}`;
  const status = statusOf(uploaded);
  if ('corpus' in uploaded) return { status, location: path, body: corpusView(corpus, uploaded.corpus) };
  const [view, ...more] = uploaded.documents.map(documentView);
  if (more.length > 0) return { status, body: { items: [view, ...more] } };
  return { status, location: `${path}/documents/${view.id}`, body: view };
}

/** What a job tells of an upload that succeeded: its answer, but of many documents only how many, and where. */
export function uploadResult(corpus: string, kept: KeptUpload) {
  if ('corpus' in kept) return uploadAnswer(corpus, kept);
  if ('document' in kept) return uploadAnswer(corpus, { ...kept, documents: [kept.document] });
  return {
    status: statusOf(kept),
    location: `/v1/corpora/${corpus}/documents`,
    documents: kept.documents,
  };
}

/** An answer that is given again has the status that it had. */
function statusOf({ added, replayed }: KeptUpload | Uploaded): 200 | 201 {
  return added || replayed === true ? 201 : 200;
}

/** A job in the names of the wire. */
export function jobView(job: Job) {
  const { id, task, state, progress, received, totalBytes, createdAt, changedAt, outcome } = job;
  return {
    id,
    operation: task.operation,
    corpus: task.corpus,
    request_id: task.requestId,
    state,
    bytes: received.bytes,
    ...(totalBytes === undefined ? {} : { total_bytes: totalBytes }),
    tokens: received.tokens,
    counted_tokens: progress.countedTokens,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(changedAt).toISOString(),
    ...(outcome === undefined
      ? {}
      : 'result' in outcome
        ? { result: uploadResult(task.corpus, outcome.result) }
        : { problem: toProblem(outcome.error, task.requestId) }),
  };
}

/** What answers say about their model. */
export function modelView({ version, estimator }: ModelDescription) {
  return {
    version,
    estimator: { name: estimator.name, ...estimator.parameters },
    // Undefined fields are left out of the JSON; a spread that leaves them out costs more than the rest of an answer.
    normalized: (estimator.normalized ? undefined : false) as false,
  };
}
