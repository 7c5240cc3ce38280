import fc from 'fast-check';
import t from 'tap';
import { type Keys, keyBits, roomForKeys, sortKeys } from '../../src/ingest/counting/radix-sort.ts';

const part = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: 0n, max: 2n ** BigInt(keyBits) - 1n }),
  fc.constantFrom(2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 52n, 2n ** BigInt(keyBits) - 1n),
);

const keyOf = ({ halves }: Keys, i: number) => BigInt(halves[2 * i + 1]) * 2n ** 32n + BigInt(halves[2 * i]);

for (const hasValues of [false, true]) {
  t.test(
    `keys ${hasValues ? 'and their values' : 'alone'} are sorted by their lowest bits, equal ones in order`,
    async (t) => {
      const plan = fc.record({
        keys: fc.array(part, { minLength: 1, maxLength: 3000, size: 'max' }),
        bits: fc.integer({ min: 1, max: keyBits }),
        before: fc.nat(3),
        after: fc.nat(3),
      });
      fc.assert(
        fc.property(plan, ({ keys, bits, ...around }) => {
          const before = Math.min(around.before, keys.length - 1);
          const to = Math.max(before + 1, keys.length - around.after);
          const room = roomForKeys(keys.length, hasValues);
          for (const [i, key] of keys.entries()) {
            room.halves[2 * i] = Number(key % 2n ** 32n);
            room.halves[2 * i + 1] = Number(key / 2n ** 32n);
            if (room.values !== undefined) room.values[i] = i;
          }
          sortKeys(room, roomForKeys(keys.length, hasValues), before, to, bits);
          const low = (i: number) => keys[i] % 2n ** BigInt(bits);
          const sorted = [...keys.keys()].slice(before, to).sort((a, b) => Number(low(a) - low(b)) || a - b);
          const order = [...keys.keys()];
          order.splice(before, to - before, ...sorted);
          t.ok(order.every((from, i) => keyOf(room, i) === keys[from]));
          if (room.values !== undefined) t.strictSame([...room.values], order);
        }),
        { numRuns: 50 },
      );
    },
  );
}
