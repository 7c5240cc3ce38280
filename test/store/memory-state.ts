import { listedNGrams } from '../../src/store/corpus.ts';
import type {
  Context,
  Continuations,
  CorpusSettings,
  CorpusSummary,
  CountOfCounts,
  KeptAnswer,
  NumberedDocument,
} from '../../src/store/store.ts';
import { initialTokens, reservedId } from '../../src/text/reserved.ts';
import { countOf, emptyTable, ngramAt, placeOf, type Table } from './memory-table.ts';

/** The answer to a request with an idempotency key, as JSON. */
type Kept = Omit<KeptAnswer, 'key' | 'answer'> & { readonly answer: string };

/** A corpus at one version. It is never changed: a change makes another. */
export interface State {
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** By id. */
  readonly vocabulary: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
  /** The counts of each order, order 1 first. */
  readonly tables: readonly Table[];
  /** How often an n-gram, its ids joined with commas, is the end of a document. */
  readonly ends: ReadonlyMap<string, number>;
  readonly tokens: Uint32Array;
  readonly documents: readonly NumberedDocument[];
  readonly lastOrdinal: number;
  /** How many documents the corpus was created with. */
  readonly createdDocuments: number;
  readonly answers: ReadonlyMap<string, Kept>;
  readonly files: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** A corpus before its first version. */
export function initialState(settings: CorpusSettings, now: string): State {
  const vocabulary = initialTokens(settings);
  return {
    settings,
    version: 0,
    createdAt: now,
    updatedAt: now,
    vocabulary,
    ids: new Map(vocabulary.map((token, id) => [token, id])),
    tables: Array.from({ length: settings.order }, (_, i) => emptyTable(i + 1)),
    ends: new Map(),
    tokens: new Uint32Array(0),
    documents: [],
    lastOrdinal: 0,
    createdDocuments: 0,
    answers: new Map(),
    files: new Map(),
  };
}

export function summaryOf(state: State): CorpusSummary {
  const { settings, version, documents, tables, createdAt, updatedAt } = state;
  const counted = tables.map(({ order }) => {
    const counts = wordCountsOf(state, order);
    return { order, distinct: counts.length, total: counts.reduce((sum, count) => sum + count, 0) };
  });
  const ngrams = listedNGrams(settings) ?? counted;
  return {
    ...settings,
    version,
    documents: documents.length,
    tokens: tokensOf(state),
    vocabularySize: ngrams[0].distinct,
    tokenIds: state.vocabulary.length,
    ngrams,
    bytes: documents.reduce((sum, { bytes }) => sum + bytes, 0),
    createdAt,
    updatedAt,
  };
}

/** n, which is not the length of the stream where documents are counts. */
function tokensOf({ documents }: State): number {
  return documents.reduce((sum, { tokens }) => sum + tokens, 0);
}

export function countsOfCountsOf(state: State, order: number): CountOfCounts[] {
  const found = new Map<number, number>();
  for (const count of wordCountsOf(state, order)) found.set(count, (found.get(count) ?? 0) + 1);
  return [...found].map(([count, ngrams]) => ({ count, ngrams })).sort((a, b) => b.count - a.count);
}

/** n(g); 0 where an id is none. */
export function ngramCount({ tables }: State, ngram: ArrayLike<number>): number {
  return countOf(tables[ngram.length - 1], ngram);
}

/** n(h·): n(h) less how often h is followed by nothing. */
export function contextCount(state: State, context: Context): number {
  const { settings, ends } = state;
  if (context.length === 0) return tokensOf(state);
  if (context.at(-1) === reservedId(settings, '</s>')) return 0;
  return ngramCount(state, context) - (ends.get(context.join()) ?? 0);
}

export function continuationsOf({ settings, tables }: State, context: Context): Continuations {
  const words: number[] = [];
  const counts: number[] = [];
  const table = tables[context.length];
  for (let at = placeOf(table, context); at < table.length; at++) {
    const ngram = ngramAt(table, at);
    if (context.some((id, i) => id !== ngram[i])) break;
    const word = ngram[context.length];
    if (word === reservedId(settings, '<s>')) continue;
    words.push(word);
    counts.push(table.counts[at]);
  }
  return { words: Uint32Array.from(words), counts: Float64Array.from(counts) };
}

/** The n-grams of an order that are the end of a document, as those of a table, unsorted. */
export function endsOf({ ends }: State, order: number): Table {
  const found = [...ends].map(([key, count]) => ({ ngram: key.split(',').map(Number), count }));
  const ofOrder = found.filter(({ ngram }) => ngram.length === order);
  return {
    order,
    length: ofOrder.length,
    ids: Uint32Array.from(ofOrder.flatMap(({ ngram }) => ngram)),
    counts: Float64Array.from(ofOrder, ({ count }) => count),
  };
}

/** The same state, in which the n-grams below the highest order have their adjusted counts, by brute force. */
export function adjustedState(state: State): State {
  const { settings, tables } = state;
  const sequenceStart = reservedId(settings, '<s>');
  const adjusted = tables.slice(0, -1).map((table, i): Table => {
    const before = new Map<string, { tokens: number; count: number }>();
    const longer = tables[i + 1];
    for (let at = 0; at < longer.length; at++) {
      const key = ngramAt(longer, at).subarray(1).join();
      const { tokens, count } = before.get(key) ?? { tokens: 0, count: 0 };
      before.set(key, { tokens: tokens + 1, count: count + longer.counts[at] });
    }
    const counts = table.counts.map((occurrences, at) => {
      const ngram = ngramAt(table, at);
      if (ngram[0] === sequenceStart) return occurrences;
      const { tokens, count } = before.get(ngram.join()) ?? { tokens: 0, count: 0 };
      return tokens + (occurrences > count ? 1 : 0);
    });
    return { ...table, counts };
  });
  return { ...state, tables: adjusted };
}

/** The counts of an order without that of `<s>` alone. */
function wordCountsOf({ settings, tables }: State, order: number): Float64Array {
  const { ids, counts } = tables[order - 1];
  const sequenceStart = reservedId(settings, '<s>');
  return order > 1 ? counts : counts.filter((_, i) => ids[i] !== sequenceStart);
}
