import { randomInt, randomUUID } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { CountedNGrams, Snapshot } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import { type RankedWords, rankWords } from '../ranking.ts';
import { indexOf } from '../search.ts';
import { beginningWith, checkFollowed, countAdjusted, type Damage, linkSuffixes } from './adjusted-counts.ts';
import { findChild, NONE } from './children.ts';
import { countBefore } from './count-list.ts';
import {
  type CountTrie,
  levelsBytes,
  sharedArray,
  sharedCopy,
  type TrieLevel,
  tooLargeForTrie,
  type Unigrams,
} from './count-trie.ts';
import { type GrownLevel, growLevels } from './grown-level.ts';
import { PlacedLevel } from './placed-level.ts';

/**
 * Builds a trie from all counts of a snapshot. Throws `index-too-large` if it would exceed `maxBytes`, and `corpus-damaged`
 * if the counts contradict each other, since no answer would be correct.
 */
export async function buildTrie(snapshot: Snapshot, maxBytes = Number.POSITIVE_INFINITY): Promise<CountTrie> {
  const summary = await snapshot.summary();
  const { version, tokens, vocabularySize } = summary;
  const sequenceStart = reservedId(summary, '<s>');
  const impossible = tooLargeForTrie(summary);
  if (impossible !== undefined) throw indexTooLarge(impossible);
  const vocabulary = await readVocabulary(
    snapshot,
    maxBytes - levelsBytes(summary.ngrams.map(({ distinct }) => distinct)),
  );
  const grown = await growLevels(snapshot, summary, vocabulary.size);
  const ends = await readEnds(snapshot, summary.order);
  checkCounts(snapshot, grown, ends);
  const starts = adjustCounts(snapshot, grown);
  const lowCounts = grown.map(({ words, counts, adjusted }, i) => {
    const isCounted = (node: number) => i > 0 || words[node] !== sequenceStart;
    return {
      lowCounts: lowCountsOf(counts, isCounted),
      lowAdjustedCounts: adjusted && lowCountsOf(adjusted, isCounted),
    };
  });
  const unigrams = describeUnigrams(grown[0], vocabulary.size, sequenceStart);
  const placed = placeLevels(grown);
  return {
    id: randomUUID(),
    corpus: snapshot.ref.id,
    settings: snapshot.settings,
    vocabulary,
    version,
    tokens,
    vocabularySize,
    sequenceStart,
    unigrams,
    levels: placed.map(({ size, places, nodes, stride, seed, large, largeSums, byCount }, i): TrieLevel => {
      const counted = { places, nodes, stride, large: sharedCopy(large) };
      return {
        size,
        seed,
        ...counted,
        largeSums: sharedCopy(largeSums),
        ends: findEnds(ends[i], unigrams, placed),
        starts: findStarts(starts[i] ?? [], unigrams, placed),
        byCount: { ...byCount, before: countBefore(counted, byCount.commonest) },
        ...lowCounts[i],
      };
    }),
  };
}

/** The error for a corpus that has no index in memory. `reason` is the beginning of a sentence. */
export function indexTooLarge(reason: string): NgramdError {
  return new NgramdError(
    'index-too-large',
    `This estimator needs the corpus's index in memory, which cannot be built: ${reason}. The other estimators but kneser-ney and modified-kneser-ney are answered from the file.`,
  );
}

/** Checks that each n-gram below the highest order is followed as often as it occurs and does not end a document. */
function checkCounts(
  snapshot: Snapshot,
  grown: readonly GrownLevel[],
  endsOfOrders: readonly (readonly SequenceEnd[])[],
): void {
  const damage = (reason: string) => snapshot.damage(reason);
  const sequenceEnd = reservedId(snapshot.settings, '</s>');
  for (let order = 1; order < grown.length; order++) {
    const ends = endsOfOrders[order - 1].map(({ ngram, count }) => {
      const node = grownNode(grown, ngram);
      if (node === undefined)
        throw damage(`its n-gram ${ngram.join(' ')} ends a document and is not counted`);
      return { node, count };
    });
    ends.sort((a, b) => a.node - b.node);
    checkFollowed(grown[order - 1], grown[order], ends, sequenceEnd, damage);
  }
}

