import {
  type Allocate,
  type BatchPage,
  jsonPage,
  ndjsonPage,
  type PageChoice,
  readPage,
} from '../../batches/page.ts';
import type { Corpus } from '../../index/corpora.ts';
import { UNKNOWN } from '../../index/count-index.ts';
import { type TokenPages, TokenStream } from '../../index/token-stream.ts';

/** The formats of a page. */
export const formats = ['application/json', 'application/x-ndjson', 'application/x-npy'] as const;
export type Format = (typeof formats)[number];

/** What `…/batches` is asked. */
export interface BatchesQuestion {
  choice: PageChoice;
  maxTokens: number | undefined;
  minFrequency: number;
  asTokens: boolean;
  format: Format;
  /** The path and query of the request. */
  url: string;
}

/** A page of minibatches as it is answered, and where the next is. */
export interface AnsweredPage {
  bytes: Buffer;
  next: string | null;
}

/** Reads a page from one snapshot of a corpus, whose tokens `pages` remember. Ids that are no answer are in `scratch`. */
export function batches(
  corpus: Corpus,
  { choice, maxTokens, minFrequency, asTokens, format, url }: BatchesQuestion,
  pages: TokenPages | undefined,
  allocate: Allocate,
  scratch: Allocate,
): AnsweredPage {
  const { reader } = corpus;
  const stream = new TokenStream(reader, pages);
  const tokens = Math.min(maxTokens ?? Number.POSITIVE_INFINITY, stream.length);
  const source = {
    tokens,
    isKept: stream.isKept,
    read: (first: number, length: number, target: Int32Array, start: number) =>
      stream.read(first, length, target, start),
  };
  const page = readPage(source, choice, format === 'application/x-npy' ? allocate : scratch);
  if (minFrequency > 1) hideRare(corpus, page.ids, minFrequency);
  const next = page.end < page.numBatches ? nextUrl(url, tokens, page) : null;
  if (format === 'application/x-npy') return { bytes: page.npy, next };
  const token = asTokens ? (id: number) => corpus.tokens.token(id) : undefined;
  if (format === 'application/x-ndjson') return { bytes: ndjsonPage(page, token, allocate), next };
  const { strategy, seed, epoch, batchSize, numSteps } = choice;
  const about = {
    strategy,
    seed,
    epoch,
    offset: page.offset,
    batch_size: batchSize,
    num_steps: numSteps,
    num_batches: page.numBatches,
    tokens,
    version: reader.version,
    note: page.note,
  };
  return { bytes: jsonPage(about, page, next, token, allocate), next };
}

/** Writes `<unk>` over the tokens that occur fewer than `minFrequency` times. */
function hideRare({ index }: Corpus, ids: Int32Array, minFrequency: number): void {
  const [unigrams] = index.rankings([], { orders: [1], adjustedBelow: 1 });
  const isRare = new Map<number, boolean>();
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    let rare = isRare.get(id);
    if (rare === undefined) {
      rare = unigrams.countOf(id) < minFrequency;
      isRare.set(id, rare);
    }
    if (rare) ids[i] = UNKNOWN;
  }
}

/** The next page's address. It names T, so that it belongs to the same epoch whatever is added meanwhile. */
function nextUrl(url: string, tokens: number, { end }: BatchPage): string {
  const [path, search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  query.set('max_tokens', String(tokens));
  query.set('start', String(end));
  return `${path}?${query}`;
}
