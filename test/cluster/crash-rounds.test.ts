/**
 * Kills processes of the service and servers of its store at random moments of uploads, deletions, take-backs and
 * merges, for `CRASH_ROUNDS` rounds (4 unless it is set), with the random numbers of `CRASH_SEED` (printed).
 */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import t, { type Test } from 'tap';
import { type Cluster, queryClickHouse } from '../../scripts/cluster/cluster.ts';
import type { Store, StoredCorpus } from '../../src/store/store.ts';
import {
  append,
  type Corpus,
  type Course,
  candidatesOf,
  checkCorpus,
  isSame,
  sha256,
  someCourse,
  someText,
} from '../crash-operations.ts';
import { choose, random, rounds, seed } from '../crash-rounds.ts';
import { temporaryFolder } from '../http/harness.ts';
import { kill, type Server, startProcess } from '../http/processes.ts';
import { addressOf, openCluster } from '../store/cluster/open.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

/** What a request came to: `refused` with an answer, `unanswered` if the process that was asked is gone. */
type Outcome = 'acknowledged' | 'refused' | 'unanswered';

/** The services of a test, two processes, and their servers. */
class Services {
  readonly cluster: Cluster;
  readonly #t: Test;
  readonly #settings: Record<string, string>[];
  readonly #running: Server[] = [];
  /** How often what was killed. */
  readonly killed: Record<string, number> = {};

  constructor(t: Test, cluster: Cluster, settings: Record<string, string>) {
    this.#t = t;
    this.cluster = cluster;
    // One of them answers from its index in memory, the other from ClickHouse.
    this.#settings = [settings, { ...settings, INDEX_MEMORY_BYTES: '0' }];
  }

  /** The addresses of the processes; that of one that was killed is asked in vain. */
  get urls(): string[] {
    return this.#running.map(({ url }) => url);
  }

