import t, { type Test } from 'tap';
import { type EstimatorName, estimatorNames, readsAdjustedCounts } from '../../src/estimators/catalogue.ts';
import { type TokenId, UNSEEN } from '../../src/index/count-index.ts';
import { topContinuations } from '../../src/model/continuations.ts';
import type { CountModel } from '../../src/model/count-model.ts';
import { corpusOf } from './models.ts';

const text = 'a b c a b d e\na c a b e f\ng a b c c\nb h\na b i j k\na b c a <unk> d';

/** Every context of up to two of some ids, with every word of them. */
function everyPlace(ids: readonly TokenId[]) {
  const contexts = [
    [],
    ...ids.map((id) => [id]),
    ...ids.flatMap((first) => ids.map((second) => [first, second])),
  ];
  return contexts.flatMap((context) => ids.map((word) => ({ context, word })));
}

/** Holds `scorePlaces` of a model against one question for each place. */
async function checkPlaces(t: Test, estimator: EstimatorName, model: CountModel) {
  const places = everyPlace([UNSEEN, 0, 3, 4, 5, 9]);
  const scored = await model.scorePlaces(places, 4);
  for (const [i, { context, word }] of places.entries()) {
    const reading = model.estimator.reads(context.length + 1);
    const index = await model.counts.prepare({ levels: [{ context, word, reading }] });
    const probability = model.estimator.probability(index.levels(context, word, reading));
    const { counts } = model;
    const best = await topContinuations(model.estimator, counts, context, { k: 4 });
    t.same(scored[i], { probability, best }, `${estimator}: ${word} after ${context}`);
    const same = best.find((one) => one.word === word);
    if (same !== undefined) t.equal(scored[i].probability, same.probability, 'the same double');
  }
}

for (const sequences of ['document', 'line'] as const) {
  const corpus = corpusOf(t, [text], { sequences });
  t.test(
    `the places of a text are scored as one by one, in a corpus of sequences=${sequences}`,
    async (t) => {
      for (const estimator of estimatorNames) {
        await corpus.ask(estimator, (model) => checkPlaces(t, estimator, model));
        if (readsAdjustedCounts(estimator)) continue;
        await corpus.askStore(estimator, (model) => checkPlaces(t, estimator, model));
      }
    },
  );
}

t.test(
  'more places than are read at a time are scored in their order, with a checkpoint in between',
  async (t) => {
    await corpusOf(t, [text]).ask('modified-kneser-ney', async (model) => {
      const some = everyPlace([1, 2, 3, 4, 5, 6, 7]);
      const places = [...some, ...some, ...some];
      let checkpoints = 0;
      const scored = await model.scorePlaces(places, 1, () => checkpoints++);
      t.equal(scored.length, places.length);
      t.same(scored.slice(-some.length), scored.slice(0, some.length));
      t.ok(checkpoints > 1);
    });
  },
);
