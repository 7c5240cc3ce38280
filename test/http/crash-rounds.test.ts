/**
 * Kills the service at random moments, for `CRASH_ROUNDS` rounds (4 unless it is set), with the random numbers of
 * `CRASH_SEED` (printed).
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { CorpusSettings } from '../../src/store/store.ts';
import { openCorpusFile } from '../../src/store/store.ts';
import { choose, random, rounds, seed } from '../crash-rounds.ts';
import {
  countByForce,
  countsIn,
  countsOfCountsByForce,
  countsOfCountsIn,
  sequencesOf,
} from '../ingest/oracle.ts';
import { temporaryFolder } from './harness.ts';
import { kill, spawnServer, startProcess } from './processes.ts';

/** A corpus as it should be: its texts, in the order of their commit. */
interface Corpus {
  settings: CorpusSettings;
  texts: readonly string[];
}

/** A request of an operation, which makes of the corpus what it should be `after`, undefined where there is none. */
interface Step {
  send(url: string): Promise<Response>;
  after: Corpus | undefined;
}

let serial = 0;

/** What is done to a corpus, by the name of it: the requests, one after the other. */
const operations: Record<string, (path: string, corpus: Corpus | undefined) => Step[]> = {
  create: (path, corpus) => {
    if (corpus !== undefined) return [];
    const settings = {
      tokenizer: 'whitespace',
      order: 2 + random(1),
      sequences: choose<CorpusSettings['sequences']>(['document', 'line']),
    } as const;
    const text = someText(20_000);
    const query = `?tokenizer=whitespace&order=${settings.order}&sequences=${settings.sequences}`;
    return [{ send: (url) => put(url + path + query, text), after: { settings, texts: [text] } }];
  },

  'append with a key': (path, corpus) =>
    corpus === undefined ? [] : [append(path, corpus, someText(20_000))],

  'put a document': (path, corpus) => {
    if (corpus === undefined) return [];
    const text = someText(10_000);
    const document = `${path}/documents/document${serial++}`;
    return [
      { send: (url) => put(url + document, text), after: { ...corpus, texts: [...corpus.texts, text] } },
    ];
  },

  'append several': (path, corpus) => {
    if (corpus === undefined) return [];
    const added = Array.from({ length: 4 }, () => someText(5000));
    const key = `several${serial++}`;
    const send = (url: string) => {
      const form = new FormData();
      for (const text of added) form.append('file', new Blob([text]), 'text.txt');
      const headers = { 'idempotency-key': key };
      return fetch(`${url}${path}/documents`, { method: 'POST', body: form, headers });
    };
    return [{ send, after: { ...corpus, texts: [...corpus.texts, ...added] } }];
  },

  'delete a document': (path, corpus) => {
    if (corpus === undefined || corpus.texts.length === 0) return [];
    const text = choose(corpus.texts);
    const send = async (url: string) => {
      const documents = `${url}${path}/documents`;
      const { items } = (await (await fetch(`${documents}?limit=1000`)).json()) as {
        items: { id: string; sha256: string }[];
      };
      const id = items.find((document) => document.sha256 === sha256(text))?.id;
      return id === undefined
        ? new Response(null, { status: 404 })
        : fetch(`${documents}/${id}`, { method: 'DELETE' });
    };
    return [{ send, after: { ...corpus, texts: corpus.texts.filter((other) => other !== text) } }];
  },

  'merge runs': (path, corpus) => {
    const steps: Step[] = [];
    for (let before = corpus; before !== undefined && steps.length < 6; before = steps.at(-1)?.after) {
      steps.push(append(path, before, someText(8000)));
    }
    return steps;
  },

  delete: (path, corpus) =>
    corpus === undefined
      ? []
      : [{ send: (url) => fetch(url + path, { method: 'DELETE' }), after: undefined }],
};

function append(path: string, corpus: Corpus, text: string): Step {
  const headers = { 'idempotency-key': `append${serial++}`, 'content-type': 'text/plain' };
  return {
    send: (url) => fetch(`${url}${path}/documents`, { method: 'POST', body: text, headers }),
    after: { ...corpus, texts: [...corpus.texts, text] },
  };
}

const put = (url: string, body: string) => fetch(url, { method: 'PUT', body: Buffer.from(body) });

/** A text of at most `most` words, the first of them more often, in lines. */
function someText(most: number): string {
  const length = 1 + random(most - 1);
  return Array.from({ length }, () => `w${random(random(2000))}${choose([' ', ' ', ' ', '\n'])}`).join('');
}

/** What was asked of one corpus until the service was killed. */
interface Course {
  name: string;
  operation: string;
  before: Corpus | undefined;
  steps: Step[];
  acknowledged: number;
}

