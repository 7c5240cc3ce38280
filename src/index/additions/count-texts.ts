import { GrownLevel } from '../resident/grown-level.ts';
import type { AddedTexts } from './added-texts.ts';

/** The n-grams of texts up to an order, with n(g) in these texts: a level for each order, lowest first. */
export function countTexts(texts: AddedTexts, order: number): GrownLevel[] {
  const positions = sortPositions(texts, order);
  const { ids, ends } = texts;
  const lengthAt = (position: number) => Math.min(order, ends[position] - position);
  const shared = sharedWithPrevious(texts, positions, order);
  const sizes = new Array<number>(order).fill(0);
  for (const [i, position] of positions.entries()) {
    for (let depth = shared[i]; depth < lengthAt(position); depth++) sizes[depth]++;
  }
  const levels = sizes.map((size, depth) => new GrownLevel(size, depth === order - 1));
  const filled = new Array<number>(order).fill(0);
  for (const [i, position] of positions.entries()) {
    const length = lengthAt(position);
    for (let depth = shared[i]; depth < length; depth++) {
      const node = filled[depth]++;
      levels[depth].words[node] = ids[position + depth];
      if (depth < order - 1) levels[depth].firstChildren[node] = filled[depth + 1];
    }
    for (let depth = 0; depth < length; depth++) levels[depth].counts[filled[depth] - 1]++;
  }
  for (let depth = 0; depth < order - 1; depth++)
    levels[depth].firstChildren[sizes[depth]] = sizes[depth + 1];
  return levels;
}

/** All positions, by the n-grams that begin there; those of the end of a sequence, which are shorter, come first. */
function sortPositions({ ids, ends }: AddedTexts, order: number): Uint32Array {
  return Uint32Array.from(ids.keys()).sort((a, b) => {
    for (let i = 0; i < order; i++) {
      if (a + i === ends[a] || b + i === ends[b]) return ends[a] - a - (ends[b] - b);
      const difference = ids[a + i] - ids[b + i];
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** How many leading tokens the n-gram at each of the sorted positions shares with the previous one. */
function sharedWithPrevious({ ids, ends }: AddedTexts, positions: Uint32Array, order: number): Uint8Array {
  const shared = new Uint8Array(positions.length);
  for (let i = 1; i < positions.length; i++) {
    const a = positions[i - 1];
    const b = positions[i];
    const most = Math.min(order, ends[a] - a, ends[b] - b);
    while (shared[i] < most && ids[a + shared[i]] === ids[b + shared[i]]) shared[i]++;
  }
  return shared;
}
