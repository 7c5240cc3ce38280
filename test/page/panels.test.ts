import type { Locator } from 'playwright-core';
import t, { type Test } from 'tap';
import { browserTest } from './browser.ts';
import { makeSonnets, upload, visit } from './visit.ts';
import { eventuallyMatches } from './waiting.ts';

const views = [
  'start',
  'start?from=text',
  'corpora?corpus=sonnets',
  'tables?corpus=sonnets',
  'tables?corpus=sonnets&pattern=my+*&sort=pmi&rows=65',
  'next-word?corpus=sonnets&context=my&words=30',
  'score?corpus=sonnets&text=my+love%0Athe+end',
  'phrases?corpus=sonnets&phrases=my+love,my+*',
  'phrases?corpus=sonnets&phrases=my+love&by=year',
  'concordance?corpus=sonnets&q=my+love',
  'minibatches?corpus=sonnets',
  'operations?corpus=sonnets',
];

/** Shows the command of a panel. */
async function commandIn(t: Test, panel: Locator): Promise<string> {
  const command = panel.locator('.command code');
  await panel.getByRole('button', { name: 'as curl' }).click();
  await eventuallyMatches(t, () => command.innerText(), /^curl -s /);
  return command.innerText();
}

t.test('panels', browserTest, async (t) => {
  const { address, page, open, check } = await visit(t);
  await makeSonnets(address);
  await upload(address, 'book', 'my love is as a fever, my love is mine');

  await t.test('each has its request as a command, and its answer as CSV', async (t) => {
    for (const view of views) {
      await open(view);
      const panels = await page.locator('main .panel').all();
      t.ok(panels.length > 0, view);
      for (const panel of panels) {
        const of = `${view}, ${await panel.locator('h2').innerText()}`;
        const tools = panel.locator('.call-tools');
        t.equal(await tools.getByText('as CSV').count(), 1, of);
        const link = tools.getByRole('link', { name: 'as CSV' });
        if ((await link.count()) === 1) {
          const answer = await fetch((await link.getAttribute('href')) as string);
          t.match(answer.headers.get('content-type'), /^text\/csv/, of);
        }
        for (const command of (await commandIn(t, tools)).split('\n')) {
          const [, url] = /'(http[^']+)'/.exec(command) ?? [];
          t.match(command, /^curl -s /, of);
          if (/ -(X|T|d) /.test(command)) continue;
          const [, accept = 'application/json'] = /accept: ([^']+)/.exec(command) ?? [];
          t.equal((await fetch(url, { headers: { accept } })).status, 200, command);
        }
      }
    }
    await check(t);
  });

  await t.test('the command asks for as many rows as are shown', async (t) => {
    const commandOf = (title: string) =>
      commandIn(
        t,
        page.getByRole('region', { name: title, exact: true }).filter({ has: page.locator('footer') }),
      );
    await open('tables?corpus=sonnets&pattern=my+*&rows=65');
    t.match(await commandOf('Matches'), /pattern=my\+\*&sort=count&limit=65/);
    await open('next-word?corpus=sonnets&context=my&words=30');
    t.match(await commandOf('First: Laplace'), /k=30/);
    await open('phrases?corpus=sonnets&phrases=my+*&corpora=sonnets');
    t.match(await commandOf('my * in sonnets'), /limit=10/);
    await open('concordance?corpus=sonnets&q=my');
    t.match(await commandOf('Occurrences'), /limit=25/);
    await open('start?from=text');
    t.match(
      await commandOf('A new corpus'),
      /^curl -s -T 'text.txt' '.+\/v1\/corpora\/pasted\?tokenizer=word&order=3&sequences=document'$/,
    );
  });
});
