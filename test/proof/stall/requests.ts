import { gzipSync } from 'node:zlib';
import { encodeCursor } from '../../../src/http/paging.ts';
import { ideographs, randomNumbers, type Sizes, word } from './texts.ts';

/** The corpora that are queried. */
export const corpora = {
  /** English-like words, order 3. */
  words: 'words',
  /** A part of the same text, at the highest order. */
  deep: 'deep',
  /** Chinese, `unicode`. */
  chinese: 'chinese',
  /** Tokens of several kilobytes each, `whitespace`. */
  long: 'long',
  /** A mixture of `words` and `deep`. */
  mixed: 'mixed',
};

/** The sizes of the largest requests that the limits allow, as chosen by a run. */
export interface StallSizes extends Sizes {
  /** Bytes of the texts that are sent; the largest JSON body is a quarter of it. */
  bodyBytes: number;
  /** Queries, texts and files of one request. */
  items: number;
  /** Tokens of x of a page of minibatches. */
  pageTokens: number;
  /** Bytes of a token of the corpus of long tokens. */
  longToken: number;
}

/** A request and the expected statuses. */
export interface StallRequest {
  what: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | FormData;
  expected: readonly number[];
}

/** Makes the requests of an operation; `learned` contains values named by earlier answers. */
type Requests = (
  sizes: StallSizes,
  learned: { job: string; backup: string; documents: number },
) => StallRequest[];

const json = { 'content-type': 'application/json' };
const text = { 'content-type': 'text/plain' };
const wordsPath = `/v1/corpora/${corpora.words}`;
const mixedPath = `/v1/corpora/${corpora.mixed}`;
const ok = [200];

/**
 * The requests of each operation, in the order in which they are sent. The queries are sent with the corpora's indexes
 * in memory and, in a second run, without.
 */
