/**
 * The requests that every store answers equally. A route is covered as soon as a request of it stands in one of the
 * lists.
 */
import { gzipSync } from 'node:zlib';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { tokenizerJson } from '../text/tokenizer-json/fixtures.ts';
import type { Asked } from './asking.ts';

const corpus = '/v1/corpora/sonnets';
const lines = '/v1/corpora/lines';
const mixed = '/v1/corpora/mixed';
const later = { prefer: 'respond-async' };
const counts = { 'content-type': 'text/tab-separated-values' };

/** A form with fields. */
function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** A form with a file, and one with several. */
function form(...texts: string[]): FormData {
  const form = new FormData();
  for (const text of texts) form.append('file', new Blob([text]), 'text.txt');
  return form;
}

/** A form of files of documents in JSON, one per line. */
function formOfDocuments(...files: string[]): FormData {
  const form = new FormData();
  for (const [i, lines] of files.entries())
    form.append('file', new Blob([lines], { type: 'application/x-ndjson' }), `${i}.jsonl`);
  return form;
}

/** A form with a tokenizer.json and a text. */
function withTokenizer(name: string, text: string): FormData {
  const form = new FormData();
  form.append('tokenizer', new Blob([new Uint8Array(tokenizerJson(name))]), 'tokenizer.json');
  form.append('file', new Blob([text]), 'text.txt');
  return form;
}

/** The same text in a body of each type that an upload takes, and as a job. */
const uploads = (asked: (name: string, type: string) => [Asked[0], string]): Asked[] => {
  const text = 'to be or not to be';
  const typed = (type: string, body: Asked[2], headers = {}): Asked => {
    const name = `typed-${type.split('/')[1].split('-')[0]}`;
    const contentType = body instanceof Uint8Array ? { 'content-type': type } : {};
    return [...asked(name, type), body, { ...contentType, ...headers }];
  };
  return [
    typed('text/plain', text),
    typed('application/json', { text }),
    typed('multipart/form-data', form(text)),
    typed('application/octet-stream', Buffer.from(text)),
    typed('application/gzip', gzipSync(text)),
    typed('application/x-ndjson', JSON.stringify({ text }), { 'content-type': 'application/x-ndjson' }),
    typed('application/jsonl', JSON.stringify({ text }), { 'content-type': 'application/jsonl' }),
    typed('text/later', text, later),
    ['get', '/v1/jobs/:job/events'],
  ];
};

/** An ARPA file, with an n-gram of which the file lists neither the beginning nor the end. */
const arpa = `\\data\\
ngram 1=6
ngram 2=3
ngram 3=2

\\1-grams:
-1.5\t<unk>\t0
-99\t<s>\t-0.5
-0.7\t</s>
-0.6\ta\t-0.25
-6e-1\tb\t-0.125
-1.2\tc

\\2-grams:
-0.3\t<s> a\t-0.1
-0.4\ta b\t-0.2
-0.9\ta c

\\3-grams:
-0.15\t<s> a b
-0.05\tc b a

\\end\\
`;
const listed = '/v1/corpora/listed';
const arpaType = { 'content-type': 'text/x-arpa' };

/** Corpora with different vocabularies, by these weights. */
const mixture = (one: number, other: number) => [
  { corpus: 'sonnets', weight: one, estimator: 'modified-kneser-ney' },
  { corpus: 'closed', weight: other, estimator: 'witten-bell', order: 2 },
];

