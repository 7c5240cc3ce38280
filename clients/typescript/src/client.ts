import createClient, { type Client } from 'openapi-fetch';
import { errorOf } from './errors.ts';
import { type Fetch, randomKey, retrying } from './retries.ts';
import type { operations, paths } from './schema.ts';
import { eventsOf, recordsOf } from './streams.ts';
import type { Document, GenerateEvent, Job, JobEvent, Schemas, ScoreRecord } from './types.ts';

/** The forms of JSON in which the service answers. */
type Json = 'application/json' | 'application/problem+json';

/** Texts that can be sent. A stream is sent as it is read, and a request with one is not repeated. */
export type Text = string | Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

export interface NgramdOptions {
  /** A key of the service, if it has keys. */
  key?: string;
  /** How often a request is repeated. 4 by default. */
  retries?: number;
  /** Used in the place of the global `fetch`. */
  fetch?: Fetch;
}

type Query<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;

/** The query of an operation without what the client chooses. */
type Choice<Operation extends keyof operations> = Omit<Query<Operation>, 'cursor' | 'format'>;

interface Page<Item> {
  items: Item[];
  next_cursor?: string;
}

/** The data of an answer. Throws ProblemError, or AnswerError for an answer in another form. */
export async function dataOf<Answer extends { data?: unknown; error?: unknown; response: Response }>(
  asked: Promise<Answer>,
): Promise<Exclude<Answer['data'], undefined>> {
  const { data, error, response } = await asked;
  if (!response.ok) throw errorOf(response.status, error);
  return data as Exclude<Answer['data'], undefined>;
}

/** A service. */
export class Ngramd {
  /** Every operation of the service, typed: `api.GET('/v1/corpora/{corpus}/probability', …)`. */
  readonly api: Client<paths, Json>;
  readonly #once: Fetch;

