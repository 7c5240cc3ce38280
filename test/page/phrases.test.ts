import t from 'tap';
import { browserTest } from './browser.ts';
import { makeSonnets, upload, visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

t.test('phrases', browserTest, async (t) => {
  const { address, page, open, reports, check } = await visit(t);
  await makeSonnets(address);
  await upload(address, 'book', 'my love is as a fever, my love is mine');
  await upload(address, 'third', 'nothing of the kind');
  const rows = (name: string) => page.getByRole('region', { name, exact: true }).locator('table tbody tr');
  const cellsOf = async (name: string) =>
    Promise.all((await rows(name).all()).map((row) => row.locator('th, td').allInnerTexts()));

  await t.test('phrases of any length are counted in the chosen corpora', async (t) => {
    await open('phrases?corpus=sonnets&corpora=sonnets,book');
    await page.getByLabel('Phrases, with').fill('my love, my love is as a');
    const asked = 'phrases=my+love,my+love+is+as+a&corpora=sonnets,book';
    const { items } = (await (await fetch(`${address}/v1/ngrams/compare?${asked}`)).json()) as {
      items: { corpus: string; count: number }[];
    };
    const table = 'Frequencies of the phrases';
    await eventually(
      t,
      async () => (await cellsOf(table)).map(([, corpus, count]) => [corpus, count]),
      items.map(({ corpus, count }) => [corpus, String(count)]),
    );
    t.equal((await cellsOf(table))[1][3], '200,000', 'two of ten tokens');
    await check(t);
    await page.getByLabel('third').check();
    await rows(table).nth(5).waitFor();
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
      await eventually(
        t,
        () => first.locator('th').allInnerTexts(),
        items.map(({ ngram }) => ngram.join(' ')),
      );
      t.equal(items.length, 10);
      await check(t);
      await first.first().getByRole('link').click();
      await page.getByRole('region', { name: 'Occurrences in context' }).waitFor();
      await eventually(t, () => page.getByLabel('Word or phrase').inputValue(), items[0].ngram.join(' '));
      await eventually(t, () => page.getByLabel('Corpus', { exact: true }).inputValue(), 'sonnets');
    },
  );

  await t.test('years are compared where documents have dates, with the numbers of one year', async (t) => {
    await upload(address, 'letters', 'my love is mine my love', '?date=1895');
    await fetch(`${address}/v1/corpora/letters/documents?date=1898-05`, { method: 'POST', body: 'my love' });
    await fetch(`${address}/v1/corpora/letters/documents`, { method: 'POST', body: 'no date' });
    await open('phrases?corpus=letters&corpora=letters,book&phrases=my+love,is+mine&by=year');
    const table = 'Frequencies of the phrases';
    const plot = page.locator('.plot svg');
    await eventuallyMatches(t, () => plot.getAttribute('aria-label'), /from 1895 to 1898: my love/);
    await eventually(t, () => page.locator('.plot polyline').count(), 2);
    await eventuallyMatches(t, () => cellsOf(table), [
      [/my love/, 'letters', '1', '2', '500,000', '3'],
      [/is mine/, 'letters', '0', '2', '0', '1'],
    ]);
    await page.getByLabel('Year', { exact: true }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/year=1895/);
    const in1895 = [[/my love/, 'letters', '2', '6', '333,000', '3'], [/is mine/]];
    await eventuallyMatches(t, () => cellsOf(table), in1895);
    await page.getByText('1 document of letters with 2 words has no date').waitFor();
    await check(t);
    await rows(table).first().getByRole('link').click();
    await page.getByRole('region', { name: 'Occurrences in context' }).waitFor();
    await open('phrases?corpus=book&corpora=book&phrases=my+love&by=year');
    await page.getByText('No document of these corpora has a date').waitFor();
    await check(t);
  });

  await t.test('a comma after a backslash is part of a phrase', async (t) => {
    await upload(address, 'split', 'however , the end , however', '?tokenizer=whitespace');
    await open(`phrases?corpus=split&corpora=split&phrases=${encodeURIComponent('however \\,, the')}`);
    const table = 'Frequencies of the phrases';
    await eventuallyMatches(t, () => cellsOf(table), [
      [/however ,/, 'split', '1'],
      [/the/, 'split', '1'],
    ]);
    await check(t);
  });

  await t.test('a pattern that is longer than the n-grams is said to be', async (t) => {
    await open('phrases?corpus=book&corpora=book&phrases=my+*+is+as');
    await eventuallyMatches(t, () => page.getByRole('alert').innerText(), /order|long/i);
    await reports(t, /400/);
    await check(t);
  });
});
