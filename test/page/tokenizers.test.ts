import { readFileSync } from 'node:fs';
import t from 'tap';
import { browserTest } from './browser.ts';
import { visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

const textFile = 'Drop a text file here, or choose one';

/** A tokenizer of the family of Llama 3, as Hugging Face's library writes it. */
const json = readFileSync(new URL('../text/tokenizer-json/files/llama3.json', import.meta.url));

t.test('corpora with the tokens of other tokenizers', browserTest, async (t) => {
  const { address, page, open, reports, check } = await visit(t);
  const corpus = async (name: string) => (await fetch(`${address}/v1/corpora/${name}`)).json();
  const count = page.getByRole('button', { name: 'Count it' });

  await t.test('a text of ids', async (t) => {
    await open('start?from=text');
    await page.getByLabel('Tokens').selectOption('ids');
    await page.getByRole('textbox', { name: 'Text' }).fill('464 640 4572\n464 3056');
    await page.getByLabel('Name').fill('ids');
    await count.click();
    const number = page.getByLabel('Number of ids');
    await page.getByText('With tokenizer=ids, say how many ids there are').waitFor();
    t.equal(await number.getAttribute('aria-invalid'), 'true');
    await reports(t, /400/);
    await number.fill('4573');
    await page.getByRole('button', { name: 'as curl' }).first().click();
    const command = page.locator('.command code').first();
    await eventuallyMatches(t, () => command.innerText(), /tokenizer=ids&vocabulary_ids=4573&order=3/);
    await count.click();
    await page.getByRole('heading', { name: 'ids is counted' }).waitFor();
    t.match(await corpus('ids'), { tokenizer: 'ids', vocabulary_ids: 4573, tokens: 5 });
    await check(t);
  });

  await t.test('a tokenizer.json, which is sent before the text', async (t) => {
    await open('start?from=file&tokenizer=huggingface&sequences=line');
    await page
      .getByLabel(textFile)
      .setInputFiles({ name: 'book.txt', mimeType: 'text/plain', buffer: Buffer.from('The time\nmachine') });
    await eventually(t, () => count.isDisabled(), true, 'without the file there are no tokens');
    const file = page.getByLabel('Its tokenizer.json');
    await file.setInputFiles({ name: 'vocab.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await count.click();
    await page.getByText('it has no model').waitFor();
    t.equal(await file.getAttribute('aria-invalid'), 'true');
    await reports(t, /400/);
    await file.setInputFiles({ name: 'tokenizer.json', mimeType: 'application/json', buffer: json });
    await page.getByRole('button', { name: 'as curl' }).first().click();
    const command = page.locator('.command code').first();
    await eventuallyMatches(
      t,
      () => command.innerText(),
      /^curl -s -X PUT '.*sequences=line' -F 'tokenizer=@tokenizer\.json' -F 'file=@book\.txt'$/,
    );
    await count.click();
    await page.getByRole('heading', { name: 'book is counted' }).waitFor();
    t.match(await corpus('book'), { tokenizer: 'huggingface', tokenizer_sha256: /^[0-9a-f]{64}$/ });
    await check(t);
  });

  await t.test('samples are texts, which have neither', async (t) => {
    await open('start?tokenizer=ids');
    const tokens = page.getByLabel('Tokens');
    await eventually(t, () => tokens.inputValue(), 'word');
    const options = await tokens.locator('option').allInnerTexts();
    t.notOk(options.some((option) => /ids|tokenizer\.json/.test(option)));
    await check(t);
  });
});
