import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addTexts } from '../../src/ingest/committing/add-texts.ts';
import { takeBack } from '../../src/ingest/committing/take-back.ts';
import type { CountingSizes } from '../../src/ingest/counting/text-counter.ts';
import { Draft, type DraftContent, type TextNames } from '../../src/ingest/receiving/draft.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import type { CorpusSettings, DocumentSummary, Store, StoredCorpus } from '../../src/store/store.ts';

/** How texts get into a corpus. No answer depends on it. */
export interface Sizes extends Partial<CountingSizes> {
  /** How many bytes of a text come at a time. */
  chunkBytes?: number;
  /** Whether the corpus is maintained after each change. */
  maintained?: boolean;
  /** Whether the texts come with one upload. */
  together?: boolean;
  /** The id and the labels of each document. */
  names?: TextNames | undefined;
}

let corpora = 0;
let spills = 0;

/** Creates a corpus, under a name of its own, and adds the texts, one after the other or all in one upload. */
export async function createCorpus(
  store: Store,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: Sizes = {},
): Promise<StoredCorpus> {
  const name = `corpus-${++corpora}`;
  const now = new Date(0).toISOString();
  await store.create({ name, settings, now, maxCorpora: 1e6 }, async () => true);
  const corpus = await store.open(name);
  if (sizes.together === true) await addDocuments(corpus, texts, sizes);
  else for (const text of texts) await addDocument(corpus, text, sizes);
  return corpus;
}

/** Adds a document, under the next free id; returns the id. */
export async function addDocument(corpus: StoredCorpus, text: string, sizes: Sizes = {}): Promise<string> {
  return (await addDocuments(corpus, [text], sizes))[0].id;
}

/** Adds documents by one upload, under the next free ids. */
export async function addDocuments(
  corpus: StoredCorpus,
  texts: readonly string[],
  sizes: Sizes = {},
): Promise<DocumentSummary[]> {
  const added = await corpus.change((change) =>
    addTexts(change, draftOf(texts, change.settings, sizes), {
      now: new Date(change.version + 1).toISOString(),
      spillPath: spillPath(),
      progress: new UploadProgress(),
      sizes: countingSizes(sizes),
    }),
  );
  await changed(corpus, sizes);
  return added;
}

/** Takes a document back. */
export async function takeBackDocument(corpus: StoredCorpus, id: string, sizes: Sizes = {}): Promise<void> {
  const now = new Date(0).toISOString();
  const options = { now, spillPath: spillPath(), sizes: countingSizes(sizes) };
  await corpus.change((change) => takeBack(change, id, options));
  await changed(corpus, sizes);
}

/** The texts as an upload has them when all of it has arrived. */
export function draftOf(
  texts: readonly string[],
  settings: CorpusSettings,
  { chunkBytes = 1000, names }: Sizes = {},
): DraftContent {
  const draft = new Draft(settings, spillPath());
  for (const text of texts) {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunkBytes) draft.write(bytes.subarray(at, at + chunkBytes));
    draft.finish(names);
  }
  return draft.take();
}

/** Sizes that cut even short texts up. */
function countingSizes({
  blockTokens = 1000,
  slicePositions = 100,
  manyTokens = 1e6,
  blockNGrams = 128,
}: Sizes): CountingSizes {
  return { blockTokens, slicePositions, manyTokens, blockNGrams };
}

async function changed(corpus: StoredCorpus, { maintained = false }: Sizes): Promise<void> {
  corpus.expectChange();
  if (maintained) await corpus.maintain();
}

function spillPath(): string {
  return join(tmpdir(), `ngramd-test-${process.pid}-${++spills}`);
}
