import t from 'tap';
import { cityHash64, Placement } from '../../../src/store/clickhouse/placement.ts';

t.test('hashes are those of ClickHouse', async (t) => {
  // SELECT cityHash64(toUInt32(…), …), with version 18.16
  const hashes: [number[], bigint][] = [
    [[0], 4761183170873013810n],
    [[1], 10577349846663553072n],
    [[4294967295], 9168733277332772950n],
    [[1, 2], 463667963421364848n],
    [[147, 0], 8886548544215198506n],
    [[4294967295, 4294967295], 11736462311731129247n],
  ];
  for (const [values, expected] of hashes) {
    const [high, low] = cityHash64(values);
    t.equal((BigInt(high) << 32n) + BigInt(low), expected, String(values));
  }
});

t.test('the shard is the hash modulo the number of shards', async (t) => {
  for (const words of [[1], [4294967295], [1, 2], [147, 0]]) {
    const [high, low] = cityHash64(words);
    const hash = (BigInt(high) << 32n) + BigInt(low);
    for (const shards of [1, 2, 3, 7, 1000])
      t.equal(new Placement(shards).shardOf(words), Number(hash % BigInt(shards)), `${words} of ${shards}`);
  }
});

t.test('n-grams that begin with the same word, or two from order 3 on, are on one shard', async (t) => {
  const placement = new Placement(3);
  for (const [first, second] of [
    [1, 2],
    [147, 3],
  ]) {
    const ofWord = [placement.shardOf([first])];
    t.same(placement.shardsOf(1, [first]), ofWord);
    t.same(placement.shardsOf(2, [first, second]), ofWord);
    t.same(placement.shardsOf(2, [first]), ofWord, 'a context of one word');
    const ofTwo = [placement.shardOf([first, second])];
    t.same(placement.shardsOf(3, [first, second, 9]), ofTwo);
    t.same(placement.shardsOf(3, [first, second]), ofTwo, 'a context of two words');
    t.same(placement.shardsOf(6, [first, second, 9, 9, 9]), ofTwo);
  }
  t.same(placement.shardsOf(1, []), [0, 1, 2], 'all words are on all shards');
});

t.test('ends of documents are placed by two words, of which the second can be missing', async (t) => {
  const placement = new Placement(3);
  for (const first of [1, 2, 3, 4, 5]) {
    t.equal(placement.shardOfEnds([first]), placement.shardOf([first, 0]));
    t.equal(placement.shardOfEnds([first, 9, 8]), placement.shardOf([first, 9]));
  }
});