  constructor(baseUrl: string, { key, retries = 4, fetch = globalThis.fetch }: NgramdOptions = {}) {
    this.#once = (request) => fetch(request);
    this.api = createClient<paths, Json>({
      baseUrl,
      fetch: retrying(this.#once, retries),
      ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
    });
    this.api.use({
      onRequest({ request, schemaPath }) {
        const isUpload = schemaPath === '/v1/corpora' || schemaPath.endsWith('/documents');
        if (request.method === 'POST' && isUpload && !request.headers.has('idempotency-key')) {
          request.headers.set('idempotency-key', randomKey());
        }
      },
    });
  }

  /** Creates a corpus from a text; if it exists with the same text and settings, nothing changes. */
  upload(corpus: string, text: Text, query: Query<'putCorpus'> = {}) {
    const params = { path: { corpus }, query };
    return dataOf(this.api.PUT('/v1/corpora/{corpus}', { params, ...this.#textOf(text) }));
  }

  /** Adds a document, under an id of its own or one that the service chooses. */
  async add(corpus: string, text: Text, id?: string): Promise<Document> {
    const sent = this.#textOf(text);
    if (id !== undefined) {
      const params = { path: { corpus, id } };
      return (await dataOf(
        this.api.PUT('/v1/corpora/{corpus}/documents/{id}', { params, ...sent }),
      )) as Document;
    }
    const params = { path: { corpus } };
    return (await dataOf(this.api.POST('/v1/corpora/{corpus}/documents', { params, ...sent }))) as Document;
  }

  /** P(word | context). */
  probability(corpus: string, query: Query<'getProbability'>) {
    return dataOf(this.api.GET('/v1/corpora/{corpus}/probability', { params: { path: { corpus }, query } }));
  }

  /** The probabilities of many words, in the order of the queries. */
  probabilities(corpus: string, body: Schemas['ProbabilitiesRequest']) {
    return dataOf(
      this.api.POST('/v1/corpora/{corpus}/probabilities', { params: { path: { corpus } }, body }),
    );
  }

  /** The most probable next words. */
  continuations(corpus: string, query: Omit<Query<'getContinuations'>, 'format'>) {
    return dataOf(
      this.api.GET('/v1/corpora/{corpus}/continuations', { params: { path: { corpus }, query } }),
    );
  }

  /** The scores of lines, one record after the other, while they are sent. */
  async *scoreLines(
    corpus: string,
    lines: Text,
    query: Omit<Query<'scoreTexts'>, 'summary'> = {},
  ): AsyncGenerator<ScoreRecord, void> {
    const params = { path: { corpus }, query };
    const asked = this.api.POST('/v1/corpora/{corpus}/score', {
      params,
      parseAs: 'stream',
      ...this.#textOf(lines),
    });
    yield* recordsOf<ScoreRecord>(await streamOf(asked));
  }

  /** A text as it is generated: its tokens, and finally all of it. Throws ProblemError if it breaks off. */
  async *generate(
    corpus: string,
    body: Omit<Schemas['GenerateRequest'], 'stream'>,
  ): AsyncGenerator<Exclude<GenerateEvent, { event: 'problem' }>, void> {
    const asked = this.api.POST('/v1/corpora/{corpus}/generate', {
      params: { path: { corpus } },
      body: { ...body, stream: true },
      parseAs: 'stream',
    });
    for await (const event of eventsOf<GenerateEvent>(await streamOf(asked))) {
      if (event.event === 'problem') throw errorOf(event.data.status, event.data);
      yield event;
    }
  }

  /** A job whenever it has changed, until it has ended. A stream that is cut off is requested again. */
  async *followJob(id: string): AsyncGenerator<Job, void> {
    for (;;) {
      const asked = this.api.GET('/v1/jobs/{id}/events', { params: { path: { id } }, parseAs: 'stream' });
      for await (const { event, data } of eventsOf<JobEvent>(await streamOf(asked))) {
        yield data;
        if (event === 'end') return;
      }
    }
  }

  /** All corpora. */
  corpora() {
    return itemsOf((cursor) => dataOf(this.api.GET('/v1/corpora', { params: { query: at(cursor) } })));
  }

  /** The documents of a corpus. */
  documents(corpus: string) {
    return itemsOf((cursor) =>
      dataOf(
        this.api.GET('/v1/corpora/{corpus}/documents', {
          params: { path: { corpus }, query: at(cursor) },
        }),
      ),
    );
  }

  /** The tokens of a corpus with their ids and counts. */
  vocabulary(corpus: string) {
    return itemsOf((cursor) =>
      dataOf(
        this.api.GET('/v1/corpora/{corpus}/vocabulary', {
          params: { path: { corpus }, query: at(cursor) },
        }),
      ),
    );
  }

  /** The n-grams of an order, by decreasing count. */
  ngrams(corpus: string, query: Choice<'listNGrams'> = {}) {
    return itemsOf((cursor) =>
      dataOf(
        this.api.GET('/v1/corpora/{corpus}/ngrams', {
          params: { path: { corpus }, query: { ...at(cursor), ...query } },
        }),
      ),
    );
  }

  /** The minibatches of an epoch, as ids. */
  batches(corpus: string, query: Omit<Choice<'getBatches'>, 'as'> = {}) {
    return this.#batches<Schemas['BatchesOfIds']>(corpus, { ...query, as: 'ids' });
  }

  /** The minibatches of an epoch, as tokens. */
  tokenBatches(corpus: string, query: Omit<Choice<'getBatches'>, 'as'> = {}) {
    return this.#batches<Schemas['BatchesOfTokens']>(corpus, { ...query, as: 'tokens' });
  }

  async *#batches<Batches extends Schemas['Batches']>(
    corpus: string,
    query: Query<'getBatches'>,
  ): AsyncGenerator<Batches['batches'][number], void> {
    for (let next: Query<'getBatches'> = {}; ; ) {
      const params = { path: { corpus }, query: { ...query, ...next } };
      const page = await dataOf(this.api.GET('/v1/corpora/{corpus}/batches', { params }));
      yield* page.batches;
      if (page.next_start === null) return;
      next = { start: page.next_start, max_tokens: page.tokens };
    }
  }

  /** How a text is sent. */
  #textOf(text: Text) {
    const isStream = text instanceof ReadableStream;
    return {
      body: text as never,
      bodySerializer: (body: unknown) => body,
      headers: { 'content-type': 'text/plain' },
      ...(isStream ? { duplex: 'half' as const, fetch: this.#once } : {}),
    };
  }
}

/** The query of a page of a list. */
function at(cursor: string | undefined): { cursor?: string; limit: number } {
  return { limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
}

/** The items of a list, page by page. */
export async function* itemsOf<Item>(
  ask: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void> {
  for (let cursor: string | undefined; ; ) {
    const page = await ask(cursor);
    yield* page.items;
    cursor = page.next_cursor;
    if (cursor === undefined) return;
  }
}

/** The body of an answer. Throws as `dataOf` does. */
async function streamOf(
  asked: Promise<{ data?: unknown; error?: unknown; response: Response }>,
): Promise<ReadableStream<Uint8Array>> {
  return (await dataOf(asked)) as ReadableStream<Uint8Array>;
}