/** Changes of corpora, in this order. */
export const changes: Asked[] = [
  ['post', '/v1/samples/sonnets'],
  ['post', '/v1/samples/sonnets'],
  ['post', '/v1/samples/sonnets?corpus=more&order=2', undefined, later],
  ['get', '/v1/jobs/:job/events'],
  ['delete', '/v1/corpora/more'],
  ['post', `${corpus}/documents`, 'shall i compare thee to a winter night, or to the time machine'],
  [
    'put',
    `${corpus}/documents/mine?date=1609-05&title=Mine`,
    'from fairest creatures we desire nothing at all',
  ],
  ['put', `${corpus}/documents/mine`, 'from fairest creatures we desire nothing at all'],
  ['put', `${corpus}/documents/mine`, 'from fairest creatures we desire something else'],
  [
    'post',
    `${corpus}/documents?title_field=t`,
    '{"id":"first","text":"shall i compare"}\n{"text":"thee to a","t":"Second"}\n',
    { 'content-type': 'application/x-ndjson' },
  ],
  ['post', `${corpus}/documents`, '{"id":"first","text":"again"}\n', { 'content-type': 'application/jsonl' }],
  ['post', `${corpus}/documents`, '{"text":"a"}\n{}\n', { 'content-type': 'application/x-ndjson' }],
  [
    'post',
    `${corpus}/documents`,
    '{"id":12345678901234567890,"text":"a day"}\n',
    { 'content-type': 'application/jsonl' },
  ],
  [
    'post',
    `${corpus}/documents`,
    formOfDocuments('{"id":"twice","text":"a day"}', '{"id":"twice","text":"a night"}'),
  ],
  ['delete', `${corpus}/documents/2`],
  ['put', '/v1/corpora/counts?order=3', 'the time traveller\t3\nthe time\t7\na time\t2\n', counts],
  ['post', '/v1/corpora/counts/documents', 'the time machine\t5\ntime\t9\n', counts],
  ['post', '/v1/corpora?name=posted-counts&order=2', 'the time\t2\n', counts],
  ['put', '/v1/corpora/counts/documents/gone', 'the time machine\t1\na machine\t2\n', counts],
  ['delete', '/v1/corpora/counts/documents/gone'],
  ['post', '/v1/corpora/counts/documents', 'the time\t5\ntime\t4\n', counts],
  ['post', '/v1/corpora/counts/documents', 'the time'],
  ['post', `${corpus}/documents`, 'the time\t5\n', counts],
  [
    'put',
    '/v1/corpora/counted?tokenizer=whitespace&sequences=line',
    '<s> a b\t3\na b </s>\t3\n<s> c </s>\t2\n',
    counts,
  ],
  ['put', `${lines}?tokenizer=whitespace&order=2&sequences=line`, 'a b a\nb <unk>\n\na a b c\nc\n'],
  ['post', `${lines}/documents?date=1895`, 'a b d\nd e\n'],
  ['put', `${lines}?tokenizer=char`, 'other'],
  [
    'put',
    '/v1/corpora/closed',
    { vocabulary: ['shall', 'day'], text: 'shall i compare thee to a summer day' },
  ],
  ['post', '/v1/corpora/closed/documents', 'a day for thee'],
  ['get', '/v1/corpora/closed/ngrams?order=2'],
  ['get', '/v1/corpora/closed/probability?context=shall&word=thee&estimator=witten-bell'],
  ['put', '/v1/corpora/ids?tokenizer=ids&vocabulary_ids=300&order=2', '7 7 299 [0,1]\n'],
  ['put', '/v1/corpora/ids-of-others?tokenizer=ids&vocabulary_ids=300', '7\n300\n'],
  [
    'put',
    '/v1/corpora/ids-of-others?tokenizer=ids&vocabulary_ids=300',
    '[7,null]\n',
    { 'content-type': 'application/jsonl' },
  ],
  ['get', '/v1/corpora/ids/probability?context=7&word=x'],
  [
    'post',
    '/v1/corpora/ids/score',
    '[7,299]\n{"id":12345678901234567890,"text":[0]}\n{"id":12345678901234567890,"text":[null]}\n',
    { 'content-type': 'application/jsonl' },
  ],
  ['get', '/v1/corpora/ids/ngrams?order=2'],
  ['get', '/v1/corpora/ids/batches?batch_size=1&num_steps=4&seed=1'],
  ['put', '/v1/corpora/chinese?tokenizer=jieba', '我们来到了北京大学 the dog'],
  ['get', '/v1/corpora/chinese'],
  ['get', '/v1/corpora/chinese/probability?context=来到了&word=北京大学'],
  ['put', '/v1/corpora/subwords?tokenizer=gpt2&sequences=line', 'to be or not to be\n字 is a character\n'],
  ['post', '/v1/corpora/subwords/documents', 'to be is to do\n'],
  ['delete', '/v1/corpora/subwords/documents/2'],
  ['get', '/v1/corpora/subwords'],
  ['get', '/v1/corpora/subwords/vocabulary?limit=1000'],
  ['get', '/v1/corpora/subwords/ngrams?order=3'],
  ['get', '/v1/corpora/subwords/batches?batch_size=2&num_steps=4&seed=1'],
  ['get', '/v1/corpora/subwords/probability?context=<s>%20to&word=%20be&estimator=modified-kneser-ney'],
  ['get', '/v1/corpora/subwords/arpa?estimator=witten-bell'],
  ['post', '/v1/corpora/subwords/score', { texts: ['to be 字'], estimator: 'witten-bell' }],
  ['post', '/v1/corpora/subwords/detokenize', { tokens: [1462, 307, 50_259] }],
  [
    'put',
    '/v1/corpora/pieces?sequences=line',
    withTokenizer('llama2', 'to be or not to be\n字 is a character\n'),
  ],
  [
    'put',
    '/v1/corpora/pieces?sequences=line',
    withTokenizer('llama2', 'to be or not to be\n字 is a character\n'),
  ],
  ['put', '/v1/corpora/pieces?sequences=line', withTokenizer('bert', 'to be or not to be\n')],
  ['put', '/v1/corpora/no-pieces', withTokenizer('ids', 'to be or not to be\n')],
  ['post', '/v1/corpora/pieces/documents', 'to be is to do\n'],
  ['delete', '/v1/corpora/pieces/documents/2'],
  ['get', '/v1/corpora/pieces'],
  ['get', '/v1/corpora/pieces/vocabulary?limit=1000'],
  ['get', '/v1/corpora/pieces/ngrams?order=3'],
  ['get', '/v1/corpora/pieces/ngrams?order=2&pattern=▁to%20*'],
  ['get', '/v1/corpora/pieces/batches?batch_size=2&num_steps=4&seed=1'],
  ['get', '/v1/corpora/pieces/probability?context=<s>%20to&word=▁be&estimator=modified-kneser-ney'],
  ['get', '/v1/corpora/pieces/continuations?context=to%20be&estimator=witten-bell'],
  ['get', '/v1/corpora/pieces/arpa?estimator=witten-bell'],
  ['post', '/v1/corpora/pieces/score', { texts: ['to be 字'], estimator: 'witten-bell' }],
  ['post', '/v1/corpora/pieces/tokenize', { prompt: 'to be 字' }],
  ['post', '/v1/corpora/pieces/tune?estimator=jelinek-mercer', 'to be or not\n'],
  ...uploads((name) => ['post', `/v1/corpora?name=posted-${name}&order=2`]),
  ...uploads((name) => ['put', `/v1/corpora/${name}?sequences=line`]),
  ['put', '/v1/corpora/typed-plain?sequences=line', 'to be or not to be'],
  ['post', '/v1/corpora/typed-plain/documents', form('to be', 'or not', 'to be')],
  ...uploads(() => ['post', '/v1/corpora/typed-plain/documents']),
  ...uploads((name) => ['put', `/v1/corpora/typed-plain/documents/${name}`]),
  ['get', '/v1/jobs/:job'],
  ['delete', '/v1/jobs/:job'],
  ['get', '/v1/jobs?limit=500'],
  ['get', '/v1/jobs?format=csv'],
  ['post', `${lines}/documents`, 'once only', { 'idempotency-key': 'one' }],
  ['post', `${lines}/documents`, 'once only', { 'idempotency-key': 'one' }],
  ['post', `${lines}/documents`, 'something else', { 'idempotency-key': 'one' }],
  ['post', '/v1/corpora?name=keyed', 'once only', { 'idempotency-key': 'two' }],
  ['post', '/v1/corpora?name=keyed', 'once only', { 'idempotency-key': 'two' }],
  ['post', '/v1/corpora?name=keyed', 'something else', { 'idempotency-key': 'two' }],
  ['put', listed, Buffer.from(arpa), arpaType],
  ['put', listed, Buffer.from(arpa), arpaType],
  ['put', listed, Buffer.from(arpa.replace('-0.15', '-0.16')), arpaType],
  ['put', '/v1/corpora/missing', Buffer.from(arpa.replace('ngram 2=3', 'ngram 2=4')), arpaType],
  ['post', '/v1/corpora?name=posted-arpa', Buffer.from(arpa), { ...arpaType, 'idempotency-key': 'three' }],
  ['post', '/v1/corpora?name=posted-arpa', Buffer.from(arpa), { ...arpaType, 'idempotency-key': 'three' }],
  ['post', `${listed}/documents`, 'a text'],
  ['delete', `${listed}/documents/1`],
  ['delete', '/v1/corpora/posted-arpa'],
  ['get', '/v1/corpora/missing'],
  ['put', mixed, { mixture: mixture(0.5, 0.5) }],
  ['put', mixed, { mixture: mixture(0.75, 0.25) }],
  ['put', mixed, { mixture: mixture(0.75, 0.25) }],
];

