/** Kills the service at random moments of restoring, for `CRASH_ROUNDS` rounds (4 unless it is set). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t from 'tap';
import { random, rounds, seed } from '../crash-rounds.ts';
import { temporaryFolder } from './harness.ts';
import { kill, startProcess } from './processes.ts';

const text = (seed: number) => Array.from({ length: 3000 }, (_, i) => `w${(i * i * seed) % 997}`).join(' ');
const post = (url: string) => fetch(url, { method: 'POST' });
const put = (url: string, body: string) => fetch(url, { method: 'PUT', body: Buffer.from(body) });

t.setTimeout(60_000 * (2 + rounds));
t.test(
  `kill -9 at ${rounds} random moments (CRASH_SEED=${seed}) while a corpus is replaced: it is one or the other`,
  async (t) => {
    const folder = temporaryFolder(t);
    let server = await startProcess(t, folder);
    const corpus = '/v1/corpora/book';
    await put(`${server.url}${corpus}?tokenizer=whitespace`, text(1));
    const backups: string[] = [];
    const listings: string[] = [];
    const listing = async () => (await fetch(`${server.url}${corpus}/ngrams?order=3&limit=1000`)).text();
    for (const document of [2, 3]) {
      await put(`${server.url}${corpus}/documents/d${document}`, text(document));
      const answer = await post(`${server.url}${corpus}/backups`);
      backups.push(answer.headers.get('location') as string);
      listings.push(await listing());
    }
    const found = [0, 0];
    for (let round = 0; round < rounds; round++) {
      let isOver = false;
      const restoring = (async () => {
        for (let i = 0; !isOver; i++) {
          // What is in the log of the file that is replaced must never get into the other.
          await put(`${server.url}${corpus}/documents/more${i}`, text(5 + i)).catch(() => {});
          await post(`${server.url}${backups[i % 2]}/restore?replace=true`).catch(() => {});
        }
      })();
      await setTimeout(random(1500));
      await kill(server.process, 'SIGKILL');
      isOver = true;
      await restoring;

      server = await startProcess(t, folder);
      t.same(readdirSync(join(folder, 'tmp')), [], 'nothing is left in tmp/');
      t.same(
        readdirSync(join(folder, 'corpora')).filter((file) => file.includes('replaced')),
        [],
      );
      const connection = new Database(join(folder, 'corpora/book.sqlite'));
      t.equal(connection.pragma('integrity_check', { simple: true }), 'ok');
      connection.close();
      const { documents } = (await (await fetch(server.url + corpus)).json()) as { documents: number };
      t.ok(documents >= 2 && documents <= 4, `${documents} documents`);
      const which = listings.indexOf(await listing());
      if (which >= 0) found[which]++;
      const answer = await post(`${server.url}${backups[round % 2]}/restore?replace=true`);
      t.equal(answer.status, 200);
      t.equal(await listing(), listings[round % 2], 'and it can be restored');
    }
    t.comment(`found as in the backups: ${found}`);
    await kill(server.process, 'SIGTERM');
  },
);
