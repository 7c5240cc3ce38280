import { gzipSync } from 'node:zlib';
import t from 'tap';
import { browserTest } from './browser.ts';
import { visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

t.test('uploads', browserTest, async (t) => {
  const { address, page, open, reports, check } = await visit(t);
  const text = 'the time traveller smiled\n'.repeat(80_000);

  await t.test('while a text is sent, the page shows how much has arrived, and cancels it', async (t) => {
    const network = await page.context().newCDPSession(page);
    const limit = (uploadThroughput: number) =>
      network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await open('start?from=file');
    await page
      .getByLabel('Drop a text file here, or choose one')
      .setInputFiles({ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await limit(50_000);
    await page.getByRole('button', { name: 'Count it' }).click();
    await page.getByText('Reading the text').waitFor();
    const amount = page.getByText(/^[\d.]+ [kM]B of 2\.1 MB$/);
    await amount.waitFor();
    const first = await amount.innerText();
    await page.locator('.upload .amount', { hasText: 'of 2.1 MB', hasNotText: first }).waitFor();
    const share = Number(await page.getByRole('progressbar').getAttribute('value'));
    t.ok(share > 0 && share < 1, 'the bar is between nothing and all');
    await eventually(t, () => page.getByRole('button', { name: 'Count it' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Nothing of the text was kept.').waitFor();
    await limit(-1);
    t.equal((await fetch(`${address}/v1/corpora/slow`)).status, 404);
    const { items } = (await (await fetch(`${address}/v1/jobs`)).json()) as { items: { state: string }[] };
    t.match(items, [{ state: 'cancelled' }]);
    t.equal(items.length, 1);
    // A cancelled upload is no error: the console is empty.
    await check(t);
  });

  await t.test('a dropped file becomes a corpus with its name, also compressed', async (t) => {
    await open('start?from=file');
    const bytes = [...gzipSync('the time machine by h g wells')];
    const dataTransfer = await page.evaluateHandle(`(() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([new Uint8Array([${bytes}])], 'My Book.txt.gz'));
      return dropped;
    })()`);
    const target = page.locator('.drop');
    await target.dispatchEvent('dragover', { dataTransfer });
    await page.locator('.drop.over').waitFor();
    await target.dispatchEvent('drop', { dataTransfer });
    await page.getByText(/^My Book\.txt\.gz, \d+ B$/).waitFor();
    await eventually(t, () => page.getByLabel('Name').inputValue(), 'my-book');
    await page.getByRole('button', { name: 'Count it' }).click();
    await page.getByRole('heading', { name: 'my-book is counted' }).waitFor();
    t.match(await (await fetch(`${address}/v1/corpora/my-book`)).json(), { tokens: 7 });
    await check(t);
  });

  await t.test('a file that is no text is refused with the reason', async (t) => {
    await open('start?from=file');
    await page
      .getByLabel('Drop a text file here, or choose one')
      .setInputFiles({ name: 'noise.txt', mimeType: 'text/plain', buffer: Buffer.from([0xff, 0xfe, 0x80]) });
    await page.getByRole('button', { name: 'Count it' }).click();
    await eventuallyMatches(t, () => page.getByRole('alert').innerText(), /UTF-8/);
    await reports(t, /400/);
    await check(t);
  });
});
