import { gzipSync } from 'node:zlib';
import t from 'tap';
import { browserTest } from './browser.ts';
import { visit } from './visit.ts';
import { eventuallyMatches } from './waiting.ts';

const file = `\\data\\
ngram 1=5
ngram 2=3

\\1-grams:
-1.5\t<unk>
-99\t<s>\t-0.5
-0.7\t</s>
-0.6\tmy\t-0.25
-0.5\tlove\t-0.125

\\2-grams:
-0.3\t<s> my
-0.2\tmy love
-0.1\tlove </s>

\\end\\
`;

t.test('a corpus of an ARPA file', browserTest, async (t) => {
  const { address, page, open, check } = await visit(t);

  await t.test('is made of a file, without settings', async (t) => {
    await open('start?from=file&order=3');
    await page
      .getByLabel('Drop a text file here, or choose one')
      .setInputFiles({ name: 'model.arpa.gz', mimeType: 'application/gzip', buffer: gzipSync(file) });
    await page.getByText('This is an ARPA file').waitFor();
    t.equal(await page.getByLabel('Order N').count(), 0);
    await page.getByRole('button', { name: 'Count it' }).click();
    await page.getByRole('heading', { name: 'model is there' }).waitFor();
    t.match(await (await fetch(`${address}/v1/corpora/model`)).json(), { kind: 'arpa', order: 2 });
    await check(t);
  });

  await t.test('has no counts and no text, as the sections that need them say', async (t) => {
    for (const section of ['tables', 'phrases', 'concordance', 'minibatches']) {
      await open(`${section}?corpus=model&q=love&phrases=love`);
      await page.getByText('model was read from an ARPA file').waitFor();
      t.equal(await page.locator('.panel').count(), 0, section);
      await check(t);
    }
    await open('corpora?corpus=model');
    await page.getByText('model was read from an ARPA file').waitFor();
    t.equal(await page.getByRole('heading', { name: 'Add a document' }).count(), 0);
    await check(t);
  });

  await t.test('has a model that answers, and nothing of it is chosen', async (t) => {
    await open('next-word?corpus=model&context=my');
    const panels = page.locator('.panel');
    await panels.getByRole('button', { name: 'Go on with love' }).waitFor();
    const first = panels.locator('tbody tr').first();
    await eventuallyMatches(t, () => first.innerText(), /love\s+0\.631/, '10 to the power −0.2');
    t.equal(await panels.count(), 1);
    await panels.getByRole('button', { name: 'as curl' }).click();
    const command = panels.locator('code');
    await eventuallyMatches(t, () => command.innerText(), /continuations\?context=my&k=10'$/);
    await open('score?corpus=model&text=my+love');
    await page.getByRole('table', { name: 'The lines by their probability' }).waitFor();
    t.equal(await page.getByLabel('Estimator').count(), 0);
    const figures = page.locator('.figures');
    await eventuallyMatches(t, () => figures.innerText(), /-1\.993/, '(−0.3 − 0.2 − 0.1) log₂ 10');
    await check(t);
  });
});
