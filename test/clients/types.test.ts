import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { typesOf } from '../../clients/typescript/scripts/schema.ts';
import { startService, temporaryFolder } from '../http/harness.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The strictest settings that programs are compiled with. */
const settings = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noEmit'];
const modules = ['--module', 'nodenext', '--allowImportingTsExtensions', '--types', 'node', '--skipLibCheck'];

t.test(
  'types made of the OpenAPI document that is served allow what is right, and nothing else',
  async (t) => {
    const { app } = await startService(t);
    const schema = await typesOf(app.swagger());
    const folder = temporaryFolder(t);
    const program = 'test/clients/strict-use.ts';
    for (const name of ['clients/typescript/src', 'test/clients']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'clients/typescript/src/schema.ts'), schema);
    writeFileSync(join(folder, program), readFileSync(join(root, program)));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, ...settings, ...modules, program], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error);
    t.equal(stdout, '');
  },
);
