import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { asNgramdError, NgramdError } from '../errors.ts';
import type { CorpusSummary, DocumentSummary } from '../store/store.ts';
import { UploadProgress, type UploadStage, uploadCancelled } from './upload-progress.ts';

/**
 * The result of an upload. `added` is false if the corpus had all of it already; `replayed` is true if that is because of an
 * earlier request with the same idempotency key. `note` says what of the texts is in no token, if that is much.
 */
export type Uploaded = { added: boolean; replayed?: boolean; note?: string | undefined } & (
  | { corpus: CorpusSummary }
  | { documents: DocumentSummary[] }
);

/** What is kept of the result after the end: of many documents, only their number. */
export type KeptUpload = Omit<Uploaded, 'corpus' | 'documents'> &
  ({ corpus: CorpusSummary } | { document: DocumentSummary } | { documents: number });

export interface JobTask {
  operation: 'create-corpus' | 'add-documents';
  corpus: string;
  /** The id of the request that the upload came with. */
  requestId: string;
}

/** How a job ended. Its size does not depend on the size of the upload. */
export type JobOutcome = { result: KeptUpload } | { error: unknown };

/** The maximum length of the texts of a kept problem, in characters, and its maximum number of fields. */
const maxDetail = 2000;
const maxFieldErrors = 10;

export type JobState = 'receiving' | UploadStage | 'succeeded' | 'failed';

/** An upload, from its first byte until it is committed, has failed or is cancelled. */
export class Job {
  readonly id = randomUUID();
  readonly createdAt = Date.now();
  readonly progress = new UploadProgress();
  /** What has been received of its texts: bytes, after decompression, and the tokens in them. */
  received = { bytes: 0, tokens: 0 };
  /** The size of its text, if there is only one and its size is known in advance. */
  totalBytes: number | undefined;
  /** Resolves when no more work is done for the job: for a cancelled one, some time after its end. */
  readonly over: Promise<void>;
  readonly #cancelling = new AbortController();
  readonly #moments = new EventEmitter();
  /** What `whenEnded` waits for; undefined after the end, so that only those who wait keep the whole result. */
  #whole: Promise<Uploaded> | undefined;
  #settle: (outcome: { result: Uploaded } | { error: unknown }) => void = () => {};
  #changedAt = this.createdAt;
  #isReceived = false;
  #outcome: JobOutcome | undefined;
  readonly number: number;
  readonly task: JobTask;

  /** `number` increases from job to job. The job ends as `work` does, unless it is cancelled earlier. */
  constructor(number: number, task: JobTask, work: (job: Job) => Promise<Uploaded>) {
    this.number = number;
    this.task = task;
    this.#whole = new Promise((resolve, reject) => {
      this.#settle = (outcome) => {
        if ('result' in outcome) resolve(outcome.result);
        else reject(outcome.error);
      };
    });
    // If nobody waits, a rejection must not end the process.
    this.#whole.catch(() => {});
    this.over = work(this).then(
      (result) => this.#end({ result }),
      (error) => this.#end({ error }),
    );
  }

  get state(): JobState {
    const { stage } = this.progress;
    if (stage === 'cancelled') return stage;
    if (this.#outcome !== undefined) return 'result' in this.#outcome ? 'succeeded' : 'failed';
    return this.#isReceived ? stage : 'receiving';
  }

  /** When something last changed, in milliseconds since 1970. */
  get changedAt(): number {
    return Math.max(this.#changedAt, this.progress.changedAt);
  }

  /** Undefined while the job is in progress. */
  get outcome(): JobOutcome | undefined {
    return this.#outcome;
  }

  /** Is aborted when the job is cancelled. */
  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }

  /** Records that `bytes` more have been received, and the number of tokens so far. */
  receive(bytes: number, tokens: number): void {
    this.received = { bytes: this.received.bytes + bytes, tokens };
    this.#changedAt = Date.now();
  }

  /** Records that everything has been received. */
  receivedAll(): void {
    this.#isReceived = true;
    this.#changedAt = Date.now();
    this.#moments.emit('received');
  }

  /** Ends the job immediately, with nothing committed; returns false if it is too late for that. */
  cancel(): boolean {
    if (this.#outcome !== undefined) return this.state === 'cancelled';
    if (!this.progress.cancel()) return false;
    const error = uploadCancelled();
    this.#end({ error });
    this.#cancelling.abort(error);
    return true;
  }

  /** Waits until all texts have been received. Throws the job's error if it ends earlier. */
  async whenReceived(): Promise<void> {
    if (!this.#isReceived && this.#outcome === undefined) await once(this.#moments, 'received');
    if (this.#outcome !== undefined && 'error' in this.#outcome && !this.#isReceived)
      throw this.#outcome.error;
  }

  /** The whole result of the job, for callers that ask before it has ended. Throws the error it fails with, and `cancelled`. */
  whenEnded(): Promise<Uploaded> {
    return this.#whole ?? Promise.reject(new Error('The job has ended.'));
  }

  #end(outcome: { result: Uploaded } | { error: unknown }): void {
    if (this.#outcome !== undefined) return;
    this.#outcome =
      'result' in outcome ? { result: keptUpload(outcome.result) } : { error: keptError(outcome.error) };
    this.#changedAt = Date.now();
    this.#settle(outcome);
    this.#whole = undefined;
    this.#settle = () => {};
    this.#moments.emit('received');
  }
}

function keptUpload(uploaded: Uploaded): KeptUpload {
  if ('corpus' in uploaded) return uploaded;
  const { documents, ...how } = uploaded;
  return documents.length === 1
    ? { ...how, document: documents[0] }
    : { ...how, documents: documents.length };
}

/** A copy of an error that has everything a problem needs, and refers to nothing else of the upload. */
function keptError(error: unknown): unknown {
  const known = asNgramdError(error);
  const clipped = (text: string) => (text.length > maxDetail ? `${text.slice(0, maxDetail)}…` : text);
  const { message, code, statusCode } = error as { message?: string; code?: string; statusCode?: number };
  const kept =
    known === undefined
      ? Object.assign(new Error(clipped(String(message))), { code, statusCode })
      : new NgramdError(
          known.code,
          clipped(known.message),
          known.errors
            .slice(0, maxFieldErrors)
            .map(({ pointer, detail }) => ({ pointer: clipped(pointer), detail: clipped(detail) })),
        );
  // Until its stack has been formatted, an error keeps alive what its frames worked on.
  String(kept.stack);
  return kept;
}
