import t from 'tap';
import { browserTest } from './browser.ts';
import { visit } from './visit.ts';
import { eventuallyMatches } from './waiting.ts';

const keys = { reader: 'reads-0123456789', writer: 'writes-0123456789', admin: 'manages-0123456789' };
const API_KEYS = `r:${keys.reader}:read,w:${keys.writer}:write,a:${keys.admin}:admin`;

t.test('where the service has keys', browserTest, async (t) => {
  const { address, page, open, reports, check } = await visit(t, { API_KEYS });
  const headers = { authorization: `Bearer ${keys.writer}`, 'content-type': 'text/plain' };
  await fetch(`${address}/v1/corpora/book`, { method: 'PUT', body: 'the time machine', headers });

  const enter = async (key: string) => {
    await page.getByRole('button', { name: /^(Enter a key|Key)$/ }).click();
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  };

  await t.test('without a key the page says that one is needed', async (t) => {
    await open('corpora');
    await eventuallyMatches(t, () => page.getByRole('alert').first().innerText(), /key/i);
    await page.getByRole('button', { name: 'Enter a key' }).waitFor();
    await reports(t, /401/);
    await check(t);
  });

  await t.test('a wrong key is refused, and a reader sees the corpora', async (t) => {
    await open('corpora');
    await enter('wrong-0123456789abc');
    await page.getByRole('alert').first().waitFor();
    await enter(keys.reader);
    await page.locator('main').getByRole('link', { name: 'book' }).waitFor();
    await reports(t, /401/);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /^as CSV.*All corpora/ }).click();
    const lines = (await (await (await saving).createReadStream()).toArray()).join('');
    t.match(lines, /^name,[^\n]*\r\nbook,/, 'a file is saved with the key');
    const curl = page.getByRole('button', { name: /^as curl.*All corpora/ });
    await curl.click();
    const command = page.locator('.command code').first();
    await eventuallyMatches(t, () => command.innerText(), /Bearer \$NGRAMD_KEY/);
    t.notMatch(await command.innerText(), keys.reader);
    await check(t);
  });

  await t.test('what a key may not do is said where it is tried', async (t) => {
    await open('start?from=text');
    await page.getByLabel('Text', { exact: true }).fill('the end');
    await page.getByRole('button', { name: 'Count it' }).click();
    await eventuallyMatches(t, () => page.getByRole('alert').innerText(), /write/);
    await reports(t, /403/);
    await open('operations');
    await eventuallyMatches(t, () => page.getByRole('alert').first().innerText(), /admin/);
    await reports(t, /403/);
    await check(t);
  });

  await t.test('a key with more rights is used at once', async (t) => {
    await open('start?from=text');
    await enter(keys.writer);
    await page.getByLabel('Text', { exact: true }).fill('the end');
    await page.getByRole('button', { name: 'Count it' }).click();
    await page.getByRole('heading', { name: 'pasted is counted' }).waitFor();
    await open('operations');
    await enter(keys.admin);
    await page.getByRole('region', { name: 'Requests', exact: true }).first().waitFor();
    await reports(t, /403/);
    await check(t);
  });

  await t.test('the key stays in this tab, and nowhere else', async (t) => {
    await open('corpora');
    await page.locator('main').getByRole('link', { name: 'book' }).waitFor();
    t.notMatch(page.url(), keys.admin);
    t.equal(await page.evaluate('localStorage.length + document.cookie.length'), 0);
    const other = await page.context().newPage();
    await other.goto(`${address}/#/corpora`);
    await other.getByRole('button', { name: 'Enter a key' }).waitFor();
    await other.close();
  });
});
