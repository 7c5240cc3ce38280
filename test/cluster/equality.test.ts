/** The same requests to a service on SQLite and to services on ClickHouse and PostgreSQL: the answers are equal. */
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Cluster } from '../../scripts/cluster/cluster.ts';
import { startService, temporaryFolder } from '../http/harness.ts';
import { kill, startProcess } from '../http/processes.ts';
import { type Answer, type Asked, type Asking, ask, differences } from './asking.ts';
import { Coverage } from './coverage.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';
// Builds the page, which is one of the answers.
import '../../scripts/page.ts';
import {
  changes,
  listedQuestions,
  needingIndex,
  ofTheProcess,
  onlyOnSqlite,
  questions,
  underEstimators,
} from './requests.ts';

async function start(t: Test, settings?: Record<string, string>) {
  const { app } = await startService(t, settings);
  return { app, service: { url: app.listeningOrigin } as Asking };
}

/** Sends requests to both services, one after the other, and compares their answers. Returns those of the second. */
async function compare(
  t: Test,
  one: Asking,
  other: Asking,
  requests: readonly Asked[],
  comparable: (answer: Answer) => object = (answer) => answer,
): Promise<[Asked, Answer][]> {
  const answered: [Asked, Answer][] = [];
  for (const asked of requests) {
    const answers = [await ask(one, asked), await ask(other, asked)];
    const [expected, found] = answers.map((answer) =>
      comparable(answer.status === 202 ? begun(answer) : answer),
    );
    t.same(differences(expected, found).slice(0, 20), [], `${asked[0]} ${asked[1]}: ${answers[0].status}`);
    answered.push([asked, answers[1]]);
  }
  return answered;
}

/** What an answer says of a job that has begun, without how far it has come. */
function begun({ status, type, headers, body }: Answer): Answer {
  const { operation, corpus, request_id } = body as Record<string, unknown>;
  return { status, type, headers, body: { operation, corpus, request_id } };
}

/** Cancels an upload that has begun and sends nothing more. */
async function cancelUpload(service: Asking): Promise<[Asked, Answer]> {
  const end = Promise.withResolvers<void>();
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from('a b c'));
      await end.promise;
      controller.close();
    },
  });
  const upload = fetch(`${service.url}/v1/corpora/slow`, {
    method: 'PUT',
    headers: { 'content-type': 'text/plain', 'x-request-id': 'asked' },
    body,
    duplex: 'half',
  } as RequestInit);
  const newest = async () => {
    const { body } = await ask(service, ['get', '/v1/jobs?limit=1']);
    return (body as { items: { id: string; corpus: string; bytes: number }[] }).items[0];
  };
  for (let job = await newest(); job.corpus !== 'slow' || job.bytes === 0; job = await newest()) {
    await setTimeout(5);
  }
  service.job = (await newest()).id;
  const asked: Asked = ['delete', '/v1/jobs/:job'];
  const answer = await ask(service, asked);
  end.resolve();
  await (await upload).text();
  return [asked, answer];
}

t.setTimeout(900_000);

const { skip } = skipWithoutCluster;
const cluster = skip === undefined ? await startCluster(t, { shards: 2, replicas: 1 }) : undefined;
const freshSettings = () => (cluster as Cluster).freshSettings();

t.test('every route answers as on SQLite', skipWithoutCluster, async (t) => {
  const { app, service: sqlite } = await start(t);
  const coverage = new Coverage(app.swagger().paths ?? {});
  const settings = await freshSettings();
  const { service } = await start(t, settings);
  const answered = [
    ...(await compare(t, sqlite, service, changes)),
    ...(await compare(t, sqlite, service, questions)),
    ...(await compare(t, sqlite, service, [...needingIndex, ...listedQuestions])),
    ...(await compare(t, sqlite, service, ofTheProcess, ({ status, type }) => ({ status, type }))),
  ];
  const [[, expected], cancelled] = [await cancelUpload(sqlite), await cancelUpload(service)];
  t.same(differences(expected, cancelled[1]), [], 'an upload is cancelled');
  for (const [asked, answer] of [...answered, cancelled]) coverage.add(asked, answer);
  for (const asked of onlyOnSqlite) {
    const { status, body } = await ask(service, asked);
    t.match(
      { status, body },
      { status: 501, body: { detail: /backups of their own/ } },
      `${asked[0]} ${asked[1]}`,
    );
    coverage.addRoute(asked);
  }
  t.same([...coverage.missing], [], 'the requests have covered every route');
  const { service: withoutIndex } = await start(t, { ...settings, INDEX_MEMORY_BYTES: '0' });
  await compare(t, sqlite, withoutIndex, [...questions, ...underEstimators]);
  for (const asked of needingIndex) t.equal((await ask(withoutIndex, asked)).status, 507, asked[1]);
});

t.test(
  'two processes add to one corpus and take back at once: it is what one makes of all texts',
  skipWithoutCluster,
  async (t) => {
    const settings = await freshSettings();
    const { service: sqlite } = await start(t);
    const servers = await Promise.all([1, 2].map(() => startProcess(t, temporaryFolder(t), settings)));
    const services: Asking[] = servers.map(({ url }) => ({ url }));
    const documents = '/v1/corpora/book/documents';
    const texts = Array.from({ length: 12 }, (_, i) => `a b c${i % 3} a d${i} b a b c${i % 2}`);
    const putAll = texts.map((text, i): Asked => ['put', `${documents}/t${i}`, text]);
    const takeBack = [0, 3, 4, 9].map((i): Asked => ['delete', `${documents}/t${i}`]);
    for (const service of [sqlite, services[0]]) {
      await ask(service, ['put', '/v1/corpora/book?tokenizer=whitespace', 'a b a']);
    }
    for (const asked of [...putAll, ...takeBack]) await ask(sqlite, asked);
    // Each text is taken back by the other process, as soon as it is there.
    const statuses = await Promise.all(
      putAll.map(async (asked, i) => {
        const { status } = await ask(services[i % 2], asked);
        const back = takeBack.find(([, path]) => path === asked[1]);
        return back === undefined ? [status] : [status, (await ask(services[(i + 1) % 2], back)).status];
      }),
    );
    const expected = putAll.map(([, path]) =>
      takeBack.some((back) => back[1] === path) ? [201, 204] : [201],
    );
    t.same(statuses, expected);
    // Ids of tokens and the order of ties follow the order of the additions.
    const countsOf = async (service: Asking, order: number) => {
      const { body } = await ask(service, ['get', `/v1/corpora/book/ngrams?order=${order}&limit=1000`]);
      const { items } = body as { items: { ngram: string[]; count: number }[] };
      return items.map(({ ngram, count }) => `${ngram.join(' ')}: ${count}`).sort();
    };
    const model = ['laplace', 'modified-kneser-ney'].map(
      (estimator): Asked => [
        'get',
        `/v1/corpora/book/probability?context=a+b&word=c1&explain=true&estimator=${estimator}`,
      ],
    );
    for (const service of services) {
      await compare(t, sqlite, service, [['get', '/v1/corpora/book'], ...model]);
      for (const order of [1, 2, 3]) t.same(await countsOf(service, order), await countsOf(sqlite, order));
    }
    for (const { process, output } of servers) {
      await kill(process, 'SIGTERM');
      t.notMatch(output(), /"level":(50|60)/, 'nothing went wrong');
    }
  },
);