type NGram = ArrayLike<TokenId>;

/** An n-gram at ends of documents, with their number. */
interface SequenceEnd {
  readonly ngram: Uint32Array;
  readonly count: number;
}

/** Those of each order, order 1 first. */
async function readEnds(snapshot: Snapshot, highest: number): Promise<SequenceEnd[][]> {
  const ends: SequenceEnd[][] = [];
  for (let order = 1; order <= highest; order++) ends.push(listed(await snapshot.sequenceEnds(order)));
  return ends;
}

function listed({ order, length, ids, counts }: CountedNGrams): SequenceEnd[] {
  return Array.from({ length }, (_, i) => ({
    ngram: ids.subarray(i * order, (i + 1) * order),
    count: counts[i],
  }));
}

/** The node of an n-gram among sorted ones, if it is there. */
function grownNode(grown: readonly GrownLevel[], ngram: Uint32Array): number | undefined {
  let start = 0;
  let end = grown[0].size;
  for (let depth = 0; ; depth++) {
    const node = indexOf(grown[depth].words, ngram[depth], start, end);
    if (node === undefined || depth === ngram.length - 1) return node;
    start = grown[depth].firstChildren[node];
    end = grown[depth].firstChildren[node + 1];
  }
}

/**
 * Gives the nodes of all levels below the highest order their adjusted counts. Returns the n-grams of each of these orders
 * that start documents.
 */
function adjustCounts(snapshot: Snapshot, grown: readonly GrownLevel[]): NGram[][] {
  const damage = (reason: string) => snapshot.damage(reason);
  const sequenceStart = reservedId(snapshot.settings, '<s>');
  let suffixes: Uint32Array = new Uint32Array(0);
  let beginnings: Starts = { nodes: [], ngrams: [] };
  const starts: NGram[][] = [];
  for (let depth = 1; depth < grown.length; depth++) {
    const level = grown[depth - 1];
    suffixes = linkSuffixes(grown, depth, suffixes, damage);
    const lineStarts = beginningWith(grown, depth - 1, sequenceStart);
    const counted = countAdjusted(level, grown[depth], suffixes, lineStarts, damage);
    level.adjusted = counted.adjusted;
    beginnings = spellStarts(
      level,
      counted.starts,
      depth === 1 ? undefined : grown[depth - 2],
      beginnings,
      damage,
    );
    starts.push(beginnings.ngrams);
  }
  return starts;
}

/** The n-grams of one order that start documents: their nodes, in ascending order, and their words. */
interface Starts {
  readonly nodes: readonly number[];
  readonly ngrams: NGram[];
}

/**
 * Spells the n-grams of nodes that start documents. The n-gram without its last word starts one too, and so is among those
 * of the level above, `beginnings`; for unigrams `parents` is undefined.
 */
function spellStarts(
  { words }: GrownLevel,
  nodes: readonly number[],
  parents: GrownLevel | undefined,
  beginnings: Starts,
  damage: Damage,
): Starts {
  if (parents === undefined) return { nodes, ngrams: nodes.map((node) => [words[node]]) };
  const { firstChildren } = parents;
  let at = 0;
  const ngrams = nodes.map((node) => {
    while (at < beginnings.nodes.length && firstChildren[beginnings.nodes[at] + 1] <= node) at++;
    if (at === beginnings.nodes.length || firstChildren[beginnings.nodes[at]] > node) {
      throw damage(
        `an n-gram that ends with the token ${words[node]} starts a document, and its beginning does not`,
      );
    }
    return [...Array.from(beginnings.ngrams[at]), words[node]];
  });
  return { nodes, ngrams };
}

