/**
 * Kills the service at random moments, for `CRASH_ROUNDS` rounds (4 unless it is set), with the random numbers of
 * `CRASH_SEED` (printed).
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openCorpusFile } from '../../src/store/store.ts';
import {
  type Corpus,
  type Course,
  candidatesOf,
  checkCorpus,
  isSame,
  sha256,
  someCourse,
} from '../crash-operations.ts';
import { random, rounds, seed } from '../crash-rounds.ts';
import { temporaryFolder } from './harness.ts';
import { kill, spawnServer, startProcess } from './processes.ts';

/** Begins an operation on a corpus and goes on with it until the service is killed. */
function begin(
  url: string,
  name: string,
  before: Corpus | undefined,
): { course: Course; ended: Promise<void> } {
  const course = someCourse(name, before);
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
  const corpus = await openCorpusFile(path);
  await checkCorpus(t, corpus, found);
  corpus.close();
  return found;
}

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
        const { name, operation, steps, acknowledged } = course;
        const path = join(folder, 'corpora', `${name}.sqlite`);
        const candidates = candidatesOf(course);
        const found = await identify(t, path, candidates);
        corpora.set(name, found);
        const answered =
          acknowledged === steps.length ? 'answered' : `${acknowledged} of ${steps.length} answered`;
        t.comment(
          `round ${round}: ${operation} ${name}, ${answered}, found ${found?.texts.length} documents`,
        );
        seen.acknowledged += acknowledged;
        if (acknowledged === steps.length) continue;
        seen[found === candidates[0] ? 'before' : 'after']++;
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
