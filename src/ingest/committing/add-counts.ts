import { NgramdError } from '../../errors.ts';
import { countsFile } from '../../index/counts-file.ts';
import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import { compareNGrams, type NGramStream } from '../../ngrams/ngram-stream.ts';
import {
  type CorpusChange,
  type CountedNGrams,
  type DocumentSummary,
  filePieces,
  type StoredDocument,
  type WordList,
} from '../../store/store.ts';
import { tokenOf } from '../../text/token-table.ts';
import { BlockSpill } from '../counting/block-spill.ts';
import { SpilledSorter } from '../counting/spilled-sorter.ts';
import { CountRecords } from '../counts/count-records.ts';
import { type Contradiction, DerivedCounts } from '../counts/derived-counts.ts';
import { packRun, unpackRun } from '../counts/kept-counts.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { SpoolReader } from '../receiving/token-spool.ts';
import type { UploadProgress } from '../upload-progress.ts';
import type { AddingOptions } from './add-texts.ts';
import { withoutNewWords } from './closed-vocabulary.ts';

/** How many ends of documents are noted at a time, and after how many lines the upload can be cancelled. */
const batchLength = 8192;
const checkLines = 2 ** 16;

/**
 * Adds the counts of a draft to a corpus, as a document: vocabulary, one run of counts of all orders, ends of
 * documents, and a file with the counts, from which they can be taken back. Throws `cancelled` soon after the upload
 * is, and `invalid-text`, with the line, for counts that contradict each other.
 */
export async function addCounts(
  change: CorpusChange,
  draft: DraftContent,
  { labels, now, spillPath, progress }: AddingOptions,
): Promise<DocumentSummary[]> {
  progress.beginCounting();
  const { settings } = change;
  const found = await change.identify(wordsOf(draft));
  const identified = settings.vocabulary === undefined ? found : withoutNewWords(found, settings);
  await change.addWords(identified);
  const records = new SpoolReader(draft.tokens);
  const spill = new BlockSpill(spillPath);
  try {
    const given = sortRecords(records, identified.ids, spill, settings.order, progress);
    const contradicting = (what: Contradiction) => contradiction(what, draft, records, identified.ids);
    const derived = new DerivedCounts(spill, given, settings, contradicting);
    const kept = spill.beginRun();
    await addDerived(change, derived, 1, (blocks) => spill.add(blocks, kept));
    const [{ words: _, ...text }] = draft.texts;
    const added = await change.addDocuments([{ ...labels, ...text, tokens: derived.tokens }], now);
    await change.addFile(countsFile(added[0].id), packRun(spill, kept, settings.order));
    return added;
  } finally {
    records.close();
    spill.dispose();
  }
}

/** Takes the counts of a document back. */
export async function takeBackCounts(
  change: CorpusChange,
  document: StoredDocument,
  { now, spillPath }: { now: string; spillPath: string },
): Promise<void> {
  const spill = new BlockSpill(spillPath);
  try {
    const given = spill.beginRun();
    const name = countsFile(document.id);
    await unpackRun(filePieces(change, name), spill, given);
    const contradicting = () => new Error(`The counts of the document ${document.id} contradict each other.`);
    const derived = new DerivedCounts(spill, [given], change.settings, contradicting);
    await addDerived(change, derived, -1);
    await change.removeFile(name);
    await change.removeDocument(document, now);
  } finally {
    spill.dispose();
  }
}

/** Adds a run, or subtracts it; `onBlocks` is called with all its blocks. */
async function addDerived(
  change: CorpusChange,
  derived: DerivedCounts,
  sign: 1 | -1,
  onBlocks: (blocks: EncodedBlocks) => void = () => {},
): Promise<void> {
  await change.addRun(passedOn(derived.blocks(), onBlocks), sign);
  if (change.settings.sequences !== 'document') return;
  for (let order = 1; order < change.settings.order; order++)
    for (const ends of batchesOf(derived.ends(order))) await change.noteCountedEnds(ends, sign);
}

function* passedOn(
  batches: Iterable<EncodedBlocks>,
  onBlocks: (blocks: EncodedBlocks) => void,
): Generator<EncodedBlocks, void> {
  for (const blocks of batches) {
    onBlocks(blocks);
    yield blocks;
  }
}

function wordsOf({ words, counts }: DraftContent): WordList {
  return {
    size: words.size,
    token: (word) => tokenOf(words, word),
    count: (word) => counts[word] ?? 0,
    afterTexts: [words.size],
  };
}

/** Sorts the records of a draft, whose words have these ids; returns the runs of the spill file that have them. */
function sortRecords(
  spooled: SpoolReader,
  ids: Uint32Array,
  spill: BlockSpill,
  highest: number,
  progress: UploadProgress,
): number[] {
  const sorters = Array.from({ length: highest }, (_, i) => new SpilledSorter(i + 1, spill));
  const records = new CountRecords(spooled);
  const { words } = records;
  let reported = 0;
  let read = 0;
  while (records.next()) {
    const { order, count } = records;
    for (let i = 0; i < order; i++) words[i] = ids[words[i]];
    sorters[order - 1].add(words, 0, count);
    if (++read % checkLines !== 0) continue;
    progress.checkpoint();
    progress.addCounted(read - reported);
    reported = read;
  }
  const runs = sorters.flatMap((sorter) => sorter.finish());
  progress.addCounted(read - reported);
  return runs;
}

/** The error for counts that contradict each other, with the first line that has a part in it. */
function contradiction(
  { ngram, in: where, reason }: Contradiction,
  { words }: DraftContent,
  spooled: SpoolReader,
  ids: Uint32Array,
): NgramdError {
  const { length } = ngram;
  let line: number | undefined;
  const records = new CountRecords(spooled);
  while (records.next()) {
    const found = records.words.subarray(0, records.order).map((word) => ids[word]);
    const isLonger = where === 'longer' && found.length > length;
    const isThere =
      (where === 'itself' && found.length === length && compareNGrams(found, ngram, length) === 0) ||
      (isLonger && compareNGrams(found, ngram, length) === 0) ||
      (isLonger && compareNGrams(found.subarray(-length), ngram, length) === 0);
    if (!isThere) continue;
    line = records.line;
    break;
  }
  const tokens = Array.from(ngram, (id) => tokenOf(words, ids.indexOf(id)));
  const subject = JSON.stringify(tokens.join(' '));
  const place = line === undefined ? '' : `Line ${line}: `;
  const detail = `${place}The counts contradict each other: ${subject} ${reason}`;
  return new NgramdError('invalid-text', detail, [{ pointer: '/body', detail }]);
}

/** The n-grams of a stream, some at a time. */
function* batchesOf(stream: NGramStream): Generator<CountedNGrams, void> {
  const { order } = stream;
  for (let isLast = false; !isLast; ) {
    const ids = new Uint32Array(order * batchLength);
    const counts = new Float64Array(batchLength);
    let length = 0;
    while (length < batchLength && !isLast) {
      if (!stream.next()) isLast = true;
      else {
        ids.set(stream.ngram, order * length);
        counts[length++] = stream.count;
      }
    }
    if (length > 0)
      yield { order, length, ids: ids.subarray(0, order * length), counts: counts.subarray(0, length) };
  }
}
