import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import supertest from 'supertest';
import type { Test } from 'tap';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
// Writes the samples' files where no build has.
import '../../scripts/samples.ts';

/** A folder that is deleted when the test ends. */
export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'ngramd-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A test's own work holds up the event loop, and its machine may have a small disk. */
export const besideTests = { MAX_EVENT_LOOP_DELAY_MS: '0', MIN_FREE_DISK_BYTES: '0' };

/** The service on an empty data folder, and a client of it. Stops when the test ends. */
export function startService(t: Test, settings?: Record<string, string>, logger?: Logger) {
  return startOn(t, temporaryFolder(t), settings, logger);
}

/** As `startService`, on a folder that is there. */
export async function startOn(
  t: Test,
  folder: string,
  settings: Record<string, string> = {},
  logger: Logger = pino({ level: 'silent' }),
) {
  const app = await buildApp(loadConfig({ DATA_DIR: folder, ...besideTests, ...settings }), logger);
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  return { app, folder, api: supertest(app.server) };
}

/** The folder of the book, and why tests of it are skipped where there is none. */
export const testData = process.env.NGRAMD_TEST_DATA;
export const bookTest = testData === undefined ? { skip: 'NGRAMD_TEST_DATA is not set' } : {};
