/**
 * What every store has to do, whatever it is made of. A new store passes when `storeContract` passes for it.
 */
import t, { type Test } from 'tap';
import { testChanges } from './contract/changes.ts';
import { testCopies } from './contract/copies.ts';
import { testCounts } from './contract/counts.ts';
import { testDamage } from './contract/damage.ts';
import { testFiles } from './contract/files.ts';
import { testJobs } from './contract/jobs.ts';
import { testNames } from './contract/names.ts';
import { testSnapshots } from './contract/snapshots.ts';
import type { Register, StoreUnderTest } from './contract/support.ts';
import { testTexts } from './contract/texts.ts';
import { testVocabulary } from './contract/vocabulary.ts';

/** Parts of the contract, each of which registers its tests. */
export type ContractParts = readonly ((test: Register) => void)[];

const allParts: ContractParts = [
  testNames,
  testChanges,
  testVocabulary,
  testCounts,
  testTexts,
  testSnapshots,
  testCopies,
  testFiles,
  testJobs,
  testDamage,
];

/** What the contract says of questions: where a store asks in another way than one that passes all of it. */
export const questions: ContractParts = [testVocabulary, testCounts, testSnapshots];

/** Registers the tests of a store, under its name. */
export function storeContract(
  name: string,
  open: (t: Test) => Promise<StoreUnderTest>,
  parts: ContractParts = allParts,
): void {
  const test: Register = (title, run) => t.test(`${name}: ${title}`, async (t) => run(t, await open(t)));
  for (const testPart of parts) testPart(test);
}
