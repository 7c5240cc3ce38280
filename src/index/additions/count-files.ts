import { type OrderedBlocks, unpackBlocks } from '../../ngrams/block-pieces.ts';
import { BlockStream } from '../../ngrams/block-stream.ts';
import { mergeStreams } from '../../ngrams/merge.ts';
import { type DocumentSummary, filePieces, type Snapshot } from '../../store/store.ts';
import { countsFile } from '../counts-file.ts';
import { GrownLevel } from '../resident/grown-level.ts';

/**
 * The n-grams of documents that are counts, with n(g) in these documents: a level for each order, lowest first.
 * Undefined if one of the documents has been removed since the snapshot's version. Throws `corpus-damaged` where the
 * prefix of an n-gram is missing.
 */
export async function readCountFiles(
  snapshot: Snapshot,
  documents: readonly DocumentSummary[],
  order: number,
): Promise<GrownLevel[] | undefined> {
  const files: OrderedBlocks[][] = [];
  for (const { id } of documents) {
    const pieces: OrderedBlocks[] = [];
    for await (const piece of filePieces(snapshot, countsFile(id))) pieces.push(unpackBlocks(piece));
    if (pieces.length === 0) return undefined;
    files.push(pieces);
  }
  const levels: GrownLevel[] = [];
  let shorter: SortedNGrams | undefined;
  for (let n = 1; n <= order; n++) {
    const ngrams = sum(files, n);
    const level = new GrownLevel(ngrams.counts.length, n === order);
    for (let node = 0; node < level.size; node++) {
      level.words[node] = ngrams.ids[n * node + n - 1];
      level.counts[node] = ngrams.counts[node];
    }
    if (shorter !== undefined && !linkChildren(levels[n - 2], shorter, ngrams))
      throw snapshot.damage(`the beginning of one of its ${n}-grams is not in the file of its document`);
    levels.push(level);
    shorter = ngrams;
  }
  return levels;
}

/** Distinct n-grams of one order, sorted by their ids. */
interface SortedNGrams {
  readonly order: number;
  readonly ids: readonly number[];
  readonly counts: readonly number[];
}

function sum(files: readonly (readonly OrderedBlocks[])[], order: number): SortedNGrams {
  const streams = files.map(
    (pieces) =>
      new BlockStream(
        order,
        pieces.filter((piece) => piece.order === order),
      ),
  );
  const stream = mergeStreams(order, streams);
  const ids: number[] = [];
  const counts: number[] = [];
  while (stream.next()) {
    for (const id of stream.ngram) ids.push(id);
    counts.push(stream.count);
  }
  return { order, ids, counts };
}

/** Notes the first child of each node of a level; false if a child has no parent there. */
function linkChildren(level: GrownLevel, parents: SortedNGrams, children: SortedNGrams): boolean {
  const { order, ids } = parents;
  const { size, firstChildren } = level;
  let parent = 0;
  for (let child = 0; child < children.counts.length; child++) {
    while (parent < size && !isBeginning(ids, parent * order, children.ids, child * (order + 1), order))
      firstChildren[++parent] = child;
    if (parent === size) return false;
  }
  while (parent < size) firstChildren[++parent] = children.counts.length;
  return true;
}

function isBeginning(
  ids: readonly number[],
  at: number,
  longer: readonly number[],
  longerAt: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) if (ids[at + i] !== longer[longerAt + i]) return false;
  return true;
}