export const readRequests: Record<string, Requests> = {
  getHealth: () => [{ what: '', path: '/healthz', expected: ok }],
  getReadiness: () => [{ what: '', path: '/readyz', expected: ok }],
  listProblems: () => [{ what: '', path: '/problems', expected: ok }],
  getRoot: () => [{ what: '', path: '/', expected: ok }],
  getVersion: () => [{ what: '', path: '/version', expected: ok }],
  listSamples: () => [{ what: '', path: '/v1/samples', expected: ok }],
  getMetrics: ({ smallCorpora }) => [{ what: `${smallCorpora} corpora`, path: '/metrics', expected: ok }],
  getStats: ({ smallCorpora }) => [{ what: `${smallCorpora} corpora`, path: '/v1/stats', expected: ok }],
  listCorpora: ({ smallCorpora }) => [
    { what: `limit=1000 of ${smallCorpora}`, path: '/v1/corpora?limit=1000', expected: ok },
    { what: 'the same again', path: '/v1/corpora?limit=1000', expected: ok },
  ],
  getCorpus: () => [{ what: '', path: wordsPath, expected: ok }],
  getDocument: () => [{ what: '', path: `${wordsPath}/documents/1`, expected: [200, 404] }],
  listVocabulary: ({ longToken }) => [
    { what: 'limit=1000', path: `${wordsPath}/vocabulary?limit=1000`, expected: ok },
    { what: 'CSV', path: `${wordsPath}/vocabulary?format=csv`, expected: ok },
    { what: 'limit=1000, a mixture', path: `${mixedPath}/vocabulary?limit=1000`, expected: ok },
    { what: 'CSV, a mixture', path: `${mixedPath}/vocabulary?format=csv`, expected: ok },
    {
      what: `limit=1000, tokens of ${longToken} bytes`,
      path: `/v1/corpora/${corpora.long}/vocabulary?limit=1000`,
      expected: [200, 413],
    },
  ],
  listNGrams: () => [
    ...[1, 2, 3].map((order) => ({
      what: `order=${order}, limit=1000`,
      path: `${wordsPath}/ngrams?order=${order}&limit=1000`,
      expected: ok,
    })),
    ...[1, 2, 3].map((count) => ({
      what: `order=3, limit=1000, from count ${count} on`,
      path: `${wordsPath}/ngrams?order=3&limit=1000&cursor=${encodeCursor([1, count, 500, 500, 500])}`,
      expected: ok,
    })),
    { what: 'order=3, CSV', path: `${wordsPath}/ngrams?order=3&limit=100000&format=csv`, expected: ok },
    ...['pattern=*+*+w~', `pattern=${word(0)}+*`, 'sort=log_likelihood', 'sort=pmi&order=3'].map((query) => ({
      what: `${query}, limit=1000`,
      path: `${wordsPath}/ngrams?${query}&limit=1000`,
      expected: ok,
    })),
  ],
  getConcordance: () => [
    ...['text', 'left1'].map((sort) => ({
      what: `the most frequent word, sort=${sort}, limit=1000`,
      path: `${wordsPath}/concordance?q=${word(0)}&sort=${sort}&left=100&right=100&limit=1000`,
      expected: ok,
    })),
    {
      what: 'CSV',
      path: `${wordsPath}/concordance?q=${word(0)}&sort=right1&limit=20000&format=csv`,
      expected: ok,
    },
  ],
  getCollocates: () => [
    {
      what: 'the most frequent word, window=50, limit=1000',
      path: `${wordsPath}/collocates?node=${word(0)}&window=50&limit=1000`,
      expected: ok,
    },
    { what: 'CSV', path: `${wordsPath}/collocates?node=${word(0)}&format=csv`, expected: ok },
  ],
  getKeyness: () => [
    {
      what: 'all, limit=1000',
      path: `${wordsPath}/keyness?reference=${corpora.deep}&keywords=all&limit=1000`,
      expected: ok,
    },
  ],
  comparePhrases: () => {
    const phrases = Array.from(
      { length: 10 },
      (_, i) => `${word(i)}+${word(0)}+${word(i)}+${word(1)}`,
    ).join();
    return ['', '&by=year', '&format=csv', '&format=svg'].map((query) => ({
      what: `10 phrases longer than the order${query}`,
      path: `/v1/ngrams/compare?phrases=${phrases}&corpora=${corpora.words},${corpora.chinese}${query}`,
      expected: ok,
    }));
  },
  getZipf: () => [
    { what: 'points=2000', path: `/v1/corpora/${corpora.deep}/zipf?points=2000`, expected: ok },
    {
      what: 'points=2000, SVG',
      path: `/v1/corpora/${corpora.deep}/zipf?points=2000`,
      headers: { accept: 'image/svg+xml' },
      expected: ok,
    },
  ],
  getProbability: () => [
    {
      what: 'witten-bell, explain',
      path: `${wordsPath}/probability?word=${word(1)}&context=${word(0)}+${word(0)}&estimator=witten-bell&explain=true`,
      expected: ok,
    },
    {
      what: 'modified-kneser-ney, explain',
      path: `/v1/corpora/${corpora.deep}/probability?word=${word(1)}&context=${Array(5).fill(word(0)).join('+')}&estimator=modified-kneser-ney&explain=true`,
      expected: [200, 507],
    },
    {
      what: 'a mixture, explain',
      path: `${mixedPath}/probability?word=${word(1)}&context=${word(0)}+${word(0)}&explain=true`,
      expected: ok,
    },
    {
      what: 'a context of 14 kB, unicode',
      path: `/v1/corpora/${corpora.chinese}/probability?word=${encodeURIComponent('天')}&context=${encodeURIComponent(ideographs(1000).slice(0, 1500))}`,
      expected: ok,
    },
  ],
  getProbabilities: ({ items, bodyBytes }) => {
    const random = randomNumbers(3);
    const queries = (length: number) =>
      Array.from({ length: items }, () => ({
        context: Array.from({ length }, () => word(Math.floor(3000 ** random()))).join(' '),
        word: word(Math.floor(3000 ** random())),
      }));
    const ask = (what: string, corpus: string, body: object): StallRequest => ({
      what,
      method: 'POST',
      path: `/v1/corpora/${corpus}/probabilities`,
      headers: json,
      body: JSON.stringify(body),
      expected: [200, 507],
    });
    return [
      ask(`${items} queries, explain, order 6`, corpora.deep, { queries: queries(5), explain: true }),
      ask(`${items} queries, explain, order 6, kneser-ney`, corpora.deep, {
        queries: queries(5),
        explain: true,
        estimator: 'kneser-ney',
      }),
      ask(`${items} queries, explain, a mixture`, corpora.mixed, { queries: queries(2), explain: true }),
      ask(`${items} queries with long contexts`, corpora.words, {
        queries: queries(Math.floor(bodyBytes / 4 / items / 5)),
      }),
      ask('one context of 1 MB, Chinese', corpora.chinese, {
        queries: [{ context: ideographs(bodyBytes / 48), word: '天' }],
      }),
      {
        ...ask('a list of lists, which is invalid', corpora.words, {}),
        body: `{"queries":[${'[],'.repeat(bodyBytes / 4 / 3 - 10)}[]]}`,
        // If there are few, each query has its own problem.
        expected: [200, 400],
      },
    ];
  },
  getContinuations: () => [
    ...[
      'k=1000',
      'format=csv',
      'k=1000&prefix=w',
      'k=1000&prefix=wz',
      'k=1000&prefix=wzzz',
      'prefix=w&estimator=witten-bell',
      `k=1000&context=${word(0)}&prefix=v`,
      `k=1000&context=${word(0)}+${word(0)}&estimator=absolute-discounting`,
      `k=1000&context=${word(0)}+${word(1)}&prefix=wzz&estimator=stupid-backoff`,
    ].map((query) => ({ what: query, path: `${wordsPath}/continuations?${query}`, expected: ok })),
    ...['k=1000', 'k=1000&prefix=w', 'format=csv'].map((query) => ({
      what: `side=left, ${query}`,
      path: `${wordsPath}/continuations?side=left&context=${word(0)}&${query}`,
      expected: ok,
    })),
    ...['k=1000', 'format=csv&k=10000', 'k=1000&prefix=w', `k=1000&context=${word(0)}`].map((query) => ({
      what: `a mixture, ${query}`,
      path: `${mixedPath}/continuations?${query}`,
      expected: ok,
    })),
    {
      what: 'k=1000, a cursor deep in the list',
      path: `${wordsPath}/continuations?k=1000&context=${word(0)}&cursor=${encodeCursor([1e-9, 3])}`,
      expected: ok,
    },
    {
      what: 'k=1000&prefix=w&estimator=modified-kneser-ney',
      path: `${wordsPath}/continuations?k=1000&context=${word(0)}+${word(0)}&prefix=w&estimator=modified-kneser-ney`,
      expected: [200, 507],
    },
  ],
  getBatches: ({ pageTokens }) => {
    const page = (what: string, query: string, accept = 'application/json'): StallRequest => ({
      what,
      path: `${wordsPath}/batches?${query}`,
      headers: { accept },
      expected: ok,
    });
    const rows = `batch_size=${pageTokens / 1024}&num_steps=1024&limit=1`;
    const single = `batch_size=1&num_steps=1&limit=${pageTokens}`;
    return [
      page('one token per row and batch, cold', `${single}&seed=1`),
      page('one token per row and batch, as tokens', `${single}&as=tokens`),
      page('one token per row and batch, NDJSON', single, 'application/x-ndjson'),
      page('one token per row and batch, NPY', single, 'application/x-npy'),
      page('rows of 1,024 tokens', rows),
      page('rows of 1,024 tokens, as tokens', `${rows}&as=tokens`),
      page('rows of 1,024 tokens, as tokens, NDJSON', `${rows}&as=tokens`, 'application/x-ndjson'),
      page('rows of 1,024 tokens, NPY', rows, 'application/x-npy'),
      page('rows of 1,024 tokens, min_freq=2', `${rows}&min_freq=2`),
    ];
  },
  scoreTexts: ({ items, bodyBytes }) => {
    const random = randomNumbers(4);
    const line = Array.from({ length: 20 }, () => word(Math.floor(3000 ** random()))).join(' ');
    const texts = Array.from({ length: items }, () => line);
    const score = (
      what: string,
      query: string,
      headers: Record<string, string>,
      body: string | Uint8Array,
    ) => ({
      what,
      method: 'POST',
      path: `${wordsPath}/score${query}`,
      headers,
      body,
      expected: [200, 400, 413],
    });
    return [
      score(`${items} texts`, '', json, JSON.stringify({ texts })),
      score(`${items} texts, per_token`, '', json, JSON.stringify({ texts, per_token: true })),
      score(
        `${items} texts against another model`,
        '',
        json,
        JSON.stringify({ texts, against: corpora.words }),
      ),
      score(
        'lines against another model',
        `?against=${corpora.words}`,
        text,
        `${line}\n`.repeat(bodyBytes / 200),
      ),
      score('lines', '', text, `${line}\n`.repeat(bodyBytes / 200)),
      score('lines, per_token', '?per_token=true', text, `${line}\n`.repeat(bodyBytes / 200)),
      {
        ...score('lines, a mixture', '', text, `${line}\n`.repeat(bodyBytes / 200)),
        path: `${mixedPath}/score`,
      },
      {
        ...score(
          `${items} texts, per_token, a mixture`,
          '',
          json,
          JSON.stringify({ texts, per_token: true }),
        ),
        path: `${mixedPath}/score`,
      },
      score('one line of the maximum length', '', text, `${word(0)} `.repeat(bodyBytes / 4)),
    ];
  },
  getPercentiles: ({ bodyBytes }) => {
    const ask = (what: string, type: string, line: string) => ({
      what,
      method: 'POST',
      path: `${wordsPath}/percentiles`,
      headers: { 'content-type': type },
      body: line.repeat(Math.min(100_000, bodyBytes / line.length)),
      expected: ok,
    });
    return [
      ask('100,000 lines', 'text/plain', `${word(0)}\n`),
      ask('documents', 'application/x-ndjson', `${JSON.stringify({ text: `${word(1)} ${word(2)}` })}\n`),
    ];
  },
  generateText: () => [
    ...[{}, { stream: true }, { temperature: 0 }, { top_k: 100_000 }].map((options) => ({
      what: `max_tokens=4096 ${JSON.stringify(options)}`,
      method: 'POST',
      path: `${wordsPath}/generate`,
      headers: json,
      body: JSON.stringify({ max_tokens: 4096, seed: 1, ...options }),
      expected: ok,
    })),
    {
      what: 'max_tokens=4096, a mixture',
      method: 'POST',
      path: `${mixedPath}/generate`,
      headers: json,
      body: JSON.stringify({ max_tokens: 4096, seed: 1 }),
      expected: ok,
    },
  ],
  complete: ({ bodyBytes, items }) => {
    const random = randomNumbers(5);
    const ids = (length: number) => Array.from({ length }, () => 1 + Math.floor(3000 ** random()));
    const ask = (what: string, body: object): StallRequest => ({
      what,
      method: 'POST',
      path: '/v1/completions',
      headers: json,
      body: JSON.stringify({ model: corpora.words, seed: 1, ...body }),
      expected: [200, 413, 507],
    });
    const prompts = Math.min(24, Math.ceil(items / 25));
    const likelihood = { max_tokens: 1, echo: true, logprobs: 1, temperature: 0 };
    return [
      ask(`${prompts} prompts of 2,047 ids`, {
        ...likelihood,
        prompt: Array.from({ length: prompts }, () => ids(2047)),
      }),
      ask(`${prompts} prompts of 2,047 ids, a mixture`, {
        ...likelihood,
        model: corpora.mixed,
        // The words of the first of two parts have every other id.
        prompt: Array.from({ length: prompts }, () => ids(2047).map((id) => 2 * id - 1)),
      }),
      ask(`${items} prompts`, {
        ...likelihood,
        prompt: Array.from({ length: items }, () => word(ids(1)[0])),
      }),
      ask('a prompt as text, of the maximum length', {
        prompt: `${word(0)} `.repeat(bodyBytes / 5),
        echo: true,
      }),
      ask('4,096 tokens', { prompt: word(0), max_tokens: 4096, logprobs: 20 }),
      ask('4,096 tokens, streamed', { prompt: word(0), max_tokens: 4096, logprobs: 5, stream: true }),
      ask('1,000 stop sequences, streamed', {
        max_tokens: 4096,
        stream: true,
        stop: Array.from({ length: 1000 }, (_, i) => `${word(i)} ${word(i)} ${word(i)} never`),
      }),
    ];
  },
  completeWithCorpus: ({ items }) => [
    {
      what: `${Math.min(128, items)} texts of 700 tokens`,
      method: 'POST',
      path: `${wordsPath}/v1/completions`,
      headers: json,
      body: JSON.stringify({ n: Math.min(128, items), max_tokens: 700, seed: 1 }),
      expected: [200, 507],
    },
  ],
  listModels: () => [{ what: '', path: '/v1/models', expected: ok }],
  getModel: () => [{ what: '', path: `/v1/models/${corpora.words}`, expected: ok }],
  listModelsOfCorpus: () => [{ what: '', path: `${wordsPath}/v1/models`, expected: ok }],
  getModelOfCorpus: () => [{ what: '', path: `${wordsPath}/v1/models/${corpora.words}:mle`, expected: ok }],
  getTokenizerInfo: () => [{ what: '', path: `${wordsPath}/tokenizer_info`, expected: ok }],
  tokenize: ({ bodyBytes }) => [
    {
      what: 'a text of the maximum length',
      method: 'POST',
      path: `${wordsPath}/tokenize`,
      headers: json,
      body: JSON.stringify({ prompt: `${word(0)} `.repeat(bodyBytes / 5), return_token_strs: true }),
      expected: ok,
    },
    {
      what: 'a mixture, a text of the maximum length',
      method: 'POST',
      path: `${mixedPath}/tokenize`,
      headers: json,
      body: JSON.stringify({ prompt: `${word(0)} `.repeat(bodyBytes / 5), return_token_strs: true }),
      expected: ok,
    },
    {
      what: 'Chinese, of the maximum length',
      method: 'POST',
      path: `/v1/corpora/${corpora.chinese}/tokenize`,
      headers: json,
      body: JSON.stringify({ prompt: ideographs(bodyBytes / 20) }),
      expected: ok,
    },
  ],
  detokenize: ({ longToken }) => [
    {
      what: '49,000 ids',
      method: 'POST',
      path: `${wordsPath}/detokenize`,
      headers: json,
      body: JSON.stringify({ tokens: Array.from({ length: 49_000 }, (_, i) => i % 3000) }),
      expected: ok,
    },
    {
      what: `49,000 ids of tokens of ${longToken} bytes`,
      method: 'POST',
      path: `/v1/corpora/${corpora.long}/detokenize`,
      headers: json,
      body: JSON.stringify({ tokens: Array.from({ length: 49_000 }, (_, i) => i % 10) }),
      expected: [200, 413],
    },
  ],
  tuneParameters: ({ bodyBytes }) => [
    {
      what: 'weights of a mixture',
      method: 'POST',
      path: `${mixedPath}/tune`,
      headers: text,
      body: `${word(1)} ${word(2)} `.repeat(Math.min(500_000, bodyBytes / 8)),
      expected: ok,
    },
    {
      what: 'a text of 100,000 tokens',
      method: 'POST',
      path: `${wordsPath}/tune?estimator=jelinek-mercer`,
      headers: text,
      body: `${word(1)} ${word(2)} `.repeat(Math.min(50_000, bodyBytes / 8)),
      expected: ok,
    },
  ],
  getArpa: () => [
    { what: 'order=2', path: `/v1/corpora/${corpora.deep}/arpa?order=2`, expected: [200, 507] },
    {
      what: 'pruned by counts, words and entropy',
      path: `/v1/corpora/${corpora.deep}/arpa?order=3&prune=0,0,1&vocabulary=top:5000&prune_entropy=1e-8`,
      expected: [200, 507],
    },
  ],
  getLimitedArpa: ({ bodyBytes }) => [
    {
      what: 'a list of words, one after the other until the largest',
      method: 'POST',
      path: `/v1/corpora/${corpora.deep}/arpa?order=2`,
      headers: text,
      body: `${word(1)}\n${word(2)}\n`.repeat(Math.min(2 ** 20, bodyBytes) / 16),
      expected: [200, 507],
    },
  ],
};

