import t from 'tap';
import { dataOf, Ngramd } from '../../clients/typescript/src/index.ts';
import { browserTest } from './browser.ts';
import { upload, visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

const text = 'the time machine was a machine of the time traveller and the time traveller was in the machine';

t.test('tables and Zipf', browserTest, async (t) => {
  const { address, page, open, view, reports, check } = await visit(t);
  await upload(address, 'short', text);
  const { api } = new Ngramd(address);
  const path = { corpus: 'short' };
  const panel = (name: string) => page.getByRole('region', { name, exact: true });
  const rowsOf = (name: string) => panel(name).first().locator('tbody tr');

  await t.test('the orders are listed side by side, the commonest first', async (t) => {
    await open('tables?corpus=short');
    const firstOf = (name: string) => () => rowsOf(name).first().innerText();
    await eventually(t, firstOf('Single tokens'), '1\tthe\t4');
    await eventually(t, firstOf('2-grams'), '1\tthe time\t3');
    await eventually(t, firstOf('3-grams'), '1\tthe time traveller\t2');
    const csv = await panel('3-grams').first().getByRole('link', { name: 'as CSV' }).getAttribute('href');
    t.match(await (await fetch(csv as string)).text(), /^rank,ngram,count.*\r\n1,the time traveller,2/);
    await check(t);
  });

  await t.test(
    'a pattern and a measure are in the address, and those who open it see the same',
    async (t) => {
      await open('tables?corpus=short');
      await page.getByLabel('Pattern').fill('the *');
      await page.getByLabel('Sort by').selectOption('pmi');
      await page.getByLabel('Minimum count').fill('1');
      const { items } = await dataOf(
        api.GET('/v1/corpora/{corpus}/ngrams', {
          params: { path, query: { pattern: 'the *', sort: 'pmi' } },
        }),
      );
      const shown = () => rowsOf('Matches').allInnerTexts();
      const expected = items.map(
        ({ ngram, count, pmi }, i) =>
          `${i + 1}\t${ngram.join(' ')}\t${count}\t${Number(pmi?.toPrecision(4))}`,
      );
      await eventually(t, shown, expected);
      await page.getByText('2 2-grams.').waitFor();
      await eventuallyMatches(t, view, /pattern=the\+\*&sort=pmi/);
      await open(await view());
      await eventually(t, shown, expected);
      await check(t);
    },
  );

  await t.test('a measure that is not defined for an order is not asked for', async (t) => {
    await open('tables?corpus=short&sort=dice');
    await rowsOf('2-grams').first().waitFor();
    await eventually(t, () => page.getByText('Dice is a measure of two tokens.').count(), 2);
    await check(t);
  });

  await t.test('what the service says of a pattern is shown at its field', async (t) => {
    await open('tables?corpus=short&pattern=a+b+c+d');
    const about = await page.locator('input[aria-invalid=true]').getAttribute('aria-describedby');
    const note = page.locator(`[id="${about}"]`);
    await eventuallyMatches(t, () => note.innerText(), /up to order 3, not 4/);
    await reports(t, /400/);
    await check(t);
  });

  await t.test(
    'the plot is read at a rank by keyboard, and its curves and fits are in a table',
    async (t) => {
      await open('tables?corpus=short');
      const rank = page.getByLabel('Rank', { exact: true });
      await rank.focus();
      for (let presses = 0; presses < 20; presses++) await page.keyboard.press('ArrowRight');
      await page.waitForURL(/rank=2(&|$)/);
      const { series } = await dataOf(api.GET('/v1/corpora/{corpus}/zipf', { params: { path } }));
      const rows = page.getByRole('table', { name: 'The curves' }).locator('tbody tr');
      await eventually(t, () => rows.count(), 3);
      for (const [i, { points, alpha }] of series.entries()) {
        const cells = async () => (await rows.nth(i).innerText()).split('\t');
        await eventually(t, async () => (await cells()).at(-1), String(points[1].frequency));
        t.equal(Number((await cells())[1]).toFixed(2), alpha?.toFixed(2));
      }
      await page.getByLabel('Show the fits').check();
      await eventually(t, () => page.locator('polyline.thin').count(), 3);
      await check(t);
    },
  );

  await t.test('Laplace smoothing is filled in with the numbers of the service', async (t) => {
    await open('tables?corpus=short&context=the+time&word=traveller&epsilon=1,0.5,2');
    const query = { context: 'the time', word: 'traveller', epsilon: [1, 0.5, 2] };
    const { probability } = await dataOf(
      api.GET('/v1/corpora/{corpus}/probability', { params: { path, query } }),
    );
    await page.getByText(`P = ${probability?.toFixed(4)}`).waitFor();
    const formula = page.getByRole('region', { name: 'The formula of order 3' });
    // n(hw) = 2, n(h·) = 3, ε₃ = 2
    const numbers = async () => (await formula.innerText()).replaceAll(/\s/g, '');
    await eventuallyMatches(t, numbers, /2\+2×0\.11[0-9]+.*3\+2=0\.4/s);
    await page.getByLabel('ε₃').fill('-4');
    await page.getByText('P = 0.6666').waitFor();
    await page.waitForURL(/epsilon=1%2C0\.5%2C0\.0001/);
    await check(t);
  });
});
