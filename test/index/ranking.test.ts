import t from 'tap';
import { RankingMemory, rankContinuations } from '../../src/index/ranking.ts';

/** A list of so many words, of 8 bytes each. */
const list = (length: number) => {
  const words = Array.from({ length }, (_, i) => i);
  return rankContinuations(
    { order: 1, contextCount: length },
    words,
    words.map(() => 1),
    () => 1,
  );
};

t.test(
  'lists are kept within the memory of all indexes together; those asked least lately go first',
  async (t) => {
    const memory = new RankingMemory(40_000);
    const [one, other] = [memory.cache(), memory.cache()];
    let ranked = 0;
    const ask = (cache: typeof one, key: string, length: number) =>
      cache.get(key, () => {
        ranked++;
        return list(length);
      });
    for (const cache of [one, other, other, one]) ask(cache, 'key', 1000);
    t.equal(ranked, 2, 'each index has lists of its own');
    t.ok(memory.bytes >= 2 * 8000 && memory.bytes < 2 * 9000);
    ask(one, 'large', 3000);
    ask(one, 'key', 1000);
    t.equal(ranked, 3, 'one of the three made room: that of the other index');
    ask(other, 'key', 1000);
    t.equal(ranked, 4);
  },
);

t.test('a list larger than the memory for all is kept alone, and not ranked for each question', async (t) => {
  const memory = new RankingMemory(1000);
  const cache = memory.cache();
  let ranked = 0;
  for (let asked = 0; asked < 3; asked++) {
    cache.get('large', () => {
      ranked++;
      return list(10_000);
    });
  }
  t.equal(ranked, 1);
  cache.get('small', () => list(1));
  cache.get('large', () => {
    ranked++;
    return list(10_000);
  });
  t.equal(ranked, 2, 'until there is another');
});

t.test('an index that is let go takes its lists along, and no others', async (t) => {
  const memory = new RankingMemory();
  const [one, other] = [memory.cache(), memory.cache()];
  for (const cache of [one, other]) cache.get('key', () => list(100));
  const { bytes } = memory;
  one.clear();
  t.equal(memory.bytes, bytes / 2);
  other.get('key', () => t.fail('it is there') as never);
});