/** Begins an operation on a corpus and goes on with it until the service is killed. */
function begin(
  url: string,
  name: string,
  before: Corpus | undefined,
): { course: Course; ended: Promise<void> } {
  const path = `/v1/corpora/${name}`;
  let operation = '';
  let steps: Step[] = [];
  while (steps.length === 0) {
    operation = choose(Object.keys(operations));
    steps = operations[operation](path, before);
  }
  const course = { name, operation, before, steps, acknowledged: 0 };
  const run = async () => {
    for (const { send } of course.steps) {
      const answer = await send(url);
      if (!answer.ok) throw new Error(`${course.operation}: ${await answer.text()}`);
      await answer.text();
      course.acknowledged++;
    }
  };
  const ended = run().catch((error: Error) => {
    if (!/fetch failed|terminated/.test(error.message)) throw error;
  });
  return { course, ended };
}

/** Finds which of the corpora that it may be is in the file, and that it is that to the last count. */
async function identify(
  t: Test,
  path: string,
  candidates: (Corpus | undefined)[],
): Promise<Corpus | undefined> {
  if (!existsSync(path)) {
    t.ok(candidates.includes(undefined), `${path} may not be there`);
    return undefined;
  }
  const connection = new Database(path);
  t.equal(connection.pragma('integrity_check', { simple: true }), 'ok');
  const hashes = connection.prepare('SELECT sha256 FROM documents ORDER BY ordinal').pluck().all();
  connection.close();
  const found = candidates.find((corpus) => corpus !== undefined && isSame(corpus.texts.map(sha256), hashes));
  if (found === undefined) {
    t.fail(`${path} is none of what it may be`, { hashes });
    return undefined;
  }
  const { settings, texts } = found;
  const corpus = await openCorpusFile(path);
  const sequences = sequencesOf(texts, settings.sequences);
  const counts = countByForce(sequences, settings.order);
  t.same(corpus.settings, settings);
  t.ok(isSame((await corpus.read(countsIn)).map(sorted), counts.map(sorted)), 'all counts are right');
  t.same(
    await corpus.read(countsOfCountsIn),
    countsOfCountsByForce(counts),
    'all counts of counts are right',
  );
  const tokens = sequences.flat().filter((token) => token !== '<s>');
  const ids = new Int32Array(tokens.length);
  await corpus.read(async (snapshot) => {
    await snapshot.readTokens(0, ids);
    t.equal((await snapshot.summary()).tokens, tokens.length);
    t.ok(isSame(await snapshot.tokenIds(tokens), ids), 'the token stream is right');
  });
  corpus.close();
  return found;
}

const sorted = (counts: Map<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

t.setTimeout(60_000 * (2 + rounds));
t.test(
  `kill -9 at ${rounds} random moments (CRASH_SEED=${seed}): each corpus is as before or after`,
  async (t) => {
    const folder = temporaryFolder(t);
    const corpora = new Map<string, Corpus | undefined>();
    let server = await startProcess(t, folder);
    let reach = 400;
    const seen = { before: 0, after: 0, unanswered: 0, acknowledged: 0 };
    for (let round = 0; round < rounds; round++) {
      const names = ['a', 'b', 'c', 'd'].filter((_, i) => i !== round % 4);
      const begun = names.map((name) => begin(server.url, name, corpora.get(name)));
      await setTimeout(random(reach));
      await kill(server.process, 'SIGKILL');
      await Promise.all(begun.map(({ ended }) => ended));
      if (random(3) === 0) {
        const halfStarted = spawnServer(t, folder);
        await setTimeout(random(2000));
        await kill(halfStarted, 'SIGKILL');
      }

      server = await startProcess(t, folder);
      t.same(readdirSync(join(folder, 'tmp')), [], 'nothing is left in tmp/');
      t.notOk(existsSync(join(folder, 'damaged')), 'nothing is damaged');
      for (const { course } of begun) {
        const { name, operation, before, steps, acknowledged } = course;
        const path = join(folder, 'corpora', `${name}.sqlite`);
        const states = [before, ...steps.map(({ after }) => after)];
        const found = await identify(t, path, states.slice(acknowledged, acknowledged + 2));
        corpora.set(name, found);
        const answered =
          acknowledged === steps.length ? 'answered' : `${acknowledged} of ${steps.length} answered`;
        t.comment(
          `round ${round}: ${operation} ${name}, ${answered}, found ${found?.texts.length} documents`,
        );
        seen.acknowledged += acknowledged;
        if (acknowledged === steps.length) continue;
        seen[found === states[acknowledged] ? 'before' : 'after']++;
        seen.unanswered++;
        // Whoever got no answer asks again.
        const { send, after } = steps[acknowledged];
        const again = await send(server.url);
        // What was deleted already is not there to be deleted.
        t.ok(again.ok || (again.status === 404 && found === after), `${operation} again: ${again.status}`);
        corpora.set(name, await identify(t, path, [after]));
      }
      const all = begun.every(({ course: { acknowledged, steps } }) => acknowledged === steps.length);
      reach = Math.min(5000, Math.max(50, reach * (all ? 0.8 : 1.15)));
    }
    t.comment(`${rounds} kills: ${JSON.stringify(seen)}`);
    await kill(server.process, 'SIGTERM');
  },
);