export const writeRequests: Record<string, Requests> = {
  createSampleCorpus: () => [
    {
      what: 'the longest sample, order=6',
      method: 'POST',
      path: '/v1/samples/king-james-bible?order=6',
      expected: [201],
    },
  ],
  createCorpus: ({ items, bodyBytes }) => [
    {
      what: `a form of ${items} files`,
      method: 'POST',
      path: '/v1/corpora',
      body: formOf([['name', 'form']], items),
      expected: [201],
    },
    {
      what: 'JSON, escaped',
      method: 'POST',
      path: '/v1/corpora?name=escaped&tokenizer=unicode',
      headers: json,
      body: `{"text":"${'\\u5929 '.repeat(bodyBytes / 4 / 7)}"}`,
      expected: [201, 413],
    },
  ],
  putCorpus: ({ bodyBytes }) => [
    {
      what: 'a text in gzip',
      method: 'PUT',
      path: '/v1/corpora/zipped',
      headers: { ...text, 'content-encoding': 'gzip' },
      body: gzipSync('the time machine '.repeat(bodyBytes / 4)),
      expected: [201],
    },
    {
      what: 'an ARPA file',
      method: 'PUT',
      path: '/v1/corpora/listed',
      headers: { 'content-type': 'text/x-arpa' },
      body: arpaOf(Math.floor(bodyBytes / 40)),
      expected: [201],
    },
  ],
  addDocument: ({ items }) => [
    {
      what: `a form of ${items} files`,
      method: 'POST',
      path: '/v1/corpora/form/documents',
      body: formOf([], items),
      expected: [201],
    },
    {
      what: `${10 * items} documents in NDJSON`,
      method: 'POST',
      path: '/v1/corpora/form/documents',
      headers: { 'content-type': 'application/x-ndjson' },
      body: Array.from({ length: 10 * items }, (_, i) => `{"id":"line-${i}","text":"the ${word(i)}"}\n`).join(
        '',
      ),
      expected: [201],
    },
    {
      what: 'counts of n-grams',
      method: 'PUT',
      path: '/v1/corpora/counts?order=2',
      headers: { 'content-type': 'text/tab-separated-values' },
      body: Array.from(
        { length: 10 * items },
        (_, i) => `${word(i % 999)} ${word(i)}\t${1 + (i % 9)}\n`,
      ).join(''),
      expected: [201],
    },
    {
      what: 'the first change of a large corpus',
      method: 'POST',
      path: `${wordsPath}/documents`,
      headers: text,
      body: 'the time machine',
      expected: [201],
    },
  ],
  putDocument: () => [
    {
      what: '',
      method: 'PUT',
      path: `${wordsPath}/documents/second`,
      headers: text,
      body: 'the time machine',
      expected: [201],
    },
  ],
  listDocuments: () => [{ what: 'limit=1000', path: '/v1/corpora/form/documents?limit=1000', expected: ok }],
  listJobs: () => [{ what: 'limit=1000', path: '/v1/jobs?limit=1000', expected: ok }],
  getJob: (_sizes, { job }) => [{ what: 'of a form', path: `/v1/jobs/${job}`, expected: ok }],
  followJob: (_sizes, { job }) => [{ what: 'of a form', path: `/v1/jobs/${job}/events`, expected: ok }],
  cancelJob: (_sizes, { job }) => [
    { what: 'of a form', method: 'DELETE', path: `/v1/jobs/${job}`, expected: [409] },
  ],
  createBackups: () => [{ what: 'of all corpora', method: 'POST', path: '/v1/backups', expected: [202] }],
  createBackup: () => [{ what: '', method: 'POST', path: `${wordsPath}/backups`, expected: [201] }],
  listBackups: () => [{ what: 'limit=1000', path: '/v1/backups?limit=1000', expected: ok }],
  listCorpusBackups: () => [{ what: 'limit=1000', path: `${wordsPath}/backups?limit=1000`, expected: ok }],
  getBackup: (_sizes, { backup }) => [{ what: '', path: backup, expected: ok }],
  restoreBackup: (_sizes, { backup }) => [
    { what: 'to a new name', method: 'POST', path: `${backup}/restore?to=restored`, expected: [201] },
    {
      what: 'replacing',
      method: 'POST',
      path: `${backup}/restore?to=${corpora.deep}&replace=true`,
      expected: ok,
    },
  ],
  restoreFile: ({ bodyBytes }) => [
    {
      what: 'of what is no backup',
      method: 'POST',
      path: `/v1/corpora/file/restore?sha256=${'0'.repeat(64)}`,
      body: Buffer.alloc(bodyBytes),
      expected: [422],
    },
  ],
  deleteBackup: (_sizes, { backup }) => [{ what: '', method: 'DELETE', path: backup, expected: [204] }],
  deleteDocument: () => [
    { what: '', method: 'DELETE', path: `${wordsPath}/documents/second`, expected: [204] },
  ],
  deleteCorpus: () => [
    { what: '', method: 'DELETE', path: '/v1/corpora/zipped', expected: [204] },
    { what: 'of 10,000 documents', method: 'DELETE', path: '/v1/corpora/form', expected: [204] },
  ],
};

function formOf(fields: [string, string][], files: number): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  for (let i = 0; i < files; i++) form.append('file', new Blob([`${word(i)} `]), `${i}.txt`);
  return form;
}

/** An ARPA file of so many words, and as many pairs of words. */
function arpaOf(words: number): string {
  const numbers = Array.from({ length: words }, (_, i) => i);
  const unigrams = numbers.map((i) => `-5.25\tw${i}\t-0.5\n`).join('');
  const bigrams = numbers.map((i) => `-1.5\tw${i} w${(i * 7) % words}\n`).join('');
  return `\\data\\\nngram 1=${words}\nngram 2=${words}\n\n\\1-grams:\n${unigrams}\n\\2-grams:\n${bigrams}\n\\end\\\n`;
}
