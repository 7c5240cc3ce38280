import { move, transferableSymbol, valueSymbol } from 'piscina';
import { type Outcome, outcomeOf } from '../../errors.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import { CorpusWriter } from '../../store/sqlite/corpus-writer.ts';
import { openCorpusFile, writerTimeout } from '../../store/sqlite/database.ts';
import { buffersOf, type DraftContent } from '../receiving/draft.ts';
import { type Added, type Addition, appendTexts, type Creation, createCorpus } from './commit-upload.ts';
import { takeBack } from './take-back.ts';

/** Makes a corpus of an upload's texts. */
export function create(task: Creation): Outcome<CorpusSummary> {
  return outcomeOf(() => createCorpus(task));
}

/** What an addition came to, or else its texts, to be tried again: another process is writing to the corpus. */
export type AddedOrBusy = Added | { busy: NonNullable<Outcome<never>>; draft: DraftContent | undefined };

/** Adds an upload's texts to a corpus. */
export function append(task: Addition): Outcome<AddedOrBusy> {
  const { draft } = task;
  const outcome = outcomeOf(() => appendTexts(task));
  if (!('problem' in outcome) || outcome.problem.code !== 'corpus-busy') return outcome;
  const value: Outcome<AddedOrBusy> = { result: { busy: outcome, draft } };
  if (draft === undefined) return value;
  return move({ [transferableSymbol]: buffersOf(draft), [valueSymbol]: value }) as unknown as typeof value;
}

/** What is taken back: a document of the corpus file at `path`; `scratchPath` is as for uploads. */
export interface Removal {
  readonly path: string;
  readonly id: string;
  readonly now: string;
  readonly scratchPath: string;
}

/** Takes a document back. */
export function removeDocument({ path, id, now, scratchPath }: Removal): Outcome<void> {
  return outcomeOf(() => {
    const writer = new CorpusWriter(openCorpusFile(path, writerTimeout));
    try {
      // On a full disk only a log with nothing else in it can be cut off after a change that fails.
      writer.emptyLog();
      writer.transaction(() => takeBack(writer, id, now, scratchPath));
    } finally {
      writer.close();
    }
  });
}

/** Merges the runs of the corpus file at `path` until there are few. */
export function compact({ path }: { path: string }): Outcome<void> {
  return outcomeOf(() => {
    const writer = new CorpusWriter(openCorpusFile(path));
    try {
      writer.transaction(() => writer.compact());
      writer.trim();
    } finally {
      writer.close();
    }
  });
}
