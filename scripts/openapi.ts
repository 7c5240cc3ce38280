/**
 * Writes `openapi/openapi.json` as the server serves it, and the types of the TypeScript client that are made of it;
 * with `--check`, fails if one of the files is out of date.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pino } from 'pino';
import { typesOf } from '../clients/typescript/scripts/schema.ts';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

const root = join(import.meta.dirname, '..');
const dataFolder = mkdtempSync(join(tmpdir(), 'ngramd-openapi-'));
const app = await buildApp(loadConfig({ DATA_DIR: dataFolder }), pino({ level: 'silent' }));
await app.ready();
const document = app.swagger();
await app.close();
rmSync(dataFolder, { recursive: true });

const files = {
  [join(root, 'openapi/openapi.json')]: `${JSON.stringify(document, null, 2)}\n`,
  [join(root, 'clients/typescript/src/schema.ts')]: await typesOf(document),
};
for (const [file, current] of Object.entries(files)) {
  if (!process.argv.includes('--check')) writeFileSync(file, current);
  else if (readFileSync(file, 'utf8') !== current) {
    process.stderr.write(
      `${relative(root, file)} is out of date: run npm run openapi and commit the result.\n`,
    );
    process.exitCode = 1;
  }
}
