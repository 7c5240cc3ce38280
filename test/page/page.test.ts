import t from 'tap';
import { startService } from '../http/harness.ts';
import { browserTest } from './browser.ts';
import { visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

const { api } = await startService(t);

t.test('GET / is a page for those who prefer HTML, and JSON for all others', async (t) => {
  const browserAccepts = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const { text, headers } = await api.get('/').set('accept', browserAccepts).expect(200);
  t.match(text, /^<!doctype html>/);
  t.match(headers, {
    'content-type': 'text/html; charset=utf-8',
    vary: 'accept',
    'cache-control': 'no-cache',
  });
  const policy = headers['content-security-policy'];
  t.match(policy, /default-src 'none'.*script-src 'self'/);
  t.notMatch(policy, /unsafe|https?:|data:/);
  for (const accept of ['*/*', 'application/json', 'text/plain', 'application/json, text/html;q=0.5']) {
    const { body, headers } = await api.get('/').set('accept', accept).expect(200);
    t.equal(body.name, 'ngramd', accept);
    t.equal(headers.vary, 'accept', accept);
  }
});

t.test('the files of the page are compressed, and kept for good', async (t) => {
  const { text } = await api.get('/').set('accept', 'text/html');
  const files = [...text.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => path);
  t.equal(files.length, 3);
  for (const file of files) {
    for (const coding of ['br', 'gzip', undefined]) {
      const { headers } = await api
        .get(`/${file}`)
        .set('accept-encoding', coding ?? 'identity')
        .expect(200);
      t.equal(headers['content-encoding'], coding, file);
      t.match(headers['cache-control'], /immutable/);
      t.equal(headers.vary, 'accept-encoding');
    }
  }
});

t.test('in a browser', browserTest, async (t) => {
  const { address, page, open, reports, check } = await visit(t);

  await t.test('a sample becomes a corpus', async (t) => {
    await open('start');
    await page.getByLabel("Shakespeare's Sonnets").check();
    await page.getByRole('button', { name: 'Count it' }).click();
    await page.getByRole('heading', { name: 'sonnets is counted' }).waitFor();
    await eventuallyMatches(t, () => page.locator('.figures').innerText(), /18,161/);
    await eventually(t, () => page.getByLabel('Corpus', { exact: true }).inputValue(), 'sonnets');
    await check(t);
  });

  await t.test('a pasted text becomes a corpus with the chosen settings', async (t) => {
    await open('start?from=text&sequences=line&order=2');
    await page.getByLabel('Text', { exact: true }).fill('the time machine\nthe time traveller\n');
    await page.getByLabel('Name').fill('lines');
    await page.getByRole('button', { name: 'Count it' }).click();
    await page.getByRole('heading', { name: 'lines is counted' }).waitFor();
    t.match(await (await fetch(`${address}/v1/corpora/lines`)).json(), { order: 2, sequences: 'line' });
    await check(t);
  });

  await t.test('what the service says of a setting is shown at its field', async (t) => {
    await open('start?from=text');
    await page.getByLabel('Text', { exact: true }).fill('the time machine');
    await page.getByLabel('Name').fill('No name');
    await page.getByRole('button', { name: 'Count it' }).click();
    const field = page.getByLabel('Name');
    await page.locator('input[aria-invalid=true]').waitFor();
    t.equal(await field.getAttribute('aria-invalid'), 'true');
    const about = await field.getAttribute('aria-describedby');
    const note = page.locator(`[id="${about}"]`);
    await eventuallyMatches(t, () => note.innerText(), /pattern|Lower-case|letters/i);
    await reports(t, /400/);
    await check(t);
  });

  await t.test(
    'a document is added to a corpus, taken back, and the corpus deleted by its name',
    async (t) => {
      await open('corpora?corpus=lines');
      await page.getByLabel('Pasted text').check();
      await page.getByLabel('Text', { exact: true }).fill('the end\n');
      await page.getByLabel('Title').fill('The last page');
      await page.getByLabel('Date').fill('1895-05');
      await page.getByRole('button', { name: 'Add it' }).click();
      await page.getByText(/^Added/).waitFor();
      const removals = page.getByRole('button', { name: /^Take back/ });
      await removals.nth(1).waitFor();
      const documents = page.getByRole('region', { name: 'Documents of lines' }).last();
      await eventuallyMatches(t, () => documents.innerText(), /The last page\s+1895-05/);
      await removals.nth(1).click();
      await page.getByRole('button', { name: 'Take it back' }).click();
      await removals.nth(1).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Delete…' }).click();
      const deletion = page.getByRole('button', { name: 'Delete the corpus' });
      await eventually(t, () => deletion.isDisabled(), true);
      await page.getByLabel('Type lines to confirm').fill('lines');
      await deletion.click();
      await page
        .locator('main')
        .getByRole('link', { name: 'lines', exact: true })
        .waitFor({ state: 'detached' });
      t.equal((await fetch(`${address}/v1/corpora/lines`)).status, 404);
      await check(t);
    },
  );
});
