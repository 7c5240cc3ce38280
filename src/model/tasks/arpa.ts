import type { Outcome } from '../../errors.ts';
import { type Bytes, movedOutcomeOf } from '../../platform/moved.ts';
import { type ArpaOutline, arpaModel, arpaOutline } from '../arpa.ts';
import { type ArpaPart, arpaLines, partBytes } from '../arpa-level.ts';
import { type FamiliesPart, keptLines } from '../arpa-pruning/entropy-passes.ts';
import { type EntropyStep, makeStep } from '../arpa-pruning/entropy-steps.ts';
import type { Pruning } from '../arpa-pruning/pruning.ts';
import { answerCounted, askCounted, type Question } from './asking.ts';

/** What the model's ARPA file begins with, and the parts that it has. */
export function outlineArpa({
  pruning,
  ...question
}: Question & { pruning: Pruning }): Promise<Outcome<ArpaOutline>> {
  return answerCounted(question, async (model, corpus) =>
    arpaOutline(await arpaModel(model, corpus.trie), pruning),
  );
}

/** Some lines of the model's ARPA file, as UTF-8. */
export function writeArpa({ part, ...question }: Question & { part: ArpaPart }): Promise<Outcome<Bytes>> {
  return movedOutcomeOf(() =>
    askCounted(question, async (model, corpus) => {
      const { buffer, length } = arpaLines(await arpaModel(model, corpus.trie), part);
      return { memory: buffer, length };
    }),
  );
}

/** Makes a step of `pruneByEntropy`. Returns how many n-grams it has found to be left out. */
export function pruneArpa({
  step,
  ...question
}: Question & { step: EntropyStep }): Promise<Outcome<{ pruned: number }>> {
  return answerCounted(question, async (model, corpus) => {
    return { pruned: makeStep(await arpaModel(model, corpus.trie), step) };
  });
}

/** Some lines of the ARPA file of a model that was pruned by entropy, as UTF-8. */
export function writePrunedArpa({
  part,
  ...question
}: Question & { part: Omit<FamiliesPart, 'selection'> }): Promise<Outcome<Bytes>> {
  return movedOutcomeOf(() =>
    askCounted(question, async (model, corpus) => {
      const { buffer, length } = keptLines(await arpaModel(model, corpus.trie), part, partBytes);
      return { memory: buffer, length };
    }),
  );
}
