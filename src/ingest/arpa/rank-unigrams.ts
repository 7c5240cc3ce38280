import type { ArpaLevel } from '../../index/arpa/arpa-table.ts';
import { reservedTokens } from '../../text/reserved.ts';
import { sharedIds } from './level-builder.ts';

/** The words that can come next, by falling unigram probability, ties by id. */
export function rankUnigrams({ size, logProbabilities }: ArpaLevel): Uint32Array {
  const sequenceStart = reservedTokens('line').indexOf('<s>');
  const words: number[] = [];
  for (let id = 0; id < size; id++) {
    if (id !== sequenceStart && !Number.isNaN(logProbabilities[id])) words.push(id);
  }
  const ranked = sharedIds(words.length);
  // Infinities cannot be subtracted.
  const compare = (a: number, b: number) =>
    logProbabilities[a] === logProbabilities[b] ? a - b : logProbabilities[a] > logProbabilities[b] ? -1 : 1;
  ranked.set(words.sort(compare));
  return ranked;
}
