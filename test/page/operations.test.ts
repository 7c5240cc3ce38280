import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { browserTest } from './browser.ts';
import { upload, visit } from './visit.ts';
import { eventually, eventuallyMatches, untilAnswered } from './waiting.ts';

t.test('operations', browserTest, async (t) => {
  const { address, folder, page, open, reports, check } = await visit(t);
  await upload(address, 'book', 'the time machine by h g wells');
  const panel = (name: string) => page.getByRole('region', { name, exact: true }).first();
  const rows = (name: string) => panel(name).locator('tbody tr');

  await t.test('jobs, sizes, requests and threads are shown, and again when asked', async (t) => {
    await open('operations');
    await rows('Jobs').filter({ hasText: 'New corpus' }).filter({ hasText: 'book' }).waitFor();
    await rows('The largest corpora').filter({ hasText: 'book' }).waitFor();
    await rows('Requests').filter({ hasText: 'PUT /v1/corpora/:corpus' }).waitFor();
    await rows('Pools of threads').filter({ hasText: 'question' }).waitFor();
    await eventuallyMatches(t, () => panel('Readiness').innerText(), /The service takes requests\./);
    await check(t);
    await fetch(`${address}/v1/corpora/nowhere`);
    const failed = rows('Requests')
      .filter({ hasText: /^GET \/v1\/corpora\/:corpus\d/ })
      .first();
    // An answer is counted when it has been sent.
    const refreshed = async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await untilAnswered(page);
      return (await failed.locator('td').allInnerTexts())[1];
    };
    await eventually(t, refreshed, '1', 'one answer was a 4xx');
  });

  await t.test('the figures are asked again by themselves where the view says so', async (t) => {
    await open('operations?refresh=on');
    await eventually(t, () => page.getByLabel('every 5 seconds').isChecked(), true);
    await panel('Jobs').waitFor();
    await upload(address, 'later', 'a second text');
    await rows('Jobs').filter({ hasText: 'later' }).waitFor();
    await page.getByLabel('every 5 seconds').uncheck();
    await page.waitForURL(/#\/operations(\?corpus=\w+)?$/);
  });

  await t.test('a backup of all corpora is made, restored under another name, and deleted', async (t) => {
    await open('operations');
    await page.getByRole('button', { name: 'Back up all corpora' }).click();
    const backup = rows('Backups').filter({ hasText: 'book' });
    await backup.waitFor();
    const saving = page.waitForEvent('download');
    await backup.getByRole('link', { name: /^Download/ }).click();
    t.match((await saving).suggestedFilename(), /^book-.*\.sqlite$/);
    await backup.getByRole('button', { name: /^Restore/ }).click();
    await page.getByRole('button', { name: 'Restore it' }).click();
    const alert = page.locator('dialog').getByRole('alert');
    await eventuallyMatches(t, () => alert.innerText(), /book/, 'there is one of this name');
    await reports(t, /409/);
    await check(t);
    await page.getByLabel('Name of the restored corpus').fill('restored');
    await page.getByRole('button', { name: 'Restore it' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    t.equal((await fetch(`${address}/v1/corpora/restored`)).status, 200);
    await backup.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('button', { name: 'Delete the backup' }).click();
    await backup.waitFor({ state: 'detached' });
    await check(t);
  });

  await t.test('a damaged corpus is named, with what to do about it', async (t) => {
    writeFileSync(join(folder, 'corpora', 'broken.sqlite'), 'This is no database.');
    await fetch(`${address}/v1/corpora/broken`);
    await open('operations');
    const damaged = panel('Damaged corpora');
    await eventuallyMatches(t, () => damaged.innerText(), /broken[\s\S]*Restore the last backup/);
    await check(t);
  });
});
