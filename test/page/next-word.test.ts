import t from 'tap';
import { dataOf, Ngramd } from '../../clients/typescript/src/index.ts';
import { browserTest } from './browser.ts';
import { makeSonnets, visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

t.test('next word', browserTest, async (t) => {
  const { address, page, open, reports, check } = await visit(t);
  await makeSonnets(address);
  const { api } = new Ngramd(address);
  const wordsOf = (side: string) =>
    page.getByRole('region', { name: new RegExp(`^${side}: `) }).locator('tbody th');

  await t.test('two estimators answer beside each other, each as the service does', async (t) => {
    await open('next-word?corpus=sonnets&context=my+love&b_estimator=witten-bell&words=5');
    for (const [side, estimator] of [
      ['First', 'laplace'],
      ['Second', 'witten-bell'],
    ] as const) {
      const params = { path: { corpus: 'sonnets' }, query: { context: 'my love', k: 5, estimator } };
      const { continuations } = await dataOf(api.GET('/v1/corpora/{corpus}/continuations', { params }));
      const expected = continuations.map(({ word }) => `Go on with ${word}`);
      const shown = async () =>
        (await wordsOf(side).allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
      await eventually(t, shown, expected);
    }
    await check(t);
  });

  await t.test('a click takes a word into the text, and going back takes it out again', async (t) => {
    await open('next-word?corpus=sonnets&context=my');
    const text = page.getByLabel('Text', { exact: true });
    await wordsOf('First').first().getByRole('button').click();
    await eventually(t, () => text.inputValue(), 'my love');
    await page.getByRole('status').getByText('my love', { exact: true }).waitFor();
    await page.goBack();
    await eventually(t, () => text.inputValue(), 'my');
    await check(t);
  });

  await t.test('the parameter of an estimator is typed, and its error is shown at its field', async (t) => {
    await open('next-word?corpus=sonnets&context=my');
    const field = page.getByLabel('ε', { exact: true });
    await field.fill('x');
    await page.locator('input[aria-invalid=true]').waitFor();
    const about = await field.getAttribute('aria-describedby');
    const note = page.locator(`[id="${about}"]`);
    await eventuallyMatches(t, () => note.innerText(), /must be finite numbers/);
    await reports(t, /400/);
    await field.fill('0.5');
    await wordsOf('First').first().waitFor();
    await page.waitForURL(/epsilon=0\.5/);
    await check(t);
  });

  await t.test('only words that begin with the typed letters are shown', async (t) => {
    await open('next-word?corpus=sonnets&context=my');
    await page.getByLabel('Only words that begin with').fill('lov');
    for (const side of ['First', 'Second']) {
      const areRight = async () => {
        const words = await wordsOf(side).allInnerTexts();
        return words.length > 0 && words.every((word) => /^Go on with\s+lov/.test(word));
      };
      await eventually(t, areRight, true, side);
    }
    await check(t);
  });
});
