import { NgramdError } from '../errors.ts';
import { corpusFiles } from '../index/arpa/stored-table.ts';
import { countsFile } from '../index/counts-file.ts';
import { kindOf } from '../index/kinds.ts';
import { hasTokenizerJson, tokenizerJsonFile } from '../index/tokenizer-json.ts';
import { blockNGrams } from '../ngrams/block.ts';
import { BlockBatch, type EncodedBlocks } from '../ngrams/block-batch.ts';
import {
  type CorpusChange,
  type CorpusSummary,
  filePieces,
  maxOrder,
  type NumberedDocument,
  type Snapshot,
  type Store,
} from '../store/store.ts';
import { numberedTokens } from './word-list.ts';

/** How many documents are read at a time, and how many tokens of the stream. */
const pageDocuments = 1000;
const windowTokens = 2 ** 18;

/** How many tokens the longest context has. */
const endTokens = maxOrder - 1;

/** How many n-grams are passed on at a time, at least. */
const batchNGrams = 64 * blockNGrams;

/** Called with what is being copied, how much of it has been, and how much there is. */
export type OnCopied = (
  what: 'tokens of the vocabulary' | 'tokens' | 'n-grams',
  copied: number,
  of: number,
) => void;

/** How a corpus is copied. */
export interface CopyOptions {
  /** The name of the copy. */
  readonly as: string;
  /** The maximum number of corpora in the store that gets it. */
  readonly maxCorpora: number;
  readonly onCopied?: OnCopied;
}

/**
 * Copies a corpus at its newest version into another store, or under another name into the same, completely or not at
 * all. The copy answers every question as the corpus does: it has the same ids of tokens, documents, token stream,
 * counts and version, and the answers to requests with an `Idempotency-Key`. Returns what was copied.
 *
 * Throws `corpus-exists`, the errors of `Store.open` and `Store.create`, and `unavailable` if the corpus was changed just then.
 */
export async function copyCorpus(
  from: Store,
  name: string,
  to: Store,
  { as, maxCorpora, onCopied = () => {} }: CopyOptions,
): Promise<CorpusSummary> {
  const corpus = await from.open(name);
  return corpus.read(async (snapshot) => {
    const history = await snapshot.history();
    const wanted = {
      name: as,
      settings: snapshot.settings,
      now: history.createdAt,
      maxCorpora,
      copyOf: history,
    };
    const copied = await to.create(wanted, (change) => copyContent(snapshot, change, onCopied), {
      isLarge: true,
    });
    if (copied !== undefined) return copied;
    throw new NgramdError(
      'corpus-exists',
      `There is a corpus named ${JSON.stringify(as)} where it is to be copied to; nothing was changed.`,
    );
  });
}

async function copyContent(
  snapshot: Snapshot,
  change: CorpusChange,
  onCopied: OnCopied,
): Promise<CorpusSummary> {
  const summary = await snapshot.summary();
  // First, while the snapshot is young: they are those of the newest version.
  for await (const answers of snapshot.keptAnswers()) {
    for (const { key, request, answer, createdAt } of answers)
      await change.keepAnswer(key, request, answer, createdAt);
  }
  await copyVocabulary(snapshot, change, summary, onCopied);
  if (hasTokenizerJson(snapshot.settings))
    await change.addFile(tokenizerJsonFile, filePieces(snapshot, tokenizerJsonFile));
  const kind = kindOf(snapshot.settings);
  if (kind === 'counts') await copyCounts(snapshot, change);
  else await copyDocuments(snapshot, change, summary, onCopied);
  if (kind === 'text' || kind === 'counts') await change.addRun(countsOf(snapshot, summary, onCopied));
  if (kind === 'arpa') for (const name of corpusFiles) await change.addFile(name, filePieces(snapshot, name));
  check(summary, await change.summary());
  return summary;
}

/** Copies the tokens with their ids; the reserved ones are there already. */
async function copyVocabulary(
  snapshot: Snapshot,
  change: CorpusChange,
  { tokenIds }: CorpusSummary,
  onCopied: OnCopied,
): Promise<void> {
  let next = change.knownTokens;
  for await (const tokens of snapshot.vocabulary(next)) {
    await change.addWords(numberedTokens(tokens, next));
    next += tokens.length;
    onCopied('tokens of the vocabulary', next, tokenIds);
  }
}

