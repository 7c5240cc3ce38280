import t from 'tap';
import { browserTest } from './browser.ts';
import { upload, visit } from './visit.ts';
import { eventually } from './waiting.ts';

t.test('by keyboard alone', browserTest, async (t) => {
  const { address, page, open, check } = await visit(t);
  await upload(address, 'book', 'the time machine');
  const { keyboard } = page;
  const focused = () =>
    page.evaluate<string>(
      'document.activeElement.innerText || document.activeElement.name || document.activeElement.id',
    );

  /** Goes on with Tab until a control with this name has the focus. */
  const tabTo = async (label: RegExp) => {
    for (let step = 0; step < 60; step++) {
      await keyboard.press('Tab');
      const name = await page.evaluate<string>(
        '(document.activeElement.labels?.[0] ?? document.activeElement).innerText',
      );
      if (label.test(name.trim())) return;
    }
    throw new Error(`Nothing called ${label} has had the focus.`);
  };

  await t.test('the first stop skips to the content', async (t) => {
    await open('start');
    await keyboard.press('Tab');
    await eventually(t, focused, 'Skip to the content');
    await keyboard.press('Enter');
    await eventually(t, () => page.evaluate('document.activeElement.id'), 'main');
  });

  await t.test('a corpus is made', async (t) => {
    await open('start');
    await tabTo(/^A sample$/);
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await tabTo(/^Text$/);
    await keyboard.type('the time traveller');
    await tabTo(/^Name$/);
    await keyboard.press('Control+a');
    await keyboard.type('typed');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'typed is counted' }).waitFor();
    await check(t);
  });

  await t.test('a section is opened, which gets the focus', async (t) => {
    await open('start');
    await tabTo(/^Corpora$/);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Corpora', level: 1 }).waitFor();
    await page.locator('main:focus').waitFor();
    await eventually(t, () => page.title(), 'Corpora · ngramd');
  });

  await t.test('a dialog keeps the focus until it is closed, and gives it back', async (t) => {
    await open('corpora?corpus=book');
    await tabTo(/^Delete…$/);
    await keyboard.press('Enter');
    await page.locator('dialog').waitFor();
    for (let step = 0; step < 6; step++) {
      await keyboard.press('Tab');
      t.ok(
        await page.evaluate(
          "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
        ),
        'no control behind it has the focus',
      );
    }
    await check(t);
    await keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await eventually(t, focused, 'Delete…');
    t.equal((await fetch(`${address}/v1/corpora/book`)).status, 200);
  });
});