const underEstimator = (estimator: string): Asked[] => [
  ['get', `${corpus}/probability?context=shall+i&word=compare&explain=true&estimator=${estimator}`],
  ['get', `${corpus}/probability?context=no+such+nonsense&word=zzz&estimator=${estimator}`],
  [
    'post',
    `${corpus}/probabilities`,
    {
      estimator,
      queries: [
        { context: 'of the', word: 'world' },
        { context: '', word: 'love' },
        { context: 'thy', word: 'zzz' },
      ],
    },
  ],
  ['get', `${corpus}/continuations?context=of+the&k=20&estimator=${estimator}`],
  ['get', `${corpus}/continuations?context=in&prefix=th&k=5&estimator=${estimator}`],
  ['get', `${lines}/continuations?context=a&k=10&estimator=${estimator}`],
  ['get', `${corpus}/continuations?context=in+the&format=csv&estimator=${estimator}`],
  [
    'post',
    `${corpus}/score`,
    { texts: ['shall i compare thee', 'compare thee zzz'], per_token: true, estimator },
  ],
  ['post', `${lines}/score?per_token=true&estimator=${estimator}`, 'a b a\nb zzz\n\n'],
  [
    'post',
    `${corpus}/score`,
    { texts: ['shall i compare thee', 'compare thee zzz'], against: 'closed', estimator },
  ],
  ['post', `${lines}/score?against=lines&against_order=1&estimator=${estimator}`, 'a b a\nb zzz\n\n'],
  ['post', `${corpus}/generate`, { prompt: 'shall i', max_tokens: 8, seed: 5, estimator }],
  ['post', `${corpus}/generate`, { prompt: 'love', max_tokens: 8, seed: 7, stream: true, estimator }],
  ['post', `${corpus}/tune?estimator=${estimator}`, 'love is not love which alters'],
  ['get', `${lines}/arpa?estimator=${estimator}`],
  ['get', `${lines}/arpa?order=2&prune=0,1&vocabulary=top:2&estimator=${estimator}`],
  ['get', `/v1/corpora/counted/arpa?estimator=${estimator}`],
  ['get', `/v1/corpora/counts/arpa?estimator=${estimator}`],
  ['get', `/v1/corpora/counts/continuations?context=the+time&k=9&estimator=${estimator}`],
];

