import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import { startService } from '../http/harness.ts';
import { consoleOf, faultsOf, startBrowser } from './browser.ts';
import { eventuallyMatches, untilAnswered } from './waiting.ts';

/** A browser's tab on the page of a service. */
export interface Visit {
  /** The service, for what the page only shows. */
  address: string;
  /** Its data folder. */
  folder: string;
  page: Page;
  /** Opens a view, such as `score?corpus=book`, as someone does who was sent its URL, and waits for its answers. */
  open(view: string): Promise<void>;
  /** The view that the address bar has, as `open` takes it. */
  view(): Promise<string>;
  /**
   * The browser itself reports answers that are errors: since the last time it has reported some, all with this status.
   */
  reports(t: Test, status: RegExp): Promise<void>;
  /** What must hold wherever a test has come to. */
  check(t: Test): Promise<void>;
}

/** A service on an empty data folder, and a browser on its page. Nothing may be asked of another server. */
export async function visit(t: Test, settings?: Record<string, string>): Promise<Visit> {
  const { app, folder } = await startService(t, settings);
  const address = app.listeningOrigin;
  const page = await (await startBrowser(t)).newPage();
  const said = consoleOf(page);
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) elsewhere.push(request.url());
  });
  return {
    address,
    folder,
    page,
    open: async (view) => {
      await page.goto('about:blank');
      await page.goto(`${address}/#/${view}`);
      await untilAnswered(page);
    },
    view: async () => (await page.evaluate<string>('location.hash')).replace(/^#\//, ''),
    reports: async (t, status) => {
      await untilAnswered(page);
      await eventuallyMatches(t, () => said, [status]);
      for (const line of said.splice(0)) t.match(line, status);
    },
    check: async (t) => {
      await untilAnswered(page);
      t.same(await faultsOf(page), [], 'axe finds nothing serious');
      t.same(said.splice(0), [], 'the console is empty');
      t.same(elsewhere, [], 'nothing is asked of another server');
    },
  };
}

/** Makes a corpus of a text. */
export async function upload(address: string, name: string, text: string, query = ''): Promise<void> {
  const answer = await fetch(`${address}/v1/corpora/${name}${query}`, { method: 'PUT', body: text });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Makes a corpus of Shakespeare's sonnets, which come with the service. */
export async function makeSonnets(address: string, name = 'sonnets', query = ''): Promise<void> {
  const url = `${address}/v1/samples/sonnets?corpus=${name}${query}`;
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
}
