import fc from 'fast-check';
import t from 'tap';
import {
  isShort,
  isTwoBytes,
  numberLength,
  readNumber,
  readShort,
  writeNumber,
} from '../../src/ngrams/packed-number.ts';

/** The least number of each length, and the largest one. */
const bounds = [
  { least: 0, length: 1 },
  { least: 192, length: 2 },
  { least: 14_528, length: 3 },
  { least: 14_528 + 6 * 65_536, length: 5 },
  { least: 2 ** 32, length: 9 },
];

t.test('a number is read as it was written, and takes the bytes that its size needs', async (t) => {
  const around = bounds.flatMap(({ least }) => [least - 1, least, least + 1]).filter((value) => value >= 0);
  const values = fc.oneof(fc.constantFrom(...around, 2 ** 53 - 1), fc.nat(20_000), fc.maxSafeNat());
  fc.assert(
    fc.property(values, fc.nat(3), (value, at) => {
      const bytes = new Uint8Array(at + 9).fill(0xff);
      const end = writeNumber(bytes, at, value);
      const length = Math.max(...bounds.filter(({ least }) => least <= value).map(({ length }) => length));
      t.equal(end, at + length);
      t.equal(numberLength(bytes[at]), length);
      t.equal(readNumber(bytes, at), value);
      t.equal(isShort(bytes[at]), length <= 2);
      if (length <= 2) t.equal(readShort(bytes, at, isTwoBytes(bytes[at])), value);
    }),
  );
});
