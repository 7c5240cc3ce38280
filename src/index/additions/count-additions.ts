import { randomUUID } from 'node:crypto';
import type { CorpusSummary, Snapshot } from '../../store/store.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts } from '../count-index.ts';
import { type RankedWords, rankWords } from '../ranking.ts';
import { beginningWith, linkSuffixes } from '../resident/adjusted-counts.ts';
import { NONE } from '../resident/children.ts';
import {
  adjustedOf,
  type CountTrie,
  countOf,
  sharedArray,
  sharedCopy,
  type TrieLevel,
} from '../resident/count-trie.ts';
import type { GrownLevel } from '../resident/grown-level.ts';
import { childOf, ROOT } from '../resident/nodes.ts';
import { indexOf } from '../search.ts';
import { readAddedTexts } from './added-texts.ts';
import type { AddedLevel, Additions, SumDifferences } from './additions.ts';
import { readCountFiles } from './count-files.ts';
import { countTexts } from './count-texts.ts';

/** The maximum number of documents that are counted beside an index. */
const maxDocuments = 2 ** 16;

/**
 * Counts what a snapshot has in addition to a trie of an earlier version of the corpus. Undefined if it does not only
 * have additional documents, or if the result contradicts the snapshot's totals: the index must then be built anew.
 */
export async function countAdditions(snapshot: Snapshot, trie: CountTrie): Promise<Additions | undefined> {
  const counted = await countAdded(snapshot, trie);
  if (counted === undefined) return undefined;
  const nodes = findNodes(trie, counted);
  const adjusted = addToAdjusted(snapshot, trie, counted, nodes);
  const ngrams = counted.map((grown, i) => changesOf(trie.levels[i], grown, nodes[i], adjusted[i]));
  const isWord = (node: number) => counted[0].words[node] !== trie.sequenceStart;
  const isCounted = (order: number) => (order === 1 ? isWord : () => true);
  const levels = ngrams.map((ofOrder, i) => addedLevel(ofOrder, ngrams[i + 1], isCounted(i + 1)));
  const newNGrams = nodes.map(
    (ofOrder, i) => ofOrder.filter((node, at) => node === NONE && isCounted(i + 1)(at)).length,
  );
  const rank = (ranked: RankedWords | undefined, change: Change | undefined) =>
    ranked && change && rankAgain(ranked, counted[0].words, change, isWord);
  const summary = await snapshot.summary();
  if (!agrees(summary, trie, newNGrams)) return undefined;
  const [unigrams] = levels;
  return {
    id: randomUUID(),
    version: summary.version,
    tokens: summary.tokens - trie.tokens,
    vocabulary: await readNewTokens(snapshot, trie.vocabulary),
    newNGrams,
    adjustedTotal: unigrams.continuations?.filter((_, node) => isWord(node)).reduce((a, b) => a + b, 0) ?? 0,
    ranked: {
      occurrences: rank(trie.unigrams.ranked, ngrams[0].occurrences),
      continuations: rank(trie.unigrams.rankedAdjusted, ngrams[0].continuations),
    },
    levels,
  };
}

/** The n-grams of the documents that were added; undefined if others were removed, or there are too many. */
async function countAdded(snapshot: Snapshot, trie: CountTrie): Promise<GrownLevel[] | undefined> {
  const documents = await snapshot.documentsSince(trie.version, maxDocuments);
  const { tokens } = await snapshot.summary();
  const added = documents.reduce((sum, document) => sum + document.tokens, 0);
  // There are those that were there before, and these; if older ones are missing, there are too few.
  if (trie.tokens + added !== tokens) return undefined;
  const order = trie.levels.length;
  if (snapshot.settings.content !== undefined) return readCountFiles(snapshot, documents, order);
  return countTexts(await readAddedTexts(snapshot, trie.tokens, documents), order);
}

/** Whether there are as many n-grams of each order as the counts of counts say. */
function agrees(
  { ngrams, vocabularySize }: CorpusSummary,
  trie: CountTrie,
  newNGrams: readonly number[],
): boolean {
  return ngrams.every(({ distinct }, i) =>
    i === 0
      ? distinct === trie.vocabularySize + newNGrams[0] && distinct === vocabularySize
      : distinct === trie.levels[i].size + newNGrams[i],
  );
}

