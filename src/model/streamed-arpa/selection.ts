import type { CountedAs } from '../../index/count-index.ts';
import type { CountedNGrams, Snapshot } from '../../store/store.ts';
import { CountSums, type Pruning, type Selection, thresholdsTo } from '../arpa-pruning/pruning.ts';
import { selectWords } from '../arpa-pruning/words.ts';
import type { BackoffModel } from '../backoff-model.ts';
import { NGramCursor, type SelectedNGrams } from './families.ts';

/** What of a model's n-grams is kept, and the number of n-grams of each order, including the unigram `<s>`. */
export interface SnapshotSelection {
  readonly selection: Selection;
  readonly kept: readonly number[];
}

/**
 * Reads the unigrams to select words, and the n-grams of every order to count those that are kept. `tokens` is the
 * number of tokens of the vocabulary. Throws the errors of `selectWords`.
 */
export async function selectInSnapshot(
  { settings, vocabulary, order, numbers }: BackoffModel,
  snapshot: Snapshot,
  pruning: Pruning,
  tokens: number,
): Promise<SnapshotSelection> {
  const counts = new Float64Array(tokens);
  for await (const batch of snapshot.ngrams(1)) {
    for (let i = 0; i < batch.length; i++) counts[batch.ids[i]] = batch.counts[i];
  }
  const thresholds = thresholdsTo(order, pruning);
  const words = await selectWords({ ...pruning, thresholds }, { settings, vocabulary, counts });
  const pruned = new CountSums(1);
  for await (const batch of countedNGrams(snapshot, 1, numbers.orders[0].counts)) {
    for (let i = 0; i < batch.length; i++) if (words[batch.ids[i]] === 0) pruned.add(batch.counts[i]);
  }
  const selection = { thresholds, words, prunedUnigrams: pruned.toPlain() };
  const kept: number[] = [];
  for (let k = 1; k <= order; k++) kept.push(await numberOf(snapshot, k, selection));
  return { selection, kept };
}

/** The n-grams of an order with what is counted of them. */
export function countedNGrams(
  snapshot: Snapshot,
  order: number,
  counts: CountedAs,
): AsyncIterable<CountedNGrams> {
  return counts === 'continuations' ? snapshot.adjustedNGrams(order) : snapshot.ngrams(order);
}

/** The same, of which a selection keeps some: whether one is kept depends on how often it occurs. */
export async function* selectedNGrams(
  snapshot: Snapshot,
  order: number,
  counts: CountedAs,
  selection: Selection,
): AsyncGenerator<SelectedNGrams, void> {
  const occurrences = new NGramCursor(counts === 'continuations' ? snapshot.ngrams(order) : none());
  try {
    for await (const batch of countedNGrams(snapshot, order, counts)) {
      const kept = new Uint8Array(batch.length);
      for (let i = 0; i < batch.length; i++) {
        let count = batch.counts[i];
        if (counts === 'continuations') {
          if (!occurrences.isLoaded && !(await occurrences.load())) throw differ(snapshot, order);
          const { ids, counts } = occurrences.batch as CountedNGrams;
          const at = occurrences.at++;
          if (!isSame(ids, at, batch.ids, i, order)) throw differ(snapshot, order);
          count = counts[at];
        }
        if (keeps(selection, order, batch.ids, i * order, count)) kept[i] = 1;
      }
      yield { ...batch, kept };
    }
  } finally {
    await occurrences.close();
  }
}

/** Whether the n-gram `ids[at, at + order)` is kept, which occurs so often. */
function keeps(
  { words, thresholds }: Selection,
  order: number,
  ids: Uint32Array,
  at: number,
  count: number,
): boolean {
  for (let i = 0; i < order; i++) if (words[ids[at + i]] === 0) return false;
  return order === 1 || count > thresholds[order - 1];
}

/** The number of n-grams of an order that are kept. */
async function numberOf(snapshot: Snapshot, order: number, selection: Selection): Promise<number> {
  const least = order === 1 ? 1 : selection.thresholds[order - 1] + 1;
  let kept = 0;
  for await (const { length, ids, counts } of snapshot.ngrams(order, [], least)) {
    for (let i = 0; i < length; i++) if (keeps(selection, order, ids, i * order, counts[i])) kept++;
  }
  return kept;
}

async function* none(): AsyncGenerator<CountedNGrams, void> {}

function isSame(a: Uint32Array, i: number, b: Uint32Array, j: number, order: number): boolean {
  for (let k = 0; k < order; k++) if (a[i * order + k] !== b[j * order + k]) return false;
  return true;
}

function differ(snapshot: Snapshot, order: number): Error {
  return snapshot.damage(`the ${order}-grams that are counted and those with adjusted counts differ`);
}
