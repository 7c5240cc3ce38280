import t from 'tap';
import { inOneTurn, leaveTurn, spend, TooLong } from '../../src/platform/turn.ts';

function work(times: number): string {
  for (let i = 0; i < times; i++) spend(1000);
  return 'done';
}

/** The same question, interrupted by other work. */
async function workInPieces(times: number): Promise<string> {
  for (let i = 0; i < times; i++) {
    await null;
    spend(1000);
  }
  return 'done';
}

for (const [kind, question] of Object.entries({ work, workInPieces })) {
  t.test(`${kind} that takes too long is abandoned, and each question has its own budget`, async (t) => {
    t.equal(await inOneTurn(() => question(20)), 'done');
    await t.rejects(async () => inOneTurn(() => question(21)), TooLong);
    t.equal(await inOneTurn(() => question(20)), 'done');
    t.equal(await question(1000), 'done', 'outside of a turn it may take any time');
  });
}

t.test('concurrent questions do not share a budget', async (t) => {
  const answers = [15, 20, 21, 5, 30].map((times) => inOneTurn(() => workInPieces(times)));
  const settled = await Promise.allSettled(answers);
  t.same(
    settled.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'rejected'],
  );
  for (const outcome of settled) if (outcome.status === 'rejected') t.type(outcome.reason, TooLong);
});

t.test('a question can leave the event loop before it begins, and goes on elsewhere', async (t) => {
  const question = () => {
    leaveTurn();
    return 'done';
  };
  await t.rejects(async () => inOneTurn(question), TooLong);
  t.equal(question(), 'done');
});
