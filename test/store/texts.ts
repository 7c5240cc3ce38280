import { BlockBatch, type EncodedBlocks } from '../../src/ngrams/block-batch.ts';
import { compareNGrams } from '../../src/ngrams/ngram-stream.ts';
import type {
  CorpusChange,
  CorpusSettings,
  DocumentLabels,
  DocumentSummary,
  NewDocument,
  WordList,
} from '../../src/store/store.ts';
import { reservedId } from '../../src/text/reserved.ts';

/** A text as the tokens of its lines; `document` corpora have texts of one line. */
export type Lines = readonly (readonly string[])[];

/** How n-grams are cut up on their way into a store. */
export interface Cuts {
  blockNGrams: number;
  /** How many n-grams come in one piece. */
  pieceNGrams: number;
}

const defaultCuts: Cuts = { blockNGrams: 3, pieceNGrams: 10 };

/** Adds texts to a corpus as an upload does, counted by brute force. */
export async function addTexts(
  change: CorpusChange,
  texts: readonly Lines[],
  {
    now = new Date(0).toISOString(),
    ids = [],
    labels = {},
    cuts = defaultCuts,
    isAsync = false,
  }: AddOptions = {},
): Promise<DocumentSummary[]> {
  const { sequences, order } = change.settings;
  const streams = texts.map((lines) => streamOf(lines, sequences));
  const { words, numbers } = wordsOf(streams, change.settings);
  const identified = await change.identify(words);
  await change.addWords(identified);
  const identify = (tokens: readonly string[]) =>
    tokens.map((token) => identified.ids[numbers.get(token) as number]);
  const parts = texts.flatMap((lines) => sequencesOf(lines, sequences)).map(identify);
  const run = runOf(parts, order, cuts);
  await change.addRun(isAsync ? slowly(run) : run);
  const tokens = streams.map((tokens) => Uint32Array.from(identify(tokens)));
  await change.appendTokens(isAsync ? slowly(tokens) : tokens);
  if (sequences === 'document') await change.noteSequenceEnds(endsOf(streams.map(identify), order), 1);
  return change.addDocuments(
    streams.map((tokens, i) => ({ ...describe(tokens), id: ids[i], ...labels })),
    now,
  );
}

interface AddOptions {
  now?: string;
  ids?: readonly string[];
  labels?: DocumentLabels;
  cuts?: Cuts;
  /** Whether the store has to wait for what it is given. */
  isAsync?: boolean;
}

async function* slowly<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) {
    await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}

/** Takes a document back as ngramd does. Its text is read from the stream. */
export async function takeBack(
  change: CorpusChange,
  id: string,
  now = new Date(0).toISOString(),
): Promise<void> {
  const { settings } = change;
  const { order, sequences } = settings;
  const document = await change.document(id);
  if (document === undefined) throw new Error(`There is no document ${id}.`);
  const stream = new Int32Array(document.tokens);
  await change.readTokens(document.first, stream);
  const start = reservedId(settings, '<s>');
  const end = reservedId(settings, '</s>');
  const parts: number[][] = [start === undefined ? [] : [start]];
  for (const id of stream) {
    parts[parts.length - 1].push(id);
    if (id === end && start !== undefined) parts.push([start]);
  }
  if (end !== undefined) parts.pop();
  await change.addRun(runOf(parts, order, defaultCuts), -1);
  if (sequences === 'document') await change.noteSequenceEnds(endsOf([[...stream]], order), -1);
  await change.removeTokens(document.first, document.tokens);
  await change.removeDocument(document, now);
}

/** The tokens of a text in the stream: each line of a `line` corpus is followed by `</s>`. */
export function streamOf(lines: Lines, sequences: CorpusSettings['sequences']): string[] {
  return lines.flatMap((line) => (sequences === 'line' ? [...line, '</s>'] : line));
}

/** What n-grams of a text do not cross. */
export function sequencesOf(lines: Lines, sequences: CorpusSettings['sequences']): string[][] {
  return sequences === 'line' ? lines.map((line) => ['<s>', ...line, '</s>']) : [lines.flat()];
}

/** The last tokens of texts. */
function endsOf(streams: readonly (readonly number[])[], order: number): Uint32Array[] {
  return streams.map((ids) => Uint32Array.from(ids.slice(Math.max(0, ids.length - (order - 1)))));
}

/** What a store is told of a document. */
export function describe(tokens: readonly string[]): NewDocument {
  const text = tokens.join(' ');
  return { tokens: tokens.length, bytes: text.length, sha256: `sha256 of ${text}` };
}

function wordsOf(streams: readonly (readonly string[])[], { sequences }: CorpusSettings) {
  const numbers = new Map<string, number>();
  const tokens: string[] = [];
  const counts: number[] = [];
  const afterTexts: number[] = [];
  for (const stream of sequences === 'line' ? streams.map((tokens) => ['<s>', ...tokens]) : streams) {
    const known = tokens.length;
    for (const token of stream) {
      if (!numbers.has(token)) {
        numbers.set(token, tokens.push(token) - 1);
        counts.push(0);
      }
      const number = numbers.get(token) as number;
      if (number >= known) counts[number]++;
    }
    afterTexts.push(tokens.length);
  }
  const words: WordList = {
    size: tokens.length,
    token: (word) => tokens[word],
    count: (word) => counts[word],
    afterTexts,
  };
  return { words, numbers };
}

/** The blocks of all n-grams of sequences of ids, those of different orders in turns. */
export function runOf(
  sequences: readonly (readonly number[])[],
  order: number,
  cuts: Cuts = defaultCuts,
): EncodedBlocks[] {
  return Array.from({ length: order }, (_, i) => {
    const counts = new Map<string, number>();
    for (const ids of sequences) {
      for (let at = 0; at + i < ids.length; at++) {
        const key = ids.slice(at, at + i + 1).join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return [...counts].map(([key, count]) => [key.split(',').map(Number), count] as const);
  })
    .flatMap((counted, i) => blocksOf(i + 1, counted, cuts))
    .sort((a, b) => a.at - b.at || a.blocks.order - b.blocks.order)
    .map(({ blocks }) => blocks);
}

/** N-grams of one order in encoded pieces, each with its number. */
function blocksOf(
  order: number,
  counted: readonly (readonly [ngram: readonly number[], count: number])[],
  { blockNGrams, pieceNGrams }: Cuts,
): { at: number; blocks: EncodedBlocks }[] {
  const sorted = [...counted].sort(([a], [b]) => compareNGrams(a, b, order));
  const batch = new BlockBatch(order, blockNGrams);
  const pieces: { at: number; blocks: EncodedBlocks }[] = [];
  for (let at = 0; at < sorted.length; at += pieceNGrams) {
    for (const [ngram, count] of sorted.slice(at, at + pieceNGrams))
      batch.add(Uint32Array.from(ngram), count);
    pieces.push({ at, blocks: batch.take() });
  }
  return pieces;
}

/** N-grams with their counts as the run of a text that has them. */
export function runOfCounts(
  counted: readonly (readonly [ngram: readonly number[], count: number])[],
  cuts: Cuts = defaultCuts,
): EncodedBlocks[] {
  const orders = [...new Set(counted.map(([ngram]) => ngram.length))];
  return orders.flatMap((order) =>
    blocksOf(
      order,
      counted.filter(([ngram]) => ngram.length === order),
      cuts,
    ).map(({ blocks }) => blocks),
  );
}