  async start(): Promise<void> {
    for (const i of this.#settings.keys()) await this.#startProcess(i);
  }

  /** Kills something of a kind, and starts it again after a while. */
  async kill(kind: 'process' | 'shard' | 'postgres', away: number): Promise<void> {
    const { clickhouse, postgres } = this.cluster;
    this.killed[kind] = (this.killed[kind] ?? 0) + 1;
    if (kind === 'process') {
      const i = random(this.#running.length - 1);
      await kill(this.#running[i].process, 'SIGKILL');
      await this.#startProcess(i);
    } else {
      const server = kind === 'shard' ? choose(clickhouse) : postgres;
      await server.kill();
      await setTimeout(away);
      await server.start();
    }
  }

  async #startProcess(i: number): Promise<void> {
    this.#running[i] = await startProcess(this.#t, temporaryFolder(this.#t), this.#settings[i]);
  }
}

/** Sends a request and reads the answer. */
async function outcomeOf(t: Test, sent: Promise<Response>): Promise<{ outcome: Outcome; detail: string }> {
  try {
    const answer = await sent;
    const detail = await answer.text();
    if (answer.ok) return { outcome: 'acknowledged', detail };
    t.match([answer.status, detail], [503, /store-unavailable|corpus-busy/], 'refused for its servers');
    return { outcome: 'refused', detail };
  } catch (error) {
    if (!/fetch failed|terminated/.test((error as Error).message)) throw error;
    return { outcome: 'unanswered', detail: '' };
  }
}

/** Goes on with a course, at one process or another, until a step is not acknowledged. */
async function follow(t: Test, course: Course, services: Services): Promise<string> {
  for (const { send } of course.steps) {
    const { outcome, detail } = await outcomeOf(t, send(choose(services.urls)));
    if (outcome !== 'acknowledged') return `${outcome} ${detail}`;
    course.acknowledged++;
  }
  return 'acknowledged';
}

/** The texts of a corpus to which several append at the same time, and what is known of each. */
class SharedTexts {
  readonly path: string;
  readonly settings: Corpus['settings'];
  readonly #texts = new Map<string, string>();
  readonly acknowledged = new Set<string>();

  constructor(name: string, settings: Corpus['settings'], first: string) {
    this.path = `/v1/corpora/${name}`;
    this.settings = settings;
    this.#texts.set(sha256(first), first);
    this.acknowledged.add(sha256(first));
  }

  /** Appends texts one after the other while `isGoing`. One that was not acknowledged is sent again with its key. */
  async append(t: Test, services: Services, isGoing: () => boolean): Promise<void> {
    while (isGoing()) {
      const text = someText(300);
      this.#texts.set(sha256(text), text);
      const { send } = append(this.path, { settings: this.settings, texts: [] }, text);
      for (;;) {
        const { outcome } = await outcomeOf(t, send(choose(services.urls)));
        if (outcome === 'acknowledged') break;
        await setTimeout(100);
      }
      this.acknowledged.add(sha256(text));
    }
  }

  /** Checks that the corpus has every text once that was acknowledged, and no other. */
  async check(t: Test, corpus: StoredCorpus): Promise<void> {
    const found = await hashesOf(corpus);
    t.same([...found].sort(), [...this.acknowledged].sort(), 'every acknowledged text is there, once');
    const texts = found.map((hash) => this.#texts.get(hash) as string);
    await checkCorpus(t, corpus, { settings: this.settings, texts });
  }
}

async function openIfThere(store: Store, name: string): Promise<StoredCorpus | undefined> {
  if (!(await store.has(name))) return undefined;
  const corpus = await store.open(name);
  corpus.expectChange();
  return corpus;
}

function hashesOf(corpus: StoredCorpus): Promise<string[]> {
  return corpus.read(async (snapshot) => {
    const documents = await snapshot.documents(0, 10_000);
    return documents.map(({ sha256 }) => sha256);
  });
}

/** Finds which of the corpora that it may be a corpus is, and checks that it is that to the last count. */
async function identify(
  t: Test,
  store: Store,
  name: string,
  candidates: (Corpus | undefined)[],
): Promise<Corpus | undefined> {
  const corpus = await openIfThere(store, name);
  if (corpus === undefined) {
    t.ok(candidates.includes(undefined), `${name} may not be there`);
    return undefined;
  }
  const hashes = await hashesOf(corpus);
  const found = candidates.find((one) => one !== undefined && isSame(one.texts.map(sha256), hashes));
  if (found === undefined) t.fail(`${name} is none of what it may be`, { hashes });
  else await checkCorpus(t, corpus, found);
  return found;
}

/** Questions of a corpus that does not change. Unlike those of a GET, their answers are not cached. */
function ask(url: string): Promise<Response> {
  const queries = Array.from({ length: 20 }, (_, i) => ({ context: `w${i % 5} w${i % 7}`, word: `w${i}` }));
  return fetch(`${url}/v1/corpora/still/probabilities`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ estimator: 'modified-kneser-ney', queries }),
  });
}

/** Asks again and again: whatever is killed, an answer is the right one or says that there is none. */
async function askAlways(t: Test, services: Services, right: string, isGoing: () => boolean) {
  const seen = { answered: 0, refused: 0 };
  while (isGoing()) {
    const { outcome, detail } = await outcomeOf(t, ask(choose(services.urls)));
    if (outcome === 'acknowledged') {
      seen.answered++;
      if (detail !== right) t.equal(detail, right);
    } else seen.refused++;
    await setTimeout(20);
  }
  return seen;
}

async function withPostgres(t: Test, url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  t.teardown(() => client.end());
  await work(client);
}

/** Waits until nothing is left of what dead processes were writing: as if a minute were over, at each look. */
async function untilSwept(t: Test, postgres: pg.Client, cluster: Cluster, database: string): Promise<void> {
  for (;;) {
    await postgres.query(
      `UPDATE owners SET seen_at = seen_at - interval '1 minute' WHERE seen_at < now() - interval '8 seconds'`,
    );
    await postgres.query(`UPDATE runs SET settled_at = settled_at - interval '1 minute'`);
    const { rows } = await postgres.query<{ state: string }>(
      `SELECT state FROM runs WHERE state <> 'live' UNION ALL SELECT state FROM corpora WHERE state <> 'live'`,
    );
    if (rows.length === 0) break;
    await setTimeout(500);
  }
  const runs = await postgres.query<{ id: string }>('SELECT id FROM runs');
  const live = new Set(runs.rows.map(({ id }) => id));
  for (const { port } of cluster.clickhouse) {
    const partitions = await queryClickHouse(
      port,
      `SELECT DISTINCT partition FROM system.parts WHERE active AND database = '${database}' AND table != 'tokens'`,
    );
    const others = partitions.split('\n').filter((run) => run !== '' && !live.has(run));
    t.same(others, [], 'ClickHouse has no run that is not live');
  }
}

