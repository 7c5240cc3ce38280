import t from 'tap';
import { dataOf, Ngramd } from '../../clients/typescript/src/index.ts';
import { browserTest } from './browser.ts';
import { upload, visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

const text = 'the time traveller came back\nthe time machine came back\nthe traveller was back in time\n';

t.test('score', browserTest, async (t) => {
  const { address, page, open, check } = await visit(t);
  await upload(address, 'short', text, '?sequences=line');
  const panel = (name: string) => page.getByRole('region', { name, exact: true });
  const lines = ['back time the came', 'the time traveller came back', 'the thyme traveller'];
  const view = `score?${new URLSearchParams({ corpus: 'short', estimator: 'witten-bell', text: lines.join('\n') })}`;

  await t.test('lines are ranked, and their totals are those of the service', async (t) => {
    await open('score?corpus=short&estimator=witten-bell');
    await page.getByLabel('Lines to score').fill(lines.join('\n'));
    const ranks = page.getByRole('table', { name: 'The lines by their probability' }).locator('tbody tr');
    const first = ranks.first();
    await eventuallyMatches(t, () => first.innerText(), /^1\s+2\s+the time traveller came back/);
    const summary = await dataOf(
      new Ngramd(address).api.POST('/v1/corpora/{corpus}/score', {
        params: { path: { corpus: 'short' }, query: { estimator: 'witten-bell', summary: true } },
        body: { texts: lines },
      }),
    );
    const perplexity = 'perplexity' in summary ? summary.perplexity : null;
    const shown = panel('All lines').locator('dd').first();
    await eventually(t, () => shown.innerText(), Number(perplexity?.toPrecision(4)).toString());
    await check(t);
  });

  await t.test('each word has its surprisal and the order that answered, as text too', async (t) => {
    await open(view);
    const words = page.locator('.word-lines li').nth(2).locator('.scored');
    const parts = async () => (await words.allInnerTexts()).map((text) => text.split(/\s+/));
    await eventuallyMatches(t, parts, [['the'], ['thyme'], ['traveller'], ['</s>']]);
    const surprisals = await parts();
    t.equal(surprisals.length, 4);
    t.ok(Number(surprisals[1][1]) > Number(surprisals[0][1]), 'the unknown word is the greater surprise');
    await page.getByRole('radio', { name: 'Order' }).check();
    await page.waitForURL(/as=order/);
    // The line begins with <s> the; thyme is unknown, and cuts off what comes before.
    await eventually(t, async () => (await parts()).map(([, order]) => order), ['2', '0', '1', '1']);
    await check(t);
  });

  await t.test('the words are also a table, and a file of CSV', async (t) => {
    await open(`${view}&as=table`);
    const rows = page.getByRole('table', { name: 'The words of all lines' }).locator('tbody tr');
    await rows.first().waitFor();
    const count = await rows.count();
    const download = page.waitForEvent('download');
    await panel('Word by word').getByRole('button', { name: 'as CSV' }).click();
    const stream = await (await download).createReadStream();
    const csv = Buffer.concat(await stream.toArray()).toString();
    t.match(csv, /^line,token,surprisal,order,in_vocabulary\r\n1,back,/);
    t.equal(csv.trim().split('\r\n').length, count + 1);
    await check(t);
  });

  await t.test('thousands of lines are pasted at once, and the first of them shown', async (t) => {
    await open('score?corpus=short');
    const pasted = Array.from({ length: 3000 }, (_, i) => `the time ${i}`).join('\n');
    const field = page.getByLabel('Lines to score');
    await field.fill('first\n');
    await field.focus();
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(pasted)});
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(paste);
    })()`);
    await eventually(t, () => field.inputValue(), `first\n${pasted}`);
    // The numbers are no words: each line has two and its end.
    await panel('All lines').getByText('9,002').waitFor();
    await page.locator('.word-lines li').nth(49).waitFor();
    await eventually(t, () => page.locator('.word-lines li').count(), 50);
    await page.getByRole('button', { name: 'Show more lines' }).click();
    await page.locator('.word-lines li').nth(99).waitFor();
    await check(t);
  });

  await t.test('the command is the request whose answer is shown', async (t) => {
    await open(view);
    await panel('All lines').getByRole('button', { name: 'as curl' }).click();
    const command = panel('All lines').locator('code');
    const beginning = /^curl -s '.+\/score\?estimator=witten-bell&log_base=2&summary=true'/;
    await eventuallyMatches(t, () => command.innerText(), beginning);
    t.match(await command.innerText(), /-d '\{"texts":\["back time the came",/);
    await check(t);
  });
});
