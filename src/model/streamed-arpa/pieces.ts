import { left, totalOf } from '../../estimators/evaluation/terms.ts';
import type { OrderNumbers } from '../../estimators/numbers.ts';
import { type ContextCounts, UNSEEN } from '../../index/count-index.ts';
import type { Snapshot } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import type { TokenList } from '../../text/token-table.ts';
import { arpaBeginning, arpaHeader } from '../arpa.ts';
import { ArpaLines } from '../arpa-lines.ts';
import { baseWithout, keepsAll, type Pruning, type Selection } from '../arpa-pruning/pruning.ts';
import type { BackoffModel } from '../backoff-model.ts';
import type { Families } from './families.ts';
import { familiesOf, massLeft, NextOrder } from './next-order.ts';
import { selectInSnapshot } from './selection.ts';
import { readTokenList } from './token-list.ts';

/** About how many bytes a piece has, and how many more there is room for at first. */
const pieceBytes = 2 ** 20;
const lineBytes = 2 ** 12;

/** A model whose counts are in a snapshot. */
interface StoredModel extends BackoffModel {
  readonly tokens: TokenList;
  readonly snapshot: Snapshot;
  readonly selection: Selection | undefined;
}

/** An order that can be written. */
interface WritableOrder {
  readonly order: number;
  readonly numbers: OrderNumbers;
  readonly families: Families;
  /** The counts after a context; undefined if they are those of the family. */
  readonly context: ContextCounts | undefined;
  /** P of the suffix of the next n-gram. */
  readonly lower: { next(): number; readonly isAtEnd: boolean };
}

/**
 * The ARPA file of a model from a snapshot of a store that has adjusted counts: byte for byte that which is written
 * from an index in memory, in pieces of about a megabyte.
 *
 *     P(w|h) = (what is left of the count of hw + mass of h · P(w|h')) / total of h
 *
 * All of this comes sorted as the n-grams hw are: their counts, and with them the sums over the family; and P(w|h'),
 * which was given to each n-gram that ends with h'w when that was written (`NextOrder`). So the memory is that of the
 * vocabulary and of the largest family. What is needed of two orders is in temporary files, whose paths begin with
 * `scratch`.
 *
 * N-grams that are pruned are read as the others are, and left out when they come to be written. Those that end or
 * begin with one are pruned, too.
 */
export async function* streamedArpa(
  backoffModel: BackoffModel,
  snapshot: Snapshot,
  pruning: Pruning,
  scratch: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  if (pruning.entropy !== undefined) throw new Error('Entropies are computed from an index in memory.');
  const tokens = await readTokenList(snapshot);
  const selected = keepsAll(pruning)
    ? undefined
    : await selectInSnapshot(backoffModel, snapshot, pruning, tokens.size);
  const selection = selected?.selection;
  const { ngrams, addedUnigrams } = await arpaBeginning(
    backoffModel,
    selected && { kept: selected.kept, prunedUnigrams: selected.selection.prunedUnigrams },
  );
  yield Buffer.from(arpaHeader(ngrams));
  const model = { ...backoffModel, snapshot, tokens, selection };
  const { numbers } = model;
  let current: NextOrder | undefined;
  let next: NextOrder | undefined;
  try {
    for (let order = 1; order <= model.order; order++) {
      yield Buffer.from(`\n\\${order}-grams:\n${order === 1 ? addedUnigrams : ''}`);
      const written = await (current === undefined ? unigrams(model) : collected(model, order, current));
      next =
        order === model.order
          ? undefined
          : await NextOrder.begin(snapshot, order + 1, numbers.orders[order], selection, scratch);
      yield* linesOf(model, written, next);
      await current?.close();
      current = next;
      next = undefined;
    }
  } finally {
    await current?.close();
    await next?.close();
  }
  yield Buffer.from('\n\\end\\\n');
}

/** The lowest order, of which all n-grams have the same context and the same lower probability. */
async function unigrams({
  numbers,
  counts,
  estimator,
  snapshot,
  selection,
}: StoredModel): Promise<WritableOrder> {
  const [ofOrder] = numbers.orders;
  const asked = { context: [], word: UNSEEN, reading: estimator.reads(1) };
  const index = await counts.prepare({ levels: [asked] });
  const [context] = index.levels(asked.context, asked.word, asked.reading);
  const base = baseWithout(numbers.base, selection?.prunedUnigrams.followers ?? 0);
  const lower = { next: () => base, isAtEnd: false };
  const families = familiesOf(snapshot, 1, ofOrder, selection);
  return { order: 1, numbers: ofOrder, families, context, lower };
}

/** A higher order. */
async function collected(
  { numbers, snapshot }: StoredModel,
  order: number,
  next: NextOrder,
): Promise<WritableOrder> {
  const found = await next.collected();
  if (found !== undefined) return { order, numbers: numbers.orders[order - 1], context: undefined, ...found };
  throw contradicts(snapshot, order);
}

/** The lines of an order, of which `next` collects what the next one is written from. */
async function* linesOf(
  { settings, tokens, spaceId, snapshot }: StoredModel,
  { order, numbers, families, context, lower }: WritableOrder,
  next: NextOrder | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const newLines = () => new ArpaLines(tokens, spaceId, pieceBytes + lineBytes);
  /** <s> is only ever a context. */
  const sequenceStart = order === 1 ? reservedId(settings, '<s>') : undefined;
  const { family } = families;
  const ngram = new Int32Array(order);
  let lines = newLines();
  while (await families.next()) {
    const mass = massLeft(numbers, context ?? family, family.pruned);
    const total = totalOf(numbers, context ?? family);
    ngram.set(family.context);
    for (let i = 0; i < family.length; i++) {
      if (lower.isAtEnd) throw contradicts(snapshot, order);
      const word = family.words[i];
      ngram[order - 1] = word;
      const lowerProbability = lower.next();
      const interpolated = (left(numbers, family.counts[i]) + mass * lowerProbability) / total;
      const probability = word === sequenceStart ? 1 : interpolated;
      const taken = next?.take(ngram, probability);
      const backoff = taken instanceof Promise ? await taken : taken;
      if (family.kept[i] === 0) continue;
      lines.add(probability, ngram, 0, order, backoff);
      if (lines.length < pieceBytes) continue;
      yield lines.written;
      lines = newLines();
    }
  }
  yield lines.written;
}

/** The error for an order of which some n-grams begin or end with none of the order before. */
function contradicts(snapshot: Snapshot, order: number): Error {
  return snapshot.damage(
    `some of its ${order}-grams begin or end with ${order - 1}-grams that are not counted`,
  );
}
