import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { startService, temporaryFolder } from './http/harness.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/coming-from.md', import.meta.url)), 'utf8');
const shell = promisify(execFile);

const text = `the time machine
the time traveller smiled

the thyme traveller and the time machine
a time traveller had a time machine and the time
`;

/** What the commands read. */
const files: Record<string, string> = {
  'text.txt': text,
  'test.txt': 'the time traveller\nthe thyme machine\n',
  // What SRILM counts in a line of two words.
  'counts.tsv': ['<s>', 'the', 'time', '</s>', '<s> the', 'the time', 'time </s>']
    .map((ngram) => `${ngram}\t1\n`)
    .join(''),
  'words.txt': 'the\ntime\ntraveller\nmachine\n',
  'documents.jsonl': text
    .split('\n')
    .filter((line) => line !== '')
    .map((text, id) => `${JSON.stringify({ id: `d${id}`, text })}\n`)
    .join(''),
};

/** The commands of ngramd alone, in the order of the page. */
const commands = [...page.matchAll(/```sh\n([\s\S]+?)```/g)]
  .flatMap(([, block]) => block.trim().split('\n'))
  .filter((line) => line.includes('$NGRAMD') && !line.includes('build_binary'));

t.test('every command of the page for those who come from other tools works', async (t) => {
  const { app } = await startService(t);
  const cwd = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  t.ok(commands.length > 15);
  const env = { ...process.env, NGRAMD: app.listeningOrigin };
  for (const command of commands) {
    const failing = command.replace(/^curl /, 'curl --fail-with-body ');
    const { stdout, failed } = await shell('sh', ['-c', failing], { cwd, env }).then(
      ({ stdout }) => ({ stdout, failed: false }),
      (error) => ({ stdout: String(error.stdout), failed: true }),
    );
    t.notOk(failed, `${command}: ${stdout}`);
    t.notMatch(stdout, /"type":"\/problems/, command);
  }
  t.match(readFileSync(join(cwd, 'limited.arpa'), 'utf8'), /^\\data\\/);
});
