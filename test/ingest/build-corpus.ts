import { join } from 'node:path';
import type { CountingSizes } from '../../src/ingest/counting/text-counter.ts';
import { Draft } from '../../src/ingest/receiving/draft.ts';
import { SpoolReader } from '../../src/ingest/receiving/token-spool.ts';
import type { CorpusSettings, DocumentSummary } from '../../src/store/corpus.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { createCorpusFile, openCorpusFile, sealCorpusFile } from '../../src/store/sqlite/database.ts';
import { tokenOf } from '../../src/text/token-table.ts';
import { runOf } from '../store/texts.ts';

let files = 0;

export interface BlockSizes extends Partial<CountingSizes> {
  chunkBytes?: number;
  compacted?: boolean;
  /** Whether the texts come with one upload. */
  together?: boolean;
}

/** Makes a corpus of the texts, one document after the other, and opens it. */
export function ingest(
  folder: string,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: BlockSizes,
): CorpusReader {
  return new CorpusReader(createCorpus(folder, texts, settings, sizes));
}

/**
 * Makes a corpus of the texts, one document after the other or all in one upload; returns the path of its file.
 */
export function createCorpus(
  folder: string,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: BlockSizes,
): string {
  const path = join(folder, `${files++}.sqlite`);
  const connection = createCorpusFile(path);
  new CorpusWriter(connection).create(settings, new Date(0).toISOString());
  sealCorpusFile(connection);
  connection.close();
  if (sizes.together === true) addDocuments(path, texts, sizes);
  else for (const text of texts) addDocument(path, text, sizes);
  return path;
}

/** Adds a document, under the next free id; returns the id. */
export function addDocument(path: string, text: string, sizes: BlockSizes): string {
  return addDocuments(path, [text], sizes)[0].id;
}

/** Adds documents by one upload, under the next free ids. They are counted by brute force. */
export function addDocuments(path: string, texts: readonly string[], sizes: BlockSizes): DocumentSummary[] {
  const { chunkBytes = 1000 } = sizes;
  return change(path, sizes, (writer) => {
    const { version, tokens: first, ...settings } = writer.corpus();
    const draft = new Draft(settings, `${path}.draft`);
    for (const text of texts) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += chunkBytes) draft.write(bytes.subarray(at, at + chunkBytes));
      draft.finish();
    }
    const content = draft.take();
    const { words, counts } = content;
    const identified = writer.identify({
      size: words.size,
      token: (word) => tokenOf(words, word),
      count: (word) => counts[word],
      afterTexts: content.texts.map(({ words }) => words),
    });
    writer.addWords(identified);
    const ids = new SpoolReader(content.tokens)
      .read(0, content.tokens.length)
      .map((word) => identified.ids[word]);
    let end = 0;
    const streams = content.texts.map(({ tokens }) => {
      end += tokens;
      return ids.subarray(end - tokens, end);
    });
    let at = first;
    for (const stream of streams) {
      writer.tokenChunks.append(at, stream);
      at += stream.length;
    }
    writer.addRun(
      runOf(
        streams.flatMap((stream) => parts(stream, settings)),
        settings.order,
        cutsOf(sizes),
      ),
    );
    if (settings.sequences === 'document')
      writer.addSequenceEnds(
        streams.map((stream) => stream.subarray(Math.max(0, stream.length - settings.order + 1))),
      );
    return writer.addDocuments(content.texts, {
      version: version + 1,
      createdAt: new Date(version + 1).toISOString(),
    });
  });
}

/** Takes a document back. */
export function takeBackDocument(path: string, id: string, sizes: BlockSizes): void {
  change(path, sizes, (writer) => {
    const document = writer.document(id);
    if (document === undefined) throw new Error(`There is no document ${id}.`);
    const settings = writer.corpus();
    const stream = new Int32Array(document.tokens);
    writer.tokenChunks.read(document.first, stream);
    writer.addRun(runOf(parts(new Uint32Array(stream), settings), settings.order, cutsOf(sizes)), -1);
    if (settings.sequences === 'document')
      writer.takeSequenceEnd(
        new Uint32Array(stream.subarray(Math.max(0, stream.length - settings.order + 1))),
      );
    writer.tokenChunks.remove(document.first, document.tokens);
    writer.removeDocument(document, new Date(0).toISOString());
  });
}

/** What n-grams of a text do not cross, as ids. */
function parts(stream: Uint32Array, { sequences }: CorpusSettings): number[][] {
  if (sequences === 'document') return [[...stream]];
  const lines: number[][] = [[1]];
  for (const id of stream) {
    lines[lines.length - 1].push(id);
    if (id === 2) lines.push([1]);
  }
  return lines.slice(0, -1);
}

function cutsOf({ blockNGrams = 128 }: BlockSizes) {
  return { blockNGrams, pieceNGrams: 1000 * blockNGrams };
}

function change<T>(
  path: string,
  { blockNGrams = 128, compacted = false }: BlockSizes,
  make: (writer: CorpusWriter) => T,
): T {
  const writer = new CorpusWriter(openCorpusFile(path), blockNGrams);
  const made = writer.transaction(() => make(writer));
  if (compacted) writer.transaction(() => writer.compact());
  writer.close();
  return made;
}

export { sequencesOf } from './oracle.ts';