/** The node of each added n-gram in the trie; `NONE` if it is not there. */
function findNodes(trie: CountTrie, counted: readonly GrownLevel[]): Int32Array[] {
  const nodes: Int32Array[] = [];
  for (const [depth, { size, words }] of counted.entries()) {
    const found = new Int32Array(size).fill(NONE);
    if (depth === 0)
      for (let node = 0; node < size; node++) found[node] = childOf(trie, 1, ROOT, words[node]);
    else {
      const parents = counted[depth - 1];
      for (let parent = 0; parent < parents.size; parent++) {
        const inTrie = nodes[depth - 1][parent];
        if (inTrie === NONE) continue;
        const end = parents.firstChildren[parent + 1];
        for (let node = parents.firstChildren[parent]; node < end; node++) {
          found[node] = childOf(trie, depth + 1, inTrie, words[node]);
        }
      }
    }
    nodes.push(found);
  }
  return nodes;
}

/**
 * What is added to a(g) of the n-grams of each order below the highest: one for each n-gram v g that is new, and one if
 * g starts a document now and did not before. For what begins with `<s>` it is what is added to n(g).
 */
function addToAdjusted(
  snapshot: Snapshot,
  { levels, sequenceStart }: CountTrie,
  counted: readonly GrownLevel[],
  nodes: readonly Int32Array[],
): Uint32Array[] {
  const added: Uint32Array[] = [];
  let suffixes: Uint32Array = new Uint32Array(0);
  for (let depth = 1; depth < counted.length; depth++) {
    const { size, counts } = counted[depth - 1];
    const below = counted[depth];
    const { starts } = levels[depth - 1];
    suffixes = linkSuffixes(counted, depth, suffixes, (reason) => snapshot.damage(reason));
    const lineStarts = beginningWith(counted, depth - 1, sequenceStart);
    const adjusted = new Uint32Array(size);
    const preceded = new Uint32Array(size);
    for (let node = 0; node < below.size; node++) {
      if (nodes[depth][node] === NONE) adjusted[suffixes[node]]++;
      preceded[suffixes[node]] += below.counts[node];
    }
    for (let node = 0; node < size; node++) {
      if (node >= lineStarts.first && node < lineStarts.end) adjusted[node] = counts[node];
      else if (
        preceded[node] < counts[node] &&
        indexOf(starts, nodes[depth - 1][node], 0, starts.length) === undefined
      )
        adjusted[node]++;
    }
    added.push(adjusted);
  }
  return added;
}

/** What is counted of the n-grams of a level: what is added, and what the trie has. */
interface Change {
  readonly added: Uint32Array;
  readonly before: Uint32Array;
}

/** The added n-grams of one order. */
interface Counted {
  readonly grown: GrownLevel;
  /** Their nodes in the trie; `NONE` if it does not have them. */
  readonly nodes: Int32Array;
  readonly occurrences: Change;
  /** Undefined at the highest order. */
  readonly continuations: Change | undefined;
}

function changesOf(
  level: TrieLevel,
  grown: GrownLevel,
  nodes: Int32Array,
  adjusted: Uint32Array | undefined,
): Counted {
  const before = (read: (level: TrieLevel, node: number) => number) =>
    Uint32Array.from(nodes, (node) => (node === NONE ? 0 : read(level, node)));
  return {
    grown,
    nodes,
    occurrences: { added: grown.counts, before: before(countOf) },
    continuations: adjusted && { added: adjusted, before: before(adjustedOf) },
  };
}

/** `below` are the n-grams of the next order; `isCounted` is false for `<s>` alone. */
function addedLevel(
  { grown, occurrences, continuations }: Counted,
  below: Counted | undefined,
  isCounted: (node: number) => boolean,
): AddedLevel {
  const { words, firstChildren } = grown;
  const sums = (change: Change | undefined) => change && sumsAdded(firstChildren, change);
  return {
    words: sharedInts(words),
    firstChildren: sharedInts(firstChildren),
    occurrences: sharedCopy(occurrences.added),
    continuations: continuations && sharedCopy(continuations.added),
    followers: below === undefined ? new Uint32Array(0) : followersAdded(firstChildren, below.nodes),
    sums: { occurrences: sums(below?.occurrences), continuations: sums(below?.continuations) },
    lowCounts: {
      occurrences: lowCountsAdded(occurrences, isCounted),
      continuations: continuations && lowCountsAdded(continuations, isCounted),
    },
  };
}

