import { NgramdError } from '../errors.ts';

/** The stages of an upload whose texts are all there; the last two are final. */
const stages = ['waiting', 'counting', 'merging', 'committing', 'cancelled'] as const;
export type UploadStage = (typeof stages)[number];

const committing = stages.indexOf('committing');
const cancelled = stages.indexOf('cancelled');

/**
 * How far an upload is, in memory that its worker and the main thread share. Here it is also decided whether the upload
 * is committed or cancelled: whichever comes first rules the other out.
 */
export class UploadProgress {
  readonly memory: SharedArrayBuffer;
  readonly #stage: Int32Array;
  /** The tokens that are counted, and when something changed, in milliseconds since 1970. */
  readonly #numbers: BigInt64Array;

  /** `memory` is that of the other thread's progress. */
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

  /** When the worker last said something, in milliseconds since 1970; 0 where it has not. */
  get changedAt(): number {
    return Number(Atomics.load(this.#numbers, 1));
  }

  /** Goes on to another stage. Throws `cancelled` where the upload has been cancelled. */
  enter(stage: Exclude<UploadStage, 'cancelled'>): void {
    if (this.#move(stages.indexOf(stage)) === cancelled) throw uploadCancelled();
    this.#changed();
  }

  /** Counting begins, also where it had begun before and came to nothing. Throws `cancelled` as `enter`. */
  beginCounting(): void {
    Atomics.store(this.#numbers, 0, 0n);
    this.enter('counting');
  }

  /** So many tokens more are counted. */
  addCounted(tokens: number): void {
    Atomics.add(this.#numbers, 0, BigInt(tokens));
    this.#changed();
  }

  /** Goes on where the upload has not been cancelled, else throws `cancelled`. Costs next to nothing. */
  readonly checkpoint = (): void => {
    if (Atomics.load(this.#stage, 0) === cancelled) throw uploadCancelled();
  };

  /** Has the upload end at its next checkpoint; false where it is too late for that. */
  cancel(): boolean {
    return this.#move(cancelled) === cancelled;
  }

  /** Moves on from a stage that is not final; answers the stage that stands then. */
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

/** What an upload that was cancelled ends with. */
export function uploadCancelled(): NgramdError {
  return new NgramdError('cancelled', 'The upload was cancelled, and nothing of it is in the corpus.');
}
