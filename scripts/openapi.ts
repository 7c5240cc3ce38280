/**
 * Writes `openapi/openapi.json` as the server serves it; with `--check`, fails if the file is out of date.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

const file = new URL('../openapi/openapi.json', import.meta.url);
const dataFolder = mkdtempSync(join(tmpdir(), 'ngramd-openapi-'));
const app = await buildApp(loadConfig({ DATA_DIR: dataFolder }), pino({ level: 'silent' }));
await app.ready();
const current = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();
rmSync(dataFolder, { recursive: true });

if (!process.argv.includes('--check')) {
  writeFileSync(file, current);
} else if (readFileSync(file, 'utf8') !== current) {
  process.stderr.write('openapi/openapi.json is out of date: run npm run openapi and commit the result.\n');
  process.exitCode = 1;
}
