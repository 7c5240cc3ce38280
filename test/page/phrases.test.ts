import t from 'tap';
import { browserTest } from './browser.ts';
import { makeSonnets, upload, visit } from './visit.ts';

t.test('phrases', browserTest, async (t) => {
  const { address, page, open, said, check } = await visit(t);
  await makeSonnets(address);
  await upload(address, 'book', 'my love is as a fever, my love is mine');
  await upload(address, 'third', 'nothing of the kind');
  const rows = (name: string) => page.getByRole('region', { name, exact: true }).locator('table tbody tr');
  const cellsOf = async (name: string) =>
    Promise.all((await rows(name).all()).map((row) => row.locator('th, td').allInnerTexts()));

  await t.test('phrases of any length are counted in the chosen corpora', async (t) => {
    await open('phrases?corpus=sonnets&corpora=sonnets,book');
    await page.getByLabel('Phrases, with').fill('my love, my love is as a');
    await rows('Frequencies of the phrases').nth(3).waitFor();
    const cells = await cellsOf('Frequencies of the phrases');
    const totals = await Promise.all(
      ['my+love', 'my+love+is+as+a'].flatMap((q) =>
        ['sonnets', 'book'].map(async (corpus) => {
          const answer = await fetch(`${address}/v1/corpora/${corpus}/concordance?q=${q}`);
          return [corpus, String(((await answer.json()) as { total: number }).total)];
        }),
      ),
    );
    t.same(
      cells.map(([, corpus, count]) => [corpus, count]),
      totals,
    );
    t.equal(cells[1][3], '200,000', 'two of ten tokens');
    await check(t);
    await page.getByLabel('third').check();
    await rows('Frequencies of the phrases').nth(5).waitFor();
    await page.waitForURL(/corpora=sonnets%2Cbook%2Cthird/);
  });

  await t.test(
    '* shows the ten best substitutions of each corpus, which lead to their contexts',
    async (t) => {
      await open('phrases?corpus=book&corpora=sonnets,book&phrases=my+*');
      const { items } = (await (
        await fetch(`${address}/v1/corpora/sonnets/ngrams?pattern=my+*&limit=10`)
      ).json()) as { items: { ngram: string[]; count: number }[] };
      const first = rows('my * in sonnets').filter({ has: page.locator('td') });
      await first.nth(9).waitFor();
      t.same((await first.all()).length, 10);
      t.same(
        await first.locator('th').allInnerTexts(),
        items.map(({ ngram }) => ngram.join(' ')),
      );
      await check(t);
      await first.first().getByRole('link').click();
      await page.getByRole('region', { name: 'Occurrences in context' }).waitFor();
      t.equal(await page.getByLabel('Word or phrase').inputValue(), items[0].ngram.join(' '));
      t.equal(await page.getByLabel('Corpus', { exact: true }).inputValue(), 'sonnets');
    },
  );

  await t.test('a pattern that is longer than the n-grams is said to be', async (t) => {
    await open('phrases?corpus=book&corpora=book&phrases=my+*+is+as');
    t.match(await page.getByRole('alert').innerText(), /order|long/i);
    t.match(said(), [/400/], 'the browser itself reports an answer that is an error');
    await check(t);
  });
});
