import t, { type Test } from 'tap';
import { startService } from './harness.ts';

const { api } = await startService(t);
await api.put('/v1/corpora/book').type('text/plain').send('the time machine the time traveller');

/** What JavaScript takes for a number, and JSON does not. */
const noNumbers = [
  '0x10',
  '0b1',
  '0o7',
  '+1',
  ' 1',
  '1 ',
  '01',
  '1.',
  '.5',
  '',
  ' ',
  '1_000',
  '１',
  'Infinity',
  'NaN',
  '1,5',
  '1e',
  '--1',
  'true',
];
const noIntegers = [...noNumbers, '1e1', '1.0', '1.5', '1E0'];

const book = '/v1/corpora/book';
const integers: Record<string, string> = {
  [`${book}/continuations?k=`]: '/query/k',
  [`${book}/probability?word=time&order=`]: '/query/order',
  [`${book}/ngrams?limit=`]: '/query/limit',
  [`${book}/batches?batch_size=1&num_steps=1&seed=`]: '/query/seed',
  [`${book}/zipf?points=`]: '/query/points',
  '/v1/corpora?limit=': '/query/limit',
};
const numbers: Record<string, string> = {
  [`${book}/probability?word=time&estimator=stupid-backoff&alpha=`]: '/query/alpha',
  [`${book}/probability?word=time&estimator=additive&k=`]: '/query/k',
  [`${book}/continuations?estimator=additive&additive_k=`]: '/query/additive_k',
};
const lists: Record<string, string> = {
  [`${book}/probability?word=time&epsilon=`]: '/query/epsilon',
  [`${book}/continuations?epsilon=`]: '/query/epsilon',
  [`${book}/probability?word=time&estimator=jelinek-mercer&lambda=`]: '/query/lambda',
  [`${book}/arpa?estimator=absolute-discounting&discount=`]: '/query/discount',
};

function refuses(addresses: Record<string, string>, texts: string[]) {
  return async (t: Test) => {
    for (const [address, pointer] of Object.entries(addresses)) {
      for (const text of texts) {
        const { status, body } = await api.get(address + encodeURIComponent(text));
        t.equal(status, 400, address + text);
        t.equal(body.errors?.[0].pointer, pointer, address + text);
      }
    }
  };
}

t.test('integers are decimal digits', refuses(integers, noIntegers));
t.test('numbers are as JSON writes them', refuses(numbers, [...noNumbers, '1e999', '-1e999']));
t.test('so are the numbers of a list, with commas and nothing else between', (t) =>
  refuses(lists, [
    ...noNumbers.filter((text) => text !== '1,5'),
    '0.5,',
    ',0.5',
    '0.5, 0.5',
    '0.5;0.5',
    '0.5,0x1',
    '1e999',
  ])(t),
);

t.test('every way in which JSON writes a number is taken', async (t) => {
  const probability = async (query: string) => {
    const { status, body } = await api.get(`${book}/probability?context=the&word=time&${query}`);
    t.equal(status, 200, query);
    return body.probability;
  };
  const half = await probability('estimator=additive&k=0.5');
  for (const k of ['5e-1', '5E-1', '0.05e1', '0.05E%2B1', '0.50', '50e-2']) {
    t.equal(await probability(`estimator=additive&k=${k}`), half, k);
  }
  t.equal(await probability('epsilon=1,5e-1,25E-2'), await probability('epsilon=1,0.5,0.25'));
  t.equal((await api.get(`${book}/continuations?k=10`)).body.continuations.length, 4);
  t.equal((await api.get(`${book}/batches?batch_size=1&num_steps=1&seed=0`)).status, 200);
});

t.test('what is no boolean is none', async (t) => {
  for (const text of ['1', '0', 'yes', 'TRUE', '', 'null']) {
    const { status, body } = await api.get(`${book}/probability?word=time&explain=${text}`);
    t.equal(status, 400, text);
    t.equal(body.errors[0].pointer, '/query/explain');
    t.match(body.detail, /true or false/);
  }
  t.equal((await api.get(`${book}/probability?word=time&explain=false`)).body.levels, undefined);
});

t.test('the fields of a form are written in the same way', async (t) => {
  for (const order of ['0x2', '2.0', '+2', '2e0', '']) {
    const { status, body } = await api
      .post('/v1/corpora')
      .field('name', 'new')
      .field('order', order)
      .attach('file', Buffer.from('a b'), 'a');
    t.equal(status, 400, order);
    t.equal(body.errors[0].pointer, '/body/order');
  }
  const answer = await api
    .post('/v1/corpora')
    .field('name', 'new')
    .field('order', '2')
    .attach('file', Buffer.from('a b'), 'a');
  t.match(answer, { status: 201, body: { order: 2 } });
});
