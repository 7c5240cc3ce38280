import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { loadConfig } from '../src/config.ts';
import { bookTest, startService, temporaryFolder, testData } from './http/harness.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const shell = promisify(execFile);

/** Removes times, which differ from run to run. */
const withoutTimes = (answer: string) => answer.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').trim();

/** The ids of jobs and requests, which differ too; a later example uses those of an earlier one. */
const randomId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}-\d+/g;

t.test('every example in the README gives the answer shown there', bookTest, async (t) => {
  const { app } = await startService(t);
  const folder = temporaryFolder(t);
  copyFileSync(join(testData as string, 'timemachine.txt'), join(folder, 'timemachine.txt'));
  const address = app.listeningOrigin;
  const examples = [...readme.matchAll(/```console\n\$ (.+)\n([\s\S]+?)```/g)];
  t.ok(examples.length >= 4);
  const actualIds = new Map<string, string>();
  for (const [, written, answer] of examples) {
    const command = written
      .replaceAll('http://127.0.0.1:3000', address)
      .replaceAll(randomId, (id) => actualIds.get(id) ?? id);
    const { stdout } = await shell('sh', ['-c', command], { cwd: folder });
    const actual = stdout.match(randomId) ?? [];
    for (const [i, id] of (answer.match(randomId) ?? []).entries()) actualIds.set(id, actual[i]);
    t.equal(
      withoutTimes(stdout).replaceAll(randomId, 'ID'),
      withoutTimes(answer).replaceAll(randomId, 'ID'),
      written,
    );
  }
});

t.test(
  "the program in the README that uses OpenAI's client prints what is shown there",
  bookTest,
  async (t) => {
    const { app, api } = await startService(t);
    const book = readFileSync(join(testData as string, 'timemachine.txt'));
    await api.put('/v1/corpora/timemachine').type('text/plain').send(book.toString());
    const [, program, shown] = /```js\n(import OpenAI[\s\S]+?\/\/ (".+"))\n```/.exec(
      readme,
    ) as RegExpExecArray;
    const code = program.replaceAll('http://127.0.0.1:3000', app.listeningOrigin);
    const { stdout } = await shell(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
    t.equal(stdout, `${JSON.parse(shown)}\n`);
  },
);

t.test('the README lists every setting of the service with its default', async (t) => {
  for (const [name, value] of Object.entries(loadConfig({}))) {
    const [shown = 'none'] = [value].flat();
    t.ok(readme.includes(`| \`${name}\` | ${shown} |`), `${name} = ${shown}`);
  }
});

t.test('the README in Chinese has the same examples with the same answers', async (t) => {
  const chinese = readFileSync(join(root, 'README.zh-CN.md'), 'utf8');
  const blocksOf = (text: string) => text.match(/^```[a-z]+\n[\s\S]+?^```$/gm);
  t.same(blocksOf(chinese), blocksOf(readme));
});