const completion = { prompt: 'shall i', max_tokens: 5, logprobs: 2, echo: true, seed: 1 };
const bytes = (type: string): Record<string, string> => ({ 'content-type': type });

/** Questions about the corpus of an ARPA file, whose model is always in memory. */
export const listedQuestions: Asked[] = [
  ['get', listed],
  ['get', `${listed}/arpa`],
  ['get', `${listed}/probability?word=a&estimator=laplace`],
  ['post', `${listed}/generate`, { prompt: 'c', estimator: 'modified-kneser-ney' }],
  ['get', `${listed}/documents`],
  ['get', `${listed}/documents?format=csv`],
  ['get', `${listed}/vocabulary`],
  ['get', `${listed}/vocabulary?format=csv`],
  ['get', `${listed}/vocabulary?token=b`],
  ['get', `${listed}/ngrams`],
  ['get', `${listed}/zipf`],
  ['get', `${listed}/probability?context=c+b&word=a&explain=true`],
  ['get', `${listed}/probability?context=c+zzz&word=zzz&explain=true`],
  ['post', `${listed}/probabilities`, { queries: [{ context: 'a', word: 'b' }] }],
  ['get', `${listed}/continuations?context=c+b&k=2`],
  ['get', `${listed}/continuations?context=a&prefix=b`],
  ['get', `${listed}/continuations?context=a&format=csv`],
  ['post', `${listed}/score`, { texts: ['a b', 'c b a zzz'], per_token: true }],
  ['post', `${listed}/score?per_token=true`, 'a b\n\nc b a zzz\n'],
  ['post', `${listed}/generate`, { prompt: 'c', max_tokens: 8, seed: 5 }],
  ['get', `${listed}/v1/models`],
  ['post', `${listed}/v1/completions`, completion],
  ['post', `${listed}/tokenize`, { prompt: 'a zzz' }],
];

