import t from 'tap';
import { browserTest } from './browser.ts';
import { makeSonnets, upload, visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

t.test('concordance and collocates', browserTest, async (t) => {
  const { address, page, open, view, reports, check } = await visit(t);
  await makeSonnets(address);
  await upload(
    address,
    'other',
    'my love is as a fever longing still for that which longer nurseth the disease',
  );
  const asked = async (path: string) => (await fetch(`${address}/v1/corpora/sonnets/${path}`)).json();
  const rows = (name: string) => page.getByRole('region', { name, exact: true }).locator('tbody tr');
  const lines = rows('Occurrences in context');

  await t.test('a phrase is shown in its contexts, in the chosen order', async (t) => {
    await open('concordance?corpus=sonnets');
    await page.getByLabel('Word or phrase').fill('my love');
    const shown = async () => {
      const cells = (await lines.all()).map((line) => line.locator('th, td').allInnerTexts());
      return (await Promise.all(cells)).map((line) => line.map((cell) => cell.trim()));
    };
    for (const [title, sort] of [
      ['Place in the text', 'text'],
      ['The word before', 'left1'],
      ['The word after', 'right1'],
    ]) {
      const { items } = (await asked(`concordance?q=my+love&sort=${sort}&limit=25`)) as {
        items: { left: string[]; hit: string[]; right: string[]; position: number }[];
      };
      await page.getByLabel('Sort by').first().selectOption(title);
      await eventually(
        t,
        shown,
        items.map(({ left, hit, right, position }) => [
          left.join(' '),
          hit.join(' '),
          right.join(' '),
          position.toLocaleString('en'),
        ]),
        sort,
      );
    }
    await eventuallyMatches(t, view, /q=my\+love&sort=right1/);
    await check(t);
  });

  await t.test('pages follow each other, and are views of their own', async (t) => {
    await open('concordance?corpus=sonnets&q=the');
    const status = page.getByText(/^\d+–\d+ of \d+$/).first();
    await eventually(t, () => status.innerText(), '1–25 of 437');
    const first = await lines.first().innerText();
    await page.getByRole('button', { name: /^Next.*Occurrences/ }).click();
    await page.getByText(/^26–50 of/).waitFor();
    const second = await lines.first().innerText();
    t.not(second, first);
    await open(await view());
    await page.getByText(/^26–50 of/).waitFor();
    await eventually(t, () => lines.first().innerText(), second, 'the URL names the page');
    await page.getByRole('button', { name: /^Previous.*Occurrences/ }).click();
    await page.getByText(/^1–25 of 437/).waitFor();
    await eventually(t, () => lines.first().innerText(), first);
    await check(t);
  });

  await t.test('a cursor that is no longer one leads back to the first page', async (t) => {
    await open('concordance?corpus=sonnets&q=love&page=abc');
    await page.getByRole('button', { name: 'Back to the first page' }).click();
    await page
      .getByText(/^1–25 of/)
      .first()
      .waitFor();
    await reports(t, /400/);
  });

  await t.test('collocates have the measures of the service, within the chosen window', async (t) => {
    await open('concordance?corpus=sonnets&q=love&window=2&measure=pmi&min_count=5');
    const { items } = (await asked('collocates?node=love&window=2&sort=pmi&min_count=5')) as {
      items: { word: string; count: number }[];
    };
    const collocates = rows('Collocates').filter({ has: page.locator('td') });
    await eventually(t, () => collocates.count(), Math.min(items.length, 25));
    const [first] = items;
    const about = new RegExp(`^${first.word}\\s+${first.count}\\s`);
    await eventuallyMatches(t, () => collocates.first().innerText(), about);
    await check(t);
    await collocates.first().getByRole('link').click();
    const phrase = page.getByLabel('Word or phrase');
    await eventually(t, () => phrase.inputValue(), first.word, 'a word leads to its own lines');
    await eventuallyMatches(t, view, new RegExp(`q=${first.word}`));
  });

  await t.test('keywords are compared with another corpus', async (t) => {
    await open('concordance?corpus=sonnets&reference=other');
    const { items } = (await asked('keyness?reference=other')) as { items: { word: string }[] };
    const keywords = rows('Keywords').filter({ has: page.locator('td') });
    await eventuallyMatches(t, () => keywords.first().innerText(), new RegExp(`^${items[0].word}\\s`));
    await page.getByLabel('Words', { exact: true }).selectOption('Rarer here');
    await page.waitForURL(/keywords=negative/);
    const rarer = (await asked('keyness?reference=other&keywords=negative')) as { items: { word: string }[] };
    await keywords.filter({ hasText: rarer.items[0].word }).first().waitFor();
    await check(t);
  });

  await t.test('a phrase that does not occur is said not to', async (t) => {
    await open('concordance?corpus=sonnets&q=time+machine');
    await page.getByText(/does not have/).waitFor();
    await check(t);
  });
});
