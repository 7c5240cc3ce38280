import t from 'tap';
import { NONE } from '../../src/index/arpa/arpa-table.ts';
import { ContextFinder } from '../../src/ingest/arpa/context-finder.ts';
import { hashedTogether, NGramHashes } from '../../src/ingest/arpa/ngram-hashes.ts';

/** Calls `use` with the hashes of bigrams, whose words are given in two columns, some at a time. */
function hashed(columns: readonly Int32Array[], use: (hashes: NGramHashes, from: number) => void): void {
  const hashes = new NGramHashes();
  for (let from = 0; from < columns[0].length; from += hashedTogether) {
    hashes.begin(Math.min(hashedTogether, columns[0].length - from));
    for (const [place, column] of columns.entries()) hashes.add(place, column, from);
    hashes.hash();
    use(hashes, from);
  }
}

t.test('n-grams have the numbers in which they were inserted, also after the finder has grown', async (t) => {
  const size = 30_000;
  let taken = 0;
  let most = 0;
  const finder = new ContextFinder(size, 10, (bytes) => {
    taken += bytes;
    most = Math.max(most, taken);
  });
  const before = finder.bytes;
  const words = [
    Int32Array.from({ length: size }, (_, i) => i % 200),
    Int32Array.from({ length: size }, (_, i) => 70_000 + Math.floor(i / 200)),
  ];
  hashed(words, (hashes) => finder.insert(hashes));
  const numbers = new Int32Array(size);
  hashed(words, (hashes, from) => finder.find(hashes, numbers, from));
  t.same(
    numbers,
    Int32Array.from({ length: size }, (_, i) => i),
  );
  hashed(words.toReversed(), (hashes, from) => finder.find(hashes, numbers, from));
  t.ok(
    numbers.every((number) => number === NONE),
    'the same words in the other order are other n-grams',
  );
  t.ok(finder.bytes > before);
  t.equal(taken, finder.bytes, 'what was freed is given back');
  t.ok(most > finder.bytes, 'and both tables count while one is copied to the other');
});
