import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { browserTest } from './browser.ts';
import { upload, visit } from './visit.ts';
import { eventually, eventuallyMatches } from './waiting.ts';

const clients = fileURLToPath(new URL('../../clients/python', import.meta.url));

const hasNumpy = (() => {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const text = Array.from({ length: 200 }, (_, i) => `${'abcdefgh'[i % 7]}${'xyz'[i % 3]}`).join(' ');

t.test('minibatches', browserTest, async (t) => {
  const { address, page, open, view, reports, check } = await visit(t);
  await upload(address, 'book', text);
  const panel = (name: string) => page.getByRole('region', { name, exact: true });

  /** The tokens of a block of the first minibatch of a panel, by row. */
  const block = async (title: string, name: 'x' | 'y') => {
    const grids = panel(`${title}, minibatch 0`);
    await grids.waitFor();
    const body = grids.locator('tbody').nth(name === 'x' ? 0 : 1);
    return Promise.all((await body.locator('tr').all()).map((row) => row.locator('td').allInnerTexts()));
  };

  await t.test('x and y of both strategies are those of the service, and y is x shifted', async (t) => {
    await open('minibatches?corpus=book&batch_size=3&num_steps=4&seed=7');
    for (const [title, strategy] of [
      ['Random sampling', 'random'],
      ['Sequential partitioning', 'sequential'],
    ]) {
      const query = `strategy=${strategy}&batch_size=3&num_steps=4&seed=7&as=tokens&limit=1`;
      const answer = await fetch(`${address}/v1/corpora/book/batches?${query}`);
      const { batches } = (await answer.json()) as { batches: [{ x: string[][]; y: string[][] }] };
      const [{ x, y }] = batches;
      await eventually(t, () => block(title, 'x'), x, `x, ${strategy}`);
      await eventually(t, () => block(title, 'y'), y, `y, ${strategy}`);
      t.same(
        y.map((row) => row.slice(0, -1)),
        x.map((row) => row.slice(1)),
      );
      const marks = panel(`${title}, minibatch 0`);
      t.same(
        await marks.locator('td.new').allInnerTexts(),
        y.map((row) => row.at(-1)),
      );
      t.same(
        await marks.locator('td.only').allInnerTexts(),
        x.map((row) => row[0]),
      );
    }
    await check(t);
  });

  await t.test('the sizes are in the URL, and ids are shown instead of tokens', async (t) => {
    await open('minibatches?corpus=book');
    await page.getByLabel('Batch size').fill('4');
    await page.getByLabel('Steps').fill('6');
    await page.getByLabel('Ids').check();
    await eventuallyMatches(t, view, /batch_size=4&num_steps=6&as=ids/);
    const rows = Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => /^\d+$/));
    await eventuallyMatches(t, () => block('Random sampling', 'x'), rows);
    t.equal((await block('Random sampling', 'x'))[0].length, 6);
    await check(t);
  });

  await t.test('what is wrong with a size is said at its field', async (t) => {
    await open('minibatches?corpus=book&num_steps=0');
    const field = page.getByLabel('Steps');
    await page.locator('input[aria-invalid=true]').waitFor();
    const about = await field.getAttribute('aria-describedby');
    await eventuallyMatches(t, () => page.locator(`[id="${about}"]`).innerText(), /1/);
    await reports(t, /400/);
    await check(t);
  });

  await t.test('the minibatches are saved as CSV', async (t) => {
    await open('minibatches?corpus=book&batch_size=2&num_steps=3');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /as CSV.*Sequential/ }).click();
    const stream = await (await saving).createReadStream();
    const lines = (await stream.toArray()).join('').split('\r\n');
    t.equal(lines[0], 'batch,block,row,step_0,step_1,step_2');
    const x = await block('Sequential partitioning', 'x');
    t.equal(lines[1], `0,x,0,${x[0].join(',')}`);
    t.equal(lines.length, 1 + 2 * 2 * 2 + 1);
  });

  const skip = hasNumpy ? false : 'Python with NumPy is not installed';
  await t.test('the lines of Python read the minibatches that are shown', { skip }, async (t) => {
    await open('minibatches?corpus=book&batch_size=3&num_steps=4&seed=7&epoch=2&as=ids&loader=sequential');
    const shown = await block('Sequential partitioning', 'x');
    const program = await page.locator('pre.code').innerText();
    const source = program.replace('    ...', '    print(x.tolist())\n    break');
    const { stdout } = await promisify(execFile)('python3', ['-c', source], {
      env: { ...process.env, PYTHONPATH: clients, PYTHONDONTWRITEBYTECODE: '1' },
    });
    t.same(
      JSON.parse(stdout),
      shown.map((row) => row.map(Number)),
    );
    t.match(program, /embedding_rows = len\(data_iter\.vocab\) {4}# 22/);
  });
});
