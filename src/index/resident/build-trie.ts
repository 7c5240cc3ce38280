import { randomInt, randomUUID } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { CountedNGrams, NGrams, Snapshot } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import { type RankedWords, rankWords } from '../ranking.ts';
import { beginningWith, checkFollowed, countAdjusted, linkSuffixes } from './adjusted-counts.ts';
import { NONE } from './children.ts';
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
import { grownNodes, placedEnds, placedStarts, readEnds, spell } from './document-bounds.ts';
import { type GrownLevel, growLevels } from './grown-level.ts';
import { PlacedLevel } from './placed-level.ts';

/**
 * Builds a trie from all counts of a snapshot. Throws `index-too-large` if it would exceed `maxBytes`, and
 * `corpus-damaged` if the counts contradict each other, since no answer would be correct.
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
        ends: placedEnds(ends[i], unigrams, placed),
        starts: placedStarts(starts[i] ?? noNGrams, unigrams, placed),
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
  endsOfOrders: readonly CountedNGrams[],
): void {
  const damage = (reason: string) => snapshot.damage(reason);
  const sequenceEnd = reservedId(snapshot.settings, '</s>');
  for (let order = 1; order < grown.length; order++) {
    const ends = grownNodes(grown, endsOfOrders[order - 1], damage);
    checkFollowed(grown[order - 1], grown[order], ends, sequenceEnd, damage);
  }
}

/**
 * Gives the nodes of all levels below the highest order their adjusted counts. Returns the n-grams of each of these
 * orders that start documents.
 */
function adjustCounts(snapshot: Snapshot, grown: readonly GrownLevel[]): NGrams[] {
  const damage = (reason: string) => snapshot.damage(reason);
  const sequenceStart = reservedId(snapshot.settings, '<s>');
  let suffixes: Uint32Array = new Uint32Array(0);
  const starts: NGrams[] = [];
  for (let depth = 1; depth < grown.length; depth++) {
    const level = grown[depth - 1];
    suffixes = linkSuffixes(grown, depth, suffixes, damage);
    const lineStarts = beginningWith(grown, depth - 1, sequenceStart);
    const counted = countAdjusted(level, grown[depth], suffixes, lineStarts, damage);
    level.adjusted = counted.adjusted;
    starts.push(spell(grown, depth, counted.starts));
  }
  return starts;
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

/**
 * Puts the nodes of all levels at their places. Takes the levels out of `grown`, so that their memory is free again.
 */
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

const noNGrams: NGrams = { order: 1, length: 0, ids: new Uint32Array(0) };

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

function lowCountsOf(counts: Uint32Array, isCounted: (node: number) => boolean): LowCountsOfCounts {
  const ngrams = new Float64Array(5);
  for (const [node, count] of counts.entries()) if (count < 5 && isCounted(node)) ngrams[count]++;
  return [ngrams[1], ngrams[2], ngrams[3], ngrams[4]];
}
