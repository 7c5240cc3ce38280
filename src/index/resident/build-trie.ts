import { randomInt, randomUUID } from 'node:crypto';
import { collectGarbage } from '../../garbage.ts';
import type { CorpusReader } from '../../store/sqlite/corpus-reader.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import { indexOf } from '../ranking.ts';
import { beginningWith, countAdjusted, linkSuffixes } from './adjusted-counts.ts';
import { findChild } from './children.ts';
import { type CountTrie, sharedCopy, type TrieLevel } from './count-trie.ts';
import { type GrownLevel, growLevels } from './grown-level.ts';
import { PlacedLevel } from './placed-level.ts';

/** Compiles all counts of a corpus, as they are in the reader's snapshot, from its merged runs. */
export function buildTrie(reader: CorpusReader): CountTrie {
  const { version, tokens, vocabularySize } = reader.summary();
  const { sequenceStart } = reader;
  const grown = growLevels(reader);
  adjustCounts(grown, sequenceStart);
  const lowCounts = grown.map(({ words, counts, adjusted }, i) => {
    const isCounted = (node: number) => i > 0 || words[node] !== sequenceStart;
    return {
      lowCounts: lowCountsOf(counts, isCounted),
      lowAdjustedCounts: adjusted && lowCountsOf(adjusted, isCounted),
    };
  });
  const unigrams = grown[0].words;
  const placed = placeLevels(grown);
  return {
    id: randomUUID(),
    settings: reader.settings,
    vocabulary: readVocabulary(reader),
    version,
    tokens,
    vocabularySize,
    sequenceStart,
    levels: placed.map(
      ({ size, places, nodes, stride, seed, large, largeSums }, i): TrieLevel => ({
        size,
        places,
        nodes,
        stride,
        seed,
        large: sharedCopy(large),
        largeSums: sharedCopy(largeSums),
        ends: findEnds(reader, unigrams, placed, i + 1),
        ...lowCounts[i],
      }),
    ),
  };
}

/** Gives the nodes of all levels below the highest order their adjusted counts. */
function adjustCounts(grown: readonly GrownLevel[], sequenceStart: TokenId | undefined): void {
  let suffixes: Uint32Array = new Uint32Array(0);
  for (let depth = 1; depth < grown.length; depth++) {
    suffixes = linkSuffixes(grown, depth, suffixes);
    const lineStarts = beginningWith(grown, depth - 1, sequenceStart);
    grown[depth - 1].adjusted = countAdjusted(grown[depth - 1], grown[depth], suffixes, lineStarts);
  }
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

/** The tokens of a corpus under their ids, which go up from 0 without a gap. */
function readVocabulary(reader: CorpusReader): SharedTokens {
  const table = new TokenTable();
  for (const token of reader.allTokens()) {
    const bytes = Buffer.from(token);
    table.intern(bytes, 0, bytes.length);
  }
  return table.share();
}

/** The nodes of an order that end a document, with how often they do; `unigrams` are the words of the lowest level. */
function findEnds(
  reader: CorpusReader,
  unigrams: Int32Array,
  levels: readonly PlacedLevel[],
  order: number,
): TrieLevel['ends'] {
  const found = reader.allSequenceEnds(order).map(({ ngram, count }) => {
    let node = indexOf(unigrams, ngram[0], 0, unigrams.length) as number;
    for (let depth = 1; depth < order; depth++) {
      node = findChild(levels[depth], levels[depth - 1], node, ngram[depth]);
    }
    return { node, count };
  });
  found.sort((a, b) => a.node - b.node);
  return {
    nodes: sharedCopy(found.map(({ node }) => node)),
    counts: sharedCopy(found.map(({ count }) => count)),
  };
}

function lowCountsOf(counts: Uint32Array, isCounted: (node: number) => boolean): LowCountsOfCounts {
  const ngrams = new Float64Array(5);
  for (const [node, count] of counts.entries()) if (count < 5 && isCounted(node)) ngrams[count]++;
  return [ngrams[1], ngrams[2], ngrams[3], ngrams[4]];
}
