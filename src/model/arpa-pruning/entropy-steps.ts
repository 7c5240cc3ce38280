import { type ArpaModel, type EstimatedPart, estimatePart } from '../arpa-level.ts';
import type { EstimatedLevel } from '../written-levels.ts';
import { type FamiliesPart, pruneFamilies, reweighFamilies } from './entropy-passes.ts';

/** A step of pruning by entropy that a thread makes for a part of an order. */
export type EntropyStep =
  | { readonly step: 'estimate'; readonly part: EstimatedPart }
  | { readonly step: 'prune'; readonly part: FamiliesPart; readonly threshold: number }
  | { readonly step: 'clear weights'; readonly level: EstimatedLevel }
  | { readonly step: 'reweigh'; readonly part: FamiliesPart };

/** Makes a step. Returns how many n-grams it has found to be left out. */
export function makeStep(model: ArpaModel, step: EntropyStep): number {
  switch (step.step) {
    case 'prune':
      return pruneFamilies(model, step.part, step.threshold);
    case 'estimate':
      estimatePart(model, step.part);
      return 0;
    case 'clear weights':
      step.level.weights.fill(1);
      return 0;
    case 'reweigh':
      reweighFamilies(model, step.part);
      return 0;
  }
}