function describeUnigrams(
  { size, words, counts, adjusted }: GrownLevel,
  vocabularySize: number,
  sequenceStart: TokenId | undefined,
): Unigrams {
  const nodes = sharedArray(vocabularySize).fill(NONE);
  const counted: number[] = [];
  let adjustedTotal = 0;
  for (let node = 0; node < size; node++) {
    nodes[words[node]] = node;
    if (words[node] === sequenceStart) continue;
    counted.push(node);
    if (adjusted !== undefined) adjustedTotal += adjusted[node];
  }
  const rankedBy = (counts: Uint32Array): RankedWords => {
    const ranked = rankWords(
      Uint32Array.from(counted, (node) => words[node]),
      Uint32Array.from(counted, (node) => counts[node]),
    );
    return { words: sharedCopy(ranked.words), counts: sharedCopy(ranked.counts) };
  };
  return {
    nodes,
    adjustedTotal,
    ranked: rankedBy(counts),
    rankedAdjusted: adjusted === undefined ? undefined : rankedBy(adjusted),
  };
}

/** Puts the nodes of all levels at their places. Takes the levels out of `grown`, so that their memory is free again. */
function placeLevels(grown: GrownLevel[]): PlacedLevel[] {
  const seed = randomInt(2 ** 32) | 0;
  const placed = [PlacedLevel.ofUnigrams(grown.shift() as GrownLevel, seed)];
  for (let level = grown.shift(); level !== undefined; level = grown.shift()) {
    collectGarbage();
    const parents = placed[placed.length - 1];
    placed.push(PlacedLevel.below(parents, level));
    parents.forgetGrown();
  }
  return placed;
}

/** The longest that all tokens may be together, in bytes: places in them are numbers of 32 bits. */
const maxTokenBytes = 2 ** 32 - 1;

/** The tokens of a corpus by id. Throws `index-too-large` if they exceed `maxBytes`. */
async function readVocabulary(snapshot: Snapshot, maxBytes: number): Promise<SharedTokens> {
  const table = new TokenTable();
  let length = 0;
  for await (const tokens of snapshot.vocabulary(0)) {
    for (const token of tokens) {
      const bytes = Buffer.from(token);
      length += bytes.length;
      if (length > Math.min(maxBytes, maxTokenBytes)) throw vocabularyTooLarge(length, maxBytes);
      const id = table.size;
      if (table.intern(bytes, 0, bytes.length) !== id) {
        throw snapshot.damage(`its vocabulary has the token ${JSON.stringify(token)} twice`);
      }
    }
  }
  return table.share();
}

/** The error for a vocabulary of which `length` bytes were read. */
function vocabularyTooLarge(length: number, maxBytes: number): NgramdError {
  return indexTooLarge(
    length > maxTokenBytes
      ? `the tokens of its vocabulary are longer than ${maxTokenBytes} bytes together`
      : `its vocabulary alone takes more than the ${Math.max(0, maxBytes)} bytes that INDEX_MEMORY_BYTES leaves for it`,
  );
}

/** The nodes of n-grams that end a document, with how often they do. */
function findEnds(
  ends: readonly SequenceEnd[],
  unigrams: Unigrams,
  levels: readonly PlacedLevel[],
): TrieLevel['ends'] {
  const found = ends.map(({ ngram, count }) => ({ node: placedNode(unigrams, levels, ngram), count }));
  found.sort((a, b) => a.node - b.node);
  return {
    nodes: sharedCopy(found.map(({ node }) => node)),
    counts: sharedCopy(found.map(({ count }) => count)),
  };
}

/** The nodes of n-grams that start a document. */
function findStarts(
  starts: readonly NGram[],
  unigrams: Unigrams,
  levels: readonly PlacedLevel[],
): TrieLevel['starts'] {
  return sharedCopy(starts.map((ngram) => placedNode(unigrams, levels, ngram))).sort();
}

/** The node of an n-gram that is counted. */
function placedNode({ nodes }: Unigrams, levels: readonly PlacedLevel[], ngram: NGram): number {
  let node = nodes[ngram[0]];
  for (let depth = 1; depth < ngram.length; depth++) {
    node = findChild(levels[depth], levels[depth - 1], node, ngram[depth]);
  }
  return node;
}

function lowCountsOf(counts: Uint32Array, isCounted: (node: number) => boolean): LowCountsOfCounts {
  const ngrams = new Float64Array(5);
  for (const [node, count] of counts.entries()) if (count < 5 && isCounted(node)) ngrams[count]++;
  return [ngrams[1], ngrams[2], ngrams[3], ngrams[4]];
}
