import type { Readable } from 'node:stream';
import {
  type Allocate,
  jsonPage,
  maxTokenBytes,
  ndjsonPage,
  type PageChoice,
  type PagePlan,
  readPage,
  tooLongPage,
} from '../../batches/page.ts';
import type { Corpus } from '../../index/corpus.ts';
import { occurrencesAt, type TokenId } from '../../index/count-index.ts';
import { requireText } from '../../index/kinds.ts';
import { type TokenPages, TokenStream } from '../../index/token-stream.ts';
import type { Vocabulary } from '../../index/vocabulary.ts';
import { unknownId } from '../../text/reserved.ts';
import type { BatchesFormat } from '../schemas/batches.ts';

/** What `…/batches` is asked. */
export interface BatchesQuestion {
  choice: PageChoice;
  maxTokens: number | undefined;
  minFrequency: number;
  asTokens: boolean;
  format: BatchesFormat;
  /** The path and query of the request. */
  url: string;
}

/** A page of minibatches as it is answered, and where the next is. */
export interface AnsweredPage {
  bytes: Buffer;
  next: string | null;
  /** Why there are no batches; undefined if there are some. */
  note: string | undefined;
}

/** A page of minibatches to be sent. */
export interface SentPage {
  body: Buffer | Readable;
  /** The size of the body. */
  bytes: number;
  next: string | null;
  note: string | undefined;
}

/**
 * Reads a page from one snapshot of a corpus, whose tokens `pages` remember. Ids that are not answered as they are go to
 * `scratch`.
 */
export async function batches(
  corpus: Corpus,
  { choice, maxTokens, minFrequency, asTokens, format, url }: BatchesQuestion,
  pages: TokenPages | undefined,
  allocate: Allocate,
  scratch: Allocate,
): Promise<AnsweredPage> {
  const { version, tokens: all } = corpus.counts.totals;
  requireText(corpus.settings);
  const { stream, tokenIds } = await corpus.read(async (snapshot) => ({
    stream: new TokenStream(snapshot, all, pages),
    tokenIds: (await snapshot.summary()).tokenIds,
  }));
  const tokens = Math.min(maxTokens ?? Number.POSITIVE_INFINITY, all);
  const page = await readPage(stream, tokens, choice, format === 'npy' ? allocate : scratch);
  if (minFrequency > 1) await hideRare(corpus, page.ids, minFrequency);
  const next = page.end < page.numBatches ? nextUrl(url, tokens, page) : null;
  const { note } = page;
  if (format === 'npy') return { bytes: page.npy, next, note };
  const token = asTokens ? await namesOf(page.ids, corpus.vocabulary) : undefined;
  if (format === 'ndjson') return { bytes: ndjsonPage(page, token, allocate), next, note };
  const { strategy, seed, epoch, batchSize, numSteps } = choice;
  const about = {
    as: token === undefined ? 'ids' : 'tokens',
    strategy,
    seed,
    epoch,
    offset: page.offset,
    batch_size: batchSize,
    num_steps: numSteps,
    num_batches: page.numBatches,
    tokens,
    token_ids: tokenIds,
    version,
    note,
  };
  const nextPage = { next, next_start: next === null ? null : page.end };
  return { bytes: jsonPage(about, page, nextPage, token, allocate), next, note };
}

/** How many tokens are named at a time. */
const namesAtATime = 1024;

/** The names of the tokens of a page. Throws `invalid-request` where they are too long for an answer. */
async function namesOf(ids: Int32Array, vocabulary: Vocabulary): Promise<(id: TokenId) => string> {
  const distinct = distinctOf(ids);
  const names = new Map<TokenId, string>();
  let length = 0;
  for (let from = 0; from < distinct.length; from += namesAtATime) {
    const some = distinct.subarray(from, from + namesAtATime);
    for (const [i, name] of (await vocabulary.tokens(some)).entries()) {
      names.set(some[i], name);
      length += name.length;
    }
    if (length > maxTokenBytes) throw tooLongPage();
  }
  return (id) => names.get(id) as string;
}

/** Each id once. */
function distinctOf(ids: Int32Array): Int32Array {
  let highest = -1;
  for (let i = 0; i < ids.length; i++) if (ids[i] > highest) highest = ids[i];
  const isThere = new Uint8Array(highest + 1);
  const distinct = new Int32Array(Math.min(ids.length, highest + 1));
  let length = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (isThere[id] === 1) continue;
    isThere[id] = 1;
    distinct[length++] = id;
  }
  return distinct.subarray(0, length);
}

/** Writes `<unk>` over the tokens that occur fewer than `minFrequency` times. */
async function hideRare({ settings, counts }: Corpus, ids: Int32Array, minFrequency: number): Promise<void> {
  const words = { context: [], reading: occurrencesAt([1]) };
  const index = await counts.prepare({ rankings: [words] });
  const [unigrams] = index.rankings(words.context, words.reading);
  const unknown = unknownId(settings);
  const isRare = new Map<number, boolean>();
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    let rare = isRare.get(id);
    if (rare === undefined) {
      rare = unigrams.countOf(id) < minFrequency;
      isRare.set(id, rare);
    }
    if (rare) ids[i] = unknown;
  }
}

/** The next page's address. It names T, so that it belongs to the same epoch whatever is added meanwhile. */
export function nextUrl(url: string, tokens: number, { end }: PagePlan): string {
  const [path, search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  query.set('max_tokens', String(tokens));
  query.set('start', String(end));
  return `${path}?${query}`;
}
