import t from 'tap';
import { browserTest } from './browser.ts';
import { makeSonnets, visit } from './visit.ts';

t.test('a corpus without counts', browserTest, async (t) => {
  const { address, page, open, check } = await visit(t);
  await makeSonnets(address);
  // The list says what the corpus is, and the page asks for nothing that such a corpus does not have.
  await page.route('**/v1/corpora?*', async (route) => {
    const response = await route.fetch();
    const { items, ...rest } = (await response.json()) as { items: object[] };
    await route.fulfill({
      response,
      json: { ...rest, items: items.map((item) => ({ ...item, kind: 'arpa' })) },
    });
  });

  await t.test('the sections that need counts or a text say so', async (t) => {
    for (const section of ['tables', 'phrases', 'concordance', 'minibatches']) {
      await open(`${section}?corpus=sonnets&q=love&phrases=love`);
      await page.getByText('sonnets was read from an ARPA file').waitFor();
      t.equal(await page.locator('.panel').count(), 0, section);
      await check(t);
    }
    await open('corpora?corpus=sonnets');
    await page.getByText('sonnets was read from an ARPA file').waitFor();
    t.equal(await page.getByRole('heading', { name: 'Add a document' }).count(), 0);
    await check(t);
  });

  await t.test('its model answers, and nothing of it is chosen', async (t) => {
    await open('next-word?corpus=sonnets&context=my');
    const panels = page.locator('.panel');
    await panels.getByRole('button', { name: 'Go on with love' }).waitFor();
    t.equal(await panels.count(), 1);
    await panels.getByRole('button', { name: 'as curl' }).click();
    t.match(await panels.locator('code').innerText(), /continuations\?context=my&k=10'$/);
    await open('score?corpus=sonnets&text=my+love');
    await page.getByRole('table', { name: 'The lines by their probability' }).waitFor();
    t.equal(await page.getByLabel('Estimator').count(), 0);
    await check(t);
  });
});
