import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { CorpusSummary, DocumentSummary } from '../store/corpus.ts';
import { UploadProgress, type UploadStage, uploadCancelled } from './upload-progress.ts';

/**
 * What an upload comes to. `added` is false where all of it was there already; `replayed` is true where that is because a
 * request with the same idempotency key has come before.
 */
export type Uploaded = { added: boolean; replayed?: boolean } & (
  | { corpus: CorpusSummary }
  | { documents: DocumentSummary[] }
);

export interface JobTask {
  operation: 'create-corpus' | 'add-documents';
  corpus: string;
  /** The id of the request that the upload came with. */
  requestId: string;
}

/** How a job ended. */
export type JobOutcome = { result: Uploaded } | { error: unknown };

export type JobState = 'receiving' | UploadStage | 'succeeded' | 'failed';

/** An upload, from its first byte until it is committed, has failed or is cancelled. */
export class Job {
  readonly id = randomUUID();
  readonly createdAt = Date.now();
  readonly progress = new UploadProgress();
  /** What of its texts is here: bytes, after decompression, and the tokens in them. */
  received = { bytes: 0, tokens: 0 };
  /** The size of its text, if it is one and the size is known before. */
  totalBytes: number | undefined;
  /** Resolves when nothing is done for the job any more, which for a cancelled one is some time after its end. */
  readonly over: Promise<void>;
  readonly #cancelling = new AbortController();
  readonly #moments = new EventEmitter();
  #changedAt = this.createdAt;
  #isReceived = false;
  #outcome: JobOutcome | undefined;
  readonly number: number;
  readonly task: JobTask;

  /** `number` rises from job to job. The job ends as `work` does, unless it is cancelled before. */
  constructor(number: number, task: JobTask, work: (job: Job) => Promise<Uploaded>) {
    this.number = number;
    this.task = task;
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

  /** Undefined while the job is under way. */
  get outcome(): JobOutcome | undefined {
    return this.#outcome;
  }

  /** Is aborted when the job is cancelled. */
  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }

  /** Notes that `bytes` more are here, and how many tokens there are in all. */
  receive(bytes: number, tokens: number): void {
    this.received = { bytes: this.received.bytes + bytes, tokens };
    this.#changedAt = Date.now();
  }

  /** Notes that all is here. */
  receivedAll(): void {
    this.#isReceived = true;
    this.#changedAt = Date.now();
    this.#moments.emit('received');
  }

  /** Ends the job at once, with nothing committed; false where it is too late for that. */
  cancel(): boolean {
    if (this.#outcome !== undefined) return this.state === 'cancelled';
    if (!this.progress.cancel()) return false;
    const error = uploadCancelled();
    this.#end({ error });
    this.#cancelling.abort(error);
    return true;
  }

  /** Waits until all texts are here. Throws what the job ended with before. */
  async whenReceived(): Promise<void> {
    if (!this.#isReceived && this.#outcome === undefined) await once(this.#moments, 'received');
    if (!this.#isReceived) await this.whenEnded();
  }

  /** Waits for what the job comes to. Throws what it fails with, and `cancelled`. */
  async whenEnded(): Promise<Uploaded> {
    if (this.#outcome === undefined) await once(this.#moments, 'ended');
    const outcome = this.#outcome as unknown as JobOutcome;
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  }

  #end(outcome: JobOutcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    // Until its stack is written down, an error holds what its frames worked on: the whole upload.
    if ('error' in outcome && outcome.error instanceof Error) String(outcome.error.stack);
    this.#changedAt = Date.now();
    this.#moments.emit('received');
    this.#moments.emit('ended');
  }
}