/** By how much the number of n-grams with this count changes with one of them. */
function step({ added, before }: Change, node: number, count: number): number {
  return (before[node] + added[node] === count ? 1 : 0) - (before[node] === count ? 1 : 0);
}

function lowCountsAdded(change: Change, isCounted: (node: number) => boolean): LowCountsOfCounts {
  const ngrams = [0, 0, 0, 0];
  for (let node = 0; node < change.added.length; node++) {
    if (isCounted(node)) for (let i = 0; i < 4; i++) ngrams[i] += step(change, node, i + 1);
  }
  const [n1, n2, n3, n4] = ngrams;
  return [n1, n2, n3, n4];
}

function sumsAdded(firstChildren: Int32Array, change: Change): SumDifferences {
  const parents = firstChildren.length - 1;
  const sums = {
    contextCount: sharedCopy(new Uint32Array(parents)),
    once: sharedArray(parents),
    twice: sharedArray(parents),
  };
  for (let parent = 0; parent < parents; parent++) {
    for (let node = firstChildren[parent]; node < firstChildren[parent + 1]; node++) {
      sums.contextCount[parent] += change.added[node];
      sums.once[parent] += step(change, node, 1);
      sums.twice[parent] += step(change, node, 2);
    }
  }
  return sums;
}

function followersAdded(firstChildren: Int32Array, nodes: Int32Array): Uint32Array {
  const parents = firstChildren.length - 1;
  const followers = sharedCopy(new Uint32Array(parents));
  for (let parent = 0; parent < parents; parent++) {
    for (let node = firstChildren[parent]; node < firstChildren[parent + 1]; node++) {
      if (nodes[node] === NONE) followers[parent]++;
    }
  }
  return followers;
}

/**
 * The ranked list of all words: those whose counts have changed are taken out of the old list and merged into it again.
 */
function rankAgain(
  old: RankedWords,
  words: Int32Array,
  { added, before }: Change,
  isWord: (node: number) => boolean,
): RankedWords {
  const changed = Array.from(words.keys()).filter(isWord);
  const again = rankWords(
    changed.map((node) => words[node]),
    changed.map((node) => before[node] + added[node]),
  );
  const hasChanged = new Set(again.words);
  const length = old.words.length + changed.filter((node) => before[node] === 0).length;
  const ranked = { words: sharedCopy(new Uint32Array(length)), counts: sharedCopy(new Uint32Array(length)) };
  let next = 0;
  let from = 0;
  for (let rank = 0; rank < length; rank++) {
    while (from < old.words.length && hasChanged.has(old.words[from])) from++;
    const isOld =
      from < old.words.length &&
      (next === changed.length ||
        old.counts[from] > again.counts[next] ||
        (old.counts[from] === again.counts[next] && old.words[from] < again.words[next]));
    const list = isOld ? old : again;
    const at = isOld ? from++ : next++;
    ranked.words[rank] = list.words[at];
    ranked.counts[rank] = list.counts[at];
  }
  return ranked;
}

/** The tokens of a snapshot after those of a vocabulary. */
async function readNewTokens(snapshot: Snapshot, known: SharedTokens): Promise<SharedTokens> {
  const old = TokenTable.of(known);
  const table = new TokenTable();
  for await (const tokens of snapshot.vocabulary(known.size)) {
    for (const token of tokens) {
      const bytes = Buffer.from(token);
      const id = table.size;
      if (old.find(bytes, 0, bytes.length) >= 0 || table.intern(bytes, 0, bytes.length) !== id) {
        throw snapshot.damage(`its vocabulary has the token ${JSON.stringify(token)} twice`);
      }
    }
  }
  return table.share();
}

function sharedInts(numbers: Int32Array): Int32Array {
  const copy = sharedArray(numbers.length);
  copy.set(numbers);
  return copy;
}