t.setTimeout(600_000 + 120_000 * rounds);
t.test(
  `kill -9 at ${rounds} random moments (CRASH_SEED=${seed}): corpora are as before or after, and answers right`,
  skipWithoutCluster,
  async (t) => {
    const cluster = await startCluster(t, { shards: 2, replicas: 1 });
    const address = await addressOf(cluster);
    const services = new Services(t, cluster, {
      STORE: 'clickhouse',
      POSTGRES_URL: address.postgres,
      CLICKHOUSE_URL: address.clickhouse.join(),
      CLICKHOUSE_CLUSTER: address.cluster as string,
    });
    await services.start();
    const store = await openCluster(t, address, { onError: (error) => t.fail('upkeep fails', { error }) });
    const [url] = services.urls;
    const settings = { tokenizer: 'whitespace', order: 3, sequences: 'line' } as const;
    const query = '?tokenizer=whitespace&order=3&sequences=line';
    const first = someText(1000);
    for (const name of ['still', 'shared'])
      t.ok((await fetch(`${url}/v1/corpora/${name}${query}`, { method: 'PUT', body: first })).ok);
    const shared = new SharedTexts('shared', settings, first);
    const { outcome, detail: right } = await outcomeOf(t, ask(url));
    t.match([outcome, right], ['acknowledged', /"probability"/]);
    t.notMatch(right, /problem/);

    const corpora = new Map<string, Corpus | undefined>();
    const kinds = ['process', 'shard', 'postgres'] as const;
    for (let round = 0; round < rounds; round++) {
      let isGoing = true;
      const whileGoing = () => isGoing;
      const appending = [0, 1, 2].map(() => shared.append(t, services, whileGoing));
      const asking = askAlways(t, services, right, whileGoing);
      const courses = ['a', 'b', 'c'].map((name) => someCourse(name, corpora.get(name)));
      const followed = Promise.all(courses.map((course) => follow(t, course, services)));
      await setTimeout(random(1500));
      // Now and then it is away for longer than changes are tried again.
      const away = random(9) === 0 ? 12_000 : random(1500);
      const kind = kinds[(round + seed) % kinds.length];
      await services.kill(kind, away);
      const ends = await followed;
      isGoing = false;
      await Promise.all(appending);
      t.comment(`round ${round}, ${kind} killed, away for ${away} ms: ${JSON.stringify(await asking)}`);
      for (const [i, course] of courses.entries()) {
        const { name, operation, steps, acknowledged } = course;
        const found = await identify(t, store, name, candidatesOf(course));
        corpora.set(name, found);
        t.comment(`${operation} ${name}, ${acknowledged} of ${steps.length}: ${ends[i].slice(0, 300)}`);
        if (acknowledged === steps.length) continue;
        // Whoever got no answer asks again.
        const { send, after } = steps[acknowledged];
        const again = await send(choose(services.urls));
        t.ok(again.ok || (again.status === 404 && found === after), `${operation} again: ${again.status}`);
        corpora.set(name, await identify(t, store, name, [after]));
      }
      await shared.check(t, (await openIfThere(store, 'shared')) as StoredCorpus);
    }
    t.comment(`killed: ${JSON.stringify(services.killed)}; ${shared.acknowledged.size} texts of all`);
    await withPostgres(t, address.postgres, (postgres) =>
      untilSwept(t, postgres, cluster, new URL(address.clickhouse[0]).pathname.slice(1)),
    );
  },
);
