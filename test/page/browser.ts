import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
// Builds the page where no build has, or an older one.
import '../../scripts/page.ts';
import { patienceMs } from './waiting.ts';

/** Debian's browser, and others' where it is known to be. */
const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Why tests in a browser are skipped where there is none. */
export const browserTest =
  program === undefined
    ? { skip: 'there is no Chromium: apt-get install --no-install-recommends chromium' }
    : {};

/** A browser, which is closed when the test ends. */
export async function startBrowser(t: Test): Promise<BrowserContext> {
  // In a container, Chromium has no right to the sandbox that it would make, and little shared memory.
  const browser = await chromium.launch({
    executablePath: program as string,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: patienceMs,
  });
  t.teardown(() => browser.close());
  const context = await browser.newContext();
  context.setDefaultTimeout(patienceMs);
  return context;
}

/** Collects what the page reports on the console: errors of scripts, refused styles, failed requests. */
export function consoleOf(page: Page): string[] {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  return said;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The serious and critical faults that axe finds for people with disabilities. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated by the debugger, the script is not bound by the page's policy.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
