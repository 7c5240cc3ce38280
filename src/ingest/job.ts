import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { asNgramdError, NgramdError } from '../errors.ts';
import type { CorpusSummary, DocumentSummary } from '../store/store.ts';
import { UploadProgress, type UploadStage, uploadCancelled } from './upload-progress.ts';

/**
 * The result of an upload. `added` is false if the corpus had all of it already; `replayed` is true if that is because
 * of an earlier request with the same idempotency key. `note` says what of the texts is in no token, if that is much.
 */
export type Uploaded = { added: boolean; replayed?: boolean; note?: string | undefined } & (
  | { corpus: CorpusSummary }
  | { documents: DocumentSummary[] }
  | { totals: AddedTotals }
);

/** The documents of an upload together, where it does not result in each of them. */
export interface AddedTotals {
  readonly documents: number;
  readonly tokens: number;
  readonly bytes: number;
  /** The corpus's version that they came with. */
  readonly version: number;
}

/** The result of backing corpora up. */
export interface BackupsMade {
  /** The number of backups. */
  readonly backups: number;
  /** The number of corpora that could not be backed up, and the first of them with their errors. */
  readonly failed: number;
  readonly failures: readonly { readonly corpus: string; readonly error: unknown }[];
}

export type JobResult = Uploaded | BackupsMade;

/** The part of the result that is kept after the end: of many documents, only their number. */
export type KeptUpload = Omit<Uploaded, 'corpus' | 'documents' | 'totals'> &
  ({ corpus: CorpusSummary } | { document: DocumentSummary } | { documents: number });

export interface JobTask {
  operation: 'create-corpus' | 'add-documents' | 'create-backups';
  /** The corpora that it changes, or of which it makes backups; an upload has one. */
  corpora: readonly string[];
  /** The id of the request that began it, or what else began it. */
  requestId: string;
}

/** How a job ended. Its size does not depend on the size of the upload. */
export type JobOutcome = { result: KeptUpload | BackupsMade } | { error: unknown };

/** The maximum number of failures that a result lists. */
const maxFailures = 100;

/** The maximum length of the texts of a kept problem, in characters, and its maximum number of fields. */
const maxDetail = 2000;
const maxFieldErrors = 10;

export type JobState = 'receiving' | 'copying' | UploadStage | 'succeeded' | 'failed';

/** What is known of a job, in this process or another. */
export interface JobStatus {
  readonly id: string;
  /** Increases from job to job. */
  readonly number: number;
  readonly task: JobTask;
  readonly state: JobState;
  /**
   * What has been received of its texts: bytes, after decompression, and the tokens in them; or the bytes of backups.
   */
  readonly received: { readonly bytes: number; readonly tokens: number };
  readonly countedTokens: number;
  /** The size of all that is to be received, if it is known in advance. */
  readonly totalBytes?: number | undefined;
  /** When it began and when something last changed, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly changedAt: number;
  /** Undefined while the job is in progress. */
  readonly outcome?: JobOutcome | undefined;
}

/**
 * An upload, from its first byte until it is committed, has failed or is cancelled; or the making of backups, which
 * fails if one of them does.
 */
export class Job<Result extends JobResult = JobResult> implements JobStatus {
  readonly id = randomUUID();
  readonly createdAt = Date.now();
  readonly progress = new UploadProgress();
  /**
   * What has been received of its texts: bytes, after decompression, and the tokens in them; or the bytes of backups.
   */
  received = { bytes: 0, tokens: 0 };
  /** The size of all that is to be received, if it is known in advance. */
  totalBytes: number | undefined;
  /** Resolves when no more work is done for the job: for a cancelled one, some time after its end. */
  readonly over: Promise<void>;
  readonly #cancelling = new AbortController();
  readonly #moments = new EventEmitter();
  /** What `whenEnded` waits for; undefined after the end, so that only those who wait keep the whole result. */
  #whole: Promise<Result> | undefined;
  #settle: (outcome: { result: JobResult } | { error: unknown }) => void = () => {};
  #changedAt = this.createdAt;
  #isReceived = false;
  #outcome: JobOutcome | undefined;
  readonly number: number;
  readonly task: JobTask;

  /** `number` increases from job to job. The job ends as `work` does, unless it is cancelled earlier. */
  constructor(number: number, task: JobTask, work: (job: Job<Result>) => Promise<Result>) {
    this.number = number;
    this.task = task;
    this.#whole = new Promise((resolve, reject) => {
      this.#settle = (outcome) => {
        if ('result' in outcome) resolve(outcome.result as Result);
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
    if (this.#outcome !== undefined) return hasSucceeded(this.#outcome) ? 'succeeded' : 'failed';
    if (this.task.operation === 'create-backups') return 'copying';
    return this.#isReceived ? stage : 'receiving';
  }

  get countedTokens(): number {
    return this.progress.countedTokens;
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

  /** Records that `bytes` more have been received, and the number of tokens so far, if it is known anew. */
  receive(bytes: number, tokens = this.received.tokens): void {
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
    const error = this.task.operation === 'create-backups' ? backupsCancelled() : uploadCancelled();
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

  /**
   * The whole result of the job, for callers that ask before it has ended. Throws the error it fails with, and
   * `cancelled`.
   */
  whenEnded(): Promise<Result> {
    return this.#whole ?? Promise.reject(new Error('The job has ended.'));
  }

  #end(outcome: { result: JobResult } | { error: unknown }): void {
    if (this.#outcome !== undefined) return;
    this.#outcome =
      'result' in outcome ? { result: keptResult(outcome.result) } : { error: keptError(outcome.error) };
    this.#changedAt = Date.now();
    this.#settle(outcome);
    this.#whole = undefined;
    this.#settle = () => {};
    this.#moments.emit('received');
  }
}

function hasSucceeded(outcome: JobOutcome): boolean {
  return 'result' in outcome && !('failed' in outcome.result && outcome.result.failed > 0);
}

function backupsCancelled(): NgramdError {
  return new NgramdError('cancelled', 'The job was cancelled. The backups that it had made are kept.');
}

function keptResult(result: JobResult): KeptUpload | BackupsMade {
  if ('backups' in result) {
    const listed = result.failures.slice(0, maxFailures);
    return { ...result, failures: listed.map(({ corpus, error }) => ({ corpus, error: keptError(error) })) };
  }
  if ('corpus' in result) return result;
  if ('totals' in result) {
    const { totals, ...how } = result;
    return { ...how, documents: totals.documents };
  }
  const { documents, ...how } = result;
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