/** Questions about what the changes have made. */
export const questions: Asked[] = [
  ['get', mixed],
  ['get', `${mixed}/probability?context=shall+i&word=compare&explain=true`],
  ['post', `${mixed}/probabilities`, { queries: [{ context: 'a', word: 'day' }, { word: 'zzz' }] }],
  ['get', `${mixed}/continuations?context=of+the&k=20`],
  ['get', `${mixed}/continuations?context=of+the&prefix=su`],
  ['get', `${mixed}/continuations?context=a&format=csv`],
  ['post', `${mixed}/score?per_token=true`, 'shall i compare thee to a zzz day\nto be\n'],
  ['post', `${mixed}/score`, { texts: ['shall i', 'a summer day'], against: 'sonnets', against_order: 2 }],
  ['post', `${mixed}/generate`, { prompt: 'shall i', max_tokens: 8, seed: 5 }],
  ['post', `${mixed}/generate`, { prompt: 'a', max_tokens: 4, seed: 5, top_k: 5 }],
  ['post', `${mixed}/tune`, 'shall i compare thee to a summer day'],
  ['get', `${mixed}/vocabulary?limit=1000`],
  ['get', `${mixed}/vocabulary?limit=20&cursor=WzEwMF0`],
  ['get', `${mixed}/vocabulary?token=shall`],
  ['get', `${mixed}/vocabulary?format=csv`],
  ['post', `${mixed}/tokenize`, { prompt: 'shall I compare thee to zzz' }],
  ['post', `${mixed}/detokenize`, { tokens: [1, 2, 3, 2147483647] }],
  ['post', `${mixed}/v1/completions`, completion],
  ['post', `${mixed}/v1/completions`, { ...completion, stream: true, temperature: 0 }],
  ['post', '/v1/completions', { ...completion, model: 'mixed', prompt: [3, 5, 0] }],
  ['get', `${mixed}/ngrams?order=2`],
  ['get', '/v1/corpora'],
  ['get', '/v1/corpora?format=csv'],
  ['get', '/v1/samples'],
  ['get', '/v1/samples?format=csv'],
  ...[corpus, lines, '/v1/corpora/counts', '/v1/corpora/counted'].flatMap((path): Asked[] => [
    ['get', path],
    ['get', `${path}/documents`],
    ['get', `${path}/documents?format=csv`],
    ['get', `${path}/vocabulary?limit=50`],
    ['get', `${path}/vocabulary?limit=20&cursor=WzEwMF0`],
    ['get', `${path}/vocabulary?format=csv`],
    ...[1, 2].map((order): Asked => ['get', `${path}/ngrams?order=${order}&limit=300`]),
    ['get', `${path}/ngrams?order=2&format=csv`],
    ['get', `${path}/ngrams?pattern=*+a/b~&limit=7`],
    ['get', `${path}/ngrams?sort=log_likelihood&min_count=2&format=csv`],
    ['get', `${path}/zipf`],
    ['get', `${path}/zipf?format=csv`],
    ['get', `${path}/zipf?format=svg`],
    ['get', `${path}/collocates?node=a&limit=9`],
    ['get', `${path}/keyness?reference=lines&keywords=all&limit=20`],
    ['get', `${path}/keyness?reference=sonnets&format=csv`],
    ['get', `${path}/collocates?node=love&window=2&sort=t&format=csv`],
    ['get', `${path}/continuations?side=left&context=a&k=20`],
    ['get', `${path}/continuations?side=left&context=love&format=csv`],
    ['get', `${path}/concordance?q=a&sort=left1&limit=20`],
    ['get', `${path}/concordance?q=a&sort=right1&format=csv`],
    ['get', `${path}/batches?batch_size=2&num_steps=2&seed=3&limit=3`],
    ['get', `${path}/batches?batch_size=2&num_steps=2&strategy=sequential&as=tokens&limit=3`],
    ['get', `${path}/batches?batch_size=2&num_steps=2&format=ndjson&limit=3`],
    ['get', `${path}/batches?batch_size=2&num_steps=2&format=npy&limit=3`],
    ['post', `${path}/tune`, { text: 'a b\nlove is not love\n', estimator: 'laplace' }],
    ['get', `${path}/documents/nothing`],
    ['get', `${path}/probability`],
  ]),
  ...['', '&by=year'].flatMap((by): Asked[] =>
    ['json', 'csv', 'svg'].map((format) => [
      'get',
      `/v1/ngrams/compare?phrases=a,a+b+c,thy+love&corpora=sonnets,lines&format=${format}${by}`,
    ]),
  ),
  ['get', `${corpus}/documents/mine`],
  ['get', `${corpus}/ngrams?order=3&limit=1000`],
  ...['application/octet-stream', 'application/gzip'].flatMap((type): Asked[] => {
    const text = 'shall i compare thee\nto zzz\n';
    const body = type === 'application/gzip' ? gzipSync(text) : Buffer.from(text);
    return [
      ['post', `${corpus}/score?per_token=true`, body, bytes(type)],
      ['post', `${corpus}/tune?estimator=laplace`, body, bytes(type)],
    ];
  }),
  ['post', `${corpus}/score?summary=true`, 'shall i compare thee\nto zzz\n'],
  ['post', `${corpus}/score?cutoffs=50,500`, '{"text":"shall i"}\n{"id":1}\n', bytes('application/x-ndjson')],
  ['post', `${corpus}/percentiles`, 'shall i compare thee\nto zzz\n'],
  [
    'post',
    `${corpus}/percentiles?at=0,50,90`,
    '{"text":"shall i"}\n{"text":"to zzz"}\n',
    bytes('application/x-ndjson'),
  ],
  ['post', `${corpus}/percentiles`, Buffer.from('shall i\nto zzz'), bytes('application/octet-stream')],
  ['post', `${corpus}/percentiles`, gzipSync('shall i\nto zzz'), bytes('application/gzip')],
  ['get', '/v1/models'],
  ['get', '/v1/models/sonnets'],
  ['get', '/v1/models/sonnets:witten-bell'],
  ['get', '/v1/models/missing'],
  ['get', `${corpus}/v1/models`],
  ['get', `${corpus}/v1/models/sonnets:laplace`],
  ['get', `${corpus}/tokenizer_info`],
  ['post', `${corpus}/tokenize`, { prompt: 'shall I compare thee to zzz' }],
  ['post', `${corpus}/detokenize`, { tokens: [1, 2, 3] }],
  ['post', `${corpus}/v1/completions`, completion],
  ['post', `${corpus}/v1/completions`, { ...completion, stream: true }],
  ['post', '/v1/completions', { ...completion, model: 'sonnets:kneser-ney' }],
  ['post', '/v1/completions', { ...completion, model: 'lines', prompt: ['a', 'b'], stream: true }],
  ['get', '/'],
  ['get', '/', undefined, { accept: 'text/html' }],
  ['get', '/version'],
  ['get', '/healthz'],
  ['get', '/problems'],
  ['get', `${corpus}/arpa`],
  ['get', `${corpus}/arpa?prune=0,0,1&vocabulary=top:1000`],
  ['get', `${corpus}/arpa?prune=1,0`],
  ['get', `${corpus}/arpa?vocabulary=most`],
  ['post', `${corpus}/arpa?prune=0,1`, 'love\nthee\ni\nzzz\n'],
  ['post', `${corpus}/arpa`, { vocabulary: ['love', 'thee'] }],
  ['post', `${corpus}/arpa`, Buffer.from('love\nof thee\n'), bytes('application/octet-stream')],
  ['post', `${corpus}/arpa?order=2`, gzipSync('love\nof\n'), bytes('application/gzip')],
  ['post', `${corpus}/arpa`, formOf({ vocabulary: 'love\nthee\n' })],
  ['post', `${corpus}/arpa`, formOf({ order: '2' })],
  ...underEstimator('modified-kneser-ney'),
];

