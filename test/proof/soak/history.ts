import type { CorpusState, SoakSettings } from './corpus-state.ts';

/** How many versions old a late answer may be. */
const statesKept = 100;

/** A corpus from its creation to its deletion, at times as of `performance.now()`. */
interface Life {
  /** When its creation was requested. */
  from: number;
  /** When its deletion was answered. */
  to: number;
  states: Map<number, CorpusState>;
}

/** The corpora that a name may have referred to over time, as it is created, changed, deleted and created again. */
export class CorpusHistory {
  readonly name: string;
  readonly settings: SoakSettings;
  #lives: Life[] = [];
  /** From the request of a deletion to the answer of the next creation. */
  #absences: { from: number; to: number }[] = [{ from: 0, to: Number.POSITIVE_INFINITY }];

  constructor(name: string, settings: SoakSettings) {
    this.name = name;
    this.settings = settings;
  }

  /** The state that was requested last; undefined while there is no corpus. */
  get latest(): CorpusState | undefined {
    const life = this.#lives.at(-1);
    return life?.to === Number.POSITIVE_INFINITY ? [...life.states.values()].at(-1) : undefined;
  }

  /** Call before its creation is requested. */
  creating(state: CorpusState): void {
    const life = { from: performance.now(), to: Number.POSITIVE_INFINITY, states: new Map([[1, state]]) };
    this.#lives = [...this.#lives.slice(-2), life];
  }

  created(): void {
    (this.#absences.at(-1) as { to: number }).to = performance.now();
  }

  /** Call when its creation was refused. */
  notCreated(): void {
    this.#lives.pop();
  }

  /** Call before a change to this state is requested. */
  changing(state: CorpusState): void {
    const { states } = this.#lives.at(-1) as Life;
    states.set(state.version, state);
    states.delete(state.version - statesKept);
  }

  /** Call when the change to this state was refused. */
  notChanged(state: CorpusState): void {
    this.#lives.at(-1)?.states.delete(state.version);
  }

  deleting(): void {
    this.#absences = [...this.#absences.slice(-5), { from: performance.now(), to: Number.POSITIVE_INFINITY }];
  }

  deleted(): void {
    (this.#lives.at(-1) as Life).to = performance.now();
  }

  /** The states that may be the answer for a version between two times. */
  states(version: number, from: number, to: number): CorpusState[] {
    return this.#lives
      .filter((life) => life.from <= to && life.to >= from)
      .flatMap(({ states }) => states.get(version) ?? []);
  }

  /** Whether there may have been no corpus at some time between two times. */
  mayBeAbsent(from: number, to: number): boolean {
    return this.#absences.some((absence) => absence.from <= to && absence.to >= from);
  }
}
