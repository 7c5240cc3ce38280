import type { Test } from 'tap';
import type {
  CorpusSettings,
  CountedNGrams,
  NGrams,
  Snapshot,
  Store,
  StoredCorpus,
  WordList,
} from '../../../src/store/store.ts';
import { addTexts, type Lines } from '../texts.ts';

/**
 * A store that is empty at first, to be closed when the test ends; `again` opens it once more, as another process does.
 */
export interface StoreUnderTest {
  store: Store;
  again(): Promise<Store>;
}

/** Registers a test of the contract. */
export type Register = (title: string, run: (t: Test, under: StoreUnderTest) => Promise<void>) => void;

export const now = '2026-01-01T00:00:00.000Z';
export const later = '2026-01-02T00:00:00.000Z';
export const documents: CorpusSettings = { tokenizer: 'whitespace', order: 3, sequences: 'document' };
export const lines: CorpusSettings = { ...documents, sequences: 'line' };
/** More than a property makes while it is shrunk. */
export const maxCorpora = 100_000;

/** Creates a corpus of texts. */
export function create(
  store: Store,
  name: string,
  settings: CorpusSettings,
  texts: readonly Lines[],
  createdAt = now,
) {
  return store.create({ name, settings, now: createdAt, maxCorpora }, (change) =>
    addTexts(change, texts, { now: createdAt }),
  );
}

/** All that a corpus answers. */
export function contentOf(corpus: StoredCorpus) {
  return corpus.read(contentIn);
}

export async function contentIn(snapshot: Snapshot) {
  const summary = await snapshot.summary();
  const orders = Array.from({ length: snapshot.settings.order }, (_, i) => i + 1);
  const tokens = new Int32Array(summary.tokens);
  await snapshot.readTokens(0, tokens);
  const counts = [];
  for (const order of orders) counts.push(await countsIn(snapshot, order));
  const vocabulary: string[] = [];
  for await (const some of snapshot.vocabulary(0)) vocabulary.push(...some);
  const countsOfCounts = [];
  const ends = [];
  for (const order of orders) {
    countsOfCounts.push(await snapshot.countsOfCounts(order));
    ends.push(
      entriesOf(await snapshot.sequenceEnds(order))
        .map(({ ngram, count }) => `${ngram}: ${count}`)
        .sort(),
    );
  }
  const documents = await snapshot.documents(0, 1000);
  return { summary, tokens: [...tokens], counts, vocabulary, countsOfCounts, ends, documents };
}

export async function countsIn(snapshot: Snapshot, order: number): Promise<[string, number][]> {
  return (await allOf(snapshot.ngrams(order))).map(({ ngram, count }) => [ngram.join(), count]);
}

export async function allOf(batches: AsyncIterable<CountedNGrams>) {
  const all: { ngram: number[]; count: number }[] = [];
  for await (const batch of batches) all.push(...entriesOf(batch));
  return all;
}

export function entriesOf({ order, length, ids, counts }: CountedNGrams) {
  return Array.from({ length }, (_, i) => ({
    ngram: [...ids.subarray(i * order, (i + 1) * order)],
    count: counts[i],
  }));
}

export function ngramsOf(ngrams: readonly (readonly number[])[]): NGrams {
  return { order: ngrams[0].length, length: ngrams.length, ids: Uint32Array.from(ngrams.flat()) };
}

/** Distinct words, each once, of one text. */
export function listOf(tokens: readonly string[]): WordList {
  return { size: tokens.length, token: (word) => tokens[word], count: () => 1, afterTexts: [tokens.length] };
}

export async function vocabularyOf(corpus: StoredCorpus): Promise<string[]> {
  return (await contentOf(corpus)).vocabulary;
}

export function tokenCount(corpus: StoredCorpus): Promise<number> {
  return corpus.read(async (snapshot) => (await snapshot.summary()).tokens);
}