/** Questions that only an index in memory answers, on every store. */
export const needingIndex: Asked[] = [['get', `${corpus}/arpa?prune=1,2&prune_entropy=1e-5`]];

/** Questions under every estimator. */
export const underEstimators: Asked[] = estimatorNames.flatMap(underEstimator);

/** Questions about the process that answers, whose answers are compared by their status and type only. */
export const ofTheProcess: Asked[] = [
  ['get', '/readyz'],
  ['get', '/metrics'],
  ['get', '/v1/stats'],
];

/**
 * The only routes that answer otherwise: the databases make and restore backups by their own means, and the service
 * says so with 501.
 */
export const onlyOnSqlite: Asked[] = [
  ['get', '/v1/backups'],
  ['get', '/v1/backups?format=csv'],
  ['post', '/v1/backups'],
  ['get', `${corpus}/backups`],
  ['get', `${corpus}/backups?format=csv`],
  ['post', `${corpus}/backups`],
  ['get', `${corpus}/backups/7-20261123T211420843Z`],
  ['delete', `${corpus}/backups/7-20261123T211420843Z`],
  ['post', `${corpus}/backups/7-20261123T211420843Z/restore`],
  [
    'post',
    `${corpus}/restore?sha256=${'0'.repeat(64)}`,
    Buffer.from('a file'),
    bytes('application/vnd.sqlite3'),
  ],
];