/** Copies the documents with their tokens and where they end. */
async function copyDocuments(
  snapshot: Snapshot,
  change: CorpusChange,
  { tokens }: CorpusSummary,
  onCopied: OnCopied,
): Promise<void> {
  const { order, sequences } = snapshot.settings;
  const stream = new TokenStream(snapshot, tokens);
  for (let after = 0; ; ) {
    const documents = await snapshot.documents(after, pageDocuments);
    const last = documents.at(-1);
    if (last === undefined) return;
    after = last.ordinal;
    const ends: Uint32Array[] = [];
    await change.appendTokens(
      tokensOf(documents, stream, (end) => ends.push(Uint32Array.from(end.slice(1 - order)))),
    );
    if (sequences === 'document' && order > 1) await change.noteSequenceEnds(ends, 1);
    await change.copyDocuments(documents);
    onCopied('tokens', stream.position, tokens);
  }
}

/** Copies documents that are counts, with these counts and where they end. */
async function copyCounts(snapshot: Snapshot, change: CorpusChange): Promise<void> {
  const { order, sequences } = snapshot.settings;
  for (let after = 0; ; ) {
    const documents = await snapshot.documents(after, pageDocuments);
    const last = documents.at(-1);
    if (last === undefined) break;
    after = last.ordinal;
    for (const { id } of documents) {
      const name = countsFile(id);
      await change.addFile(name, filePieces(snapshot, name));
    }
    await change.copyDocuments(documents);
  }
  if (sequences !== 'document') return;
  for (let n = 1; n < order; n++) await change.noteCountedEnds(await snapshot.sequenceEnds(n), 1);
}

/** The tokens of documents, each of which begins a piece. `onEnd` is called with the last tokens of each. */
async function* tokensOf(
  documents: readonly NumberedDocument[],
  stream: TokenStream,
  onEnd: (tokens: number[]) => void,
): AsyncGenerator<Uint32Array, void> {
  for (const { tokens } of documents) {
    let end: number[] = [];
    for (let left = tokens; left > 0; ) {
      const piece = await stream.next(left);
      // The last piece may have fewer tokens.
      end = [...end, ...piece.subarray(-endTokens)].slice(-endTokens);
      left -= piece.length;
      yield piece;
    }
    onEnd(end);
  }
}

/** A token stream that is read from its beginning to its end. */
class TokenStream {
  readonly #snapshot: Snapshot;
  readonly #length: number;
  #window = new Uint32Array(0);
  /** Where the window begins. */
  #first = 0;
  position = 0;

  constructor(snapshot: Snapshot, length: number) {
    this.#snapshot = snapshot;
    this.#length = length;
  }

  /** The next tokens: at least one and at most `limit`. They are valid until the next call. */
  async next(limit: number): Promise<Uint32Array> {
    if (this.position === this.#first + this.#window.length) await this.#read();
    const at = this.position - this.#first;
    const tokens = this.#window.subarray(at, at + limit);
    this.position += tokens.length;
    return tokens;
  }

  async #read(): Promise<void> {
    const target = new Int32Array(Math.min(windowTokens, this.#length - this.position));
    if (target.length === 0)
      throw this.#snapshot.damage('its documents have more tokens than its token stream');
    await this.#snapshot.readTokens(this.position, target);
    this.#window = new Uint32Array(target.buffer);
    this.#first = this.position;
  }
}

/** The n-grams of all orders with their counts, as one run. */
async function* countsOf(
  snapshot: Snapshot,
  { ngrams }: CorpusSummary,
  onCopied: OnCopied,
): AsyncGenerator<EncodedBlocks, void> {
  const all = ngrams.reduce((sum, { distinct }) => sum + distinct, 0);
  let copied = 0;
  for (const { order } of ngrams) {
    const blocks = new BlockBatch(order, blockNGrams);
    for await (const { length, ids, counts } of snapshot.ngrams(order)) {
      for (let i = 0; i < length; i++) blocks.add(ids.subarray(i * order, (i + 1) * order), counts[i]);
      copied += length;
      if (blocks.ngrams < batchNGrams) continue;
      yield blocks.take();
      onCopied('n-grams', copied, all);
    }
    if (blocks.ngrams > 0) yield blocks.take();
  }
  onCopied('n-grams', copied, all);
}

/** Throws an error if what has arrived is not what was sent. */
function check(sent: CorpusSummary, arrived: CorpusSummary): void {
  for (const name of ['documents', 'tokens', 'vocabularySize', 'tokenIds', 'ngrams', 'bytes'] as const) {
    const [expected, found] = [sent[name], arrived[name]].map((value) => JSON.stringify(value));
    if (expected === found) continue;
    throw new Error(
      `The copy has other ${name} than the corpus: ${found} for ${expected}. Nothing was changed.`,
    );
  }
}
