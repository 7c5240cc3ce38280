import type { CorpusState, SoakSettings } from './corpus-state.ts';

/** How many versions back an answer may be that comes late. */
const statesKept = 100;

/** A corpus from its creation to its deletion, at times as of `performance.now()`. */
interface Life {
  /** When its creation was asked for. */
  from: number;
  /** When its deletion was answered. */
  to: number;
  states: Map<number, CorpusState>;
}

/** What a name may have stood for, at which time: it is created, changed, deleted and created again. */
export class CorpusHistory {
  readonly name: string;
  readonly settings: SoakSettings;
  #lives: Life[] = [];
  /** From when its deletion was asked for to when its creation was answered. */
  #absences: { from: number; to: number }[] = [{ from: 0, to: Number.POSITIVE_INFINITY }];

  constructor(name: string, settings: SoakSettings) {
    this.name = name;
    this.settings = settings;
  }

  /** The state that was asked for last; undefined while there is no corpus. */
  get latest(): CorpusState | undefined {
    const life = this.#lives.at(-1);
    return life?.to === Number.POSITIVE_INFINITY ? [...life.states.values()].at(-1) : undefined;
  }

  /** Its creation is about to be asked for. */
  creating(state: CorpusState): void {
    const life = { from: performance.now(), to: Number.POSITIVE_INFINITY, states: new Map([[1, state]]) };
    this.#lives = [...this.#lives.slice(-2), life];
  }

  created(): void {
    (this.#absences.at(-1) as { to: number }).to = performance.now();
  }

  /** It was refused to create it. */
  notCreated(): void {
    this.#lives.pop();
  }

  /** A change to this state is about to be asked for. */
  changing(state: CorpusState): void {
    const { states } = this.#lives.at(-1) as Life;
    states.set(state.version, state);
    states.delete(state.version - statesKept);
  }

  /** The change to this state was refused. */
  notChanged(state: CorpusState): void {
    this.#lives.at(-1)?.states.delete(state.version);
  }

  deleting(): void {
    this.#absences = [...this.#absences.slice(-5), { from: performance.now(), to: Number.POSITIVE_INFINITY }];
  }

  deleted(): void {
    (this.#lives.at(-1) as Life).to = performance.now();
  }

  /** What may have been answered of a version between two times. */
  states(version: number, from: number, to: number): CorpusState[] {
    return this.#lives
      .filter((life) => life.from <= to && life.to >= from)
      .flatMap(({ states }) => states.get(version) ?? []);
  }

  /** Whether there may have been no corpus at a time between two. */
  mayBeAbsent(from: number, to: number): boolean {
    return this.#absences.some((absence) => absence.from <= to && absence.to >= from);
  }
}
