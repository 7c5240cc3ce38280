import { NgramdError } from '../errors.ts';

/** The stages of an upload that has been received; the last two are final. */
const stages = ['waiting', 'counting', 'merging', 'committing', 'cancelled'] as const;
export type UploadStage = (typeof stages)[number];

const committing = stages.indexOf('committing');
const cancelled = stages.indexOf('cancelled');

/**
 * The progress of an upload, in memory that its worker and the main thread share. This memory also decides whether the
 * upload is committed or cancelled: whichever comes first rules out the other.
 */
export class UploadProgress {
  readonly memory: SharedArrayBuffer;
  readonly #stage: Int32Array;
  /** The number of counted tokens, and the time of the last change, in milliseconds since 1970. */
  readonly #numbers: BigInt64Array;

  /** `memory` is that of the progress in the other thread. */
  constructor(memory = new SharedArrayBuffer(24)) {
    this.memory = memory;
    this.#numbers = new BigInt64Array(memory, 0, 2);
    this.#stage = new Int32Array(memory, 16, 1);
  }

  get stage(): UploadStage {
    return stages[Atomics.load(this.#stage, 0)];
  }

  get countedTokens(): number {
    return Number(Atomics.load(this.#numbers, 0));
  }

  /** The time of the worker's last change, in milliseconds since 1970; 0 if there was none. */
  get changedAt(): number {
    return Number(Atomics.load(this.#numbers, 1));
  }

  /** Moves on to another stage. Throws `cancelled` if the upload has been cancelled. */
  enter(stage: Exclude<UploadStage, 'cancelled'>): void {
    if (this.#move(stages.indexOf(stage)) === cancelled) throw uploadCancelled();
    this.#changed();
  }

  /** Begins counting, also if an earlier attempt was given up. Throws `cancelled`, as `enter` does. */
  beginCounting(): void {
    Atomics.store(this.#numbers, 0, 0n);
    this.enter('counting');
  }

  /** Records that more tokens have been counted. */
  addCounted(tokens: number): void {
    Atomics.add(this.#numbers, 0, BigInt(tokens));
    this.#changed();
  }

  /** Throws `cancelled` if the upload has been cancelled. Costs next to nothing. */
  readonly checkpoint = (): void => {
    if (Atomics.load(this.#stage, 0) === cancelled) throw uploadCancelled();
  };

  /** Ends the upload at its next checkpoint; returns false if it is too late for that. */
  cancel(): boolean {
    return this.#move(cancelled) === cancelled;
  }

  /** Moves on from a stage that is not final; returns the resulting stage. */
  #move(to: number): number {
    for (;;) {
      const from = Atomics.load(this.#stage, 0);
      if (from === committing || from === cancelled) return from;
      if (Atomics.compareExchange(this.#stage, 0, from, to) === from) return to;
    }
  }

  #changed(): void {
    Atomics.store(this.#numbers, 1, BigInt(Date.now()));
  }
}

/** The error of a cancelled upload. */
export function uploadCancelled(): NgramdError {
  return new NgramdError('cancelled', 'The upload was cancelled, and nothing of it is in the corpus.');
}
