import t from 'tap';
import { measures, measuresOf } from '../../src/analysis/association.ts';

/** The size of the corpus of Manning & Schütze's chapter 5, the New York Times newswire. */
const total = 14_307_668;

t.test('pmi is that of Manning & Schütze 1999, table 5.14', async (t) => {
  for (const [first, second, joint, bits] of [
    [42, 20, 20, 18.38],
    [41, 27, 20, 17.98],
    [30, 117, 20, 16.31],
    [77, 59, 20, 15.94],
    [24, 320, 20, 15.19],
    [14_907, 9017, 20, 1.09],
    [13_484, 10_570, 20, 1.01],
    [14_734, 13_478, 20, 0.53],
    [14_093, 14_776, 20, 0.46],
    [15_019, 15_629, 20, 0.29],
  ]) {
    t.equal(Math.round(measures.pmi({ joint, single: [first, second], total }) * 100) / 100, bits);
  }
});

t.test('t is that of Manning & Schütze 1999, table 5.6 and section 5.3.1', async (t) => {
  for (const [first, second, joint, value] of [
    [42, 20, 20, 4.4721],
    [41, 27, 20, 4.4721],
    [30, 117, 20, 4.472],
    [77, 59, 20, 4.472],
    [24, 320, 20, 4.472],
    [14_907, 9017, 20, 2.3714],
    [13_484, 10_570, 20, 2.2446],
    [14_734, 13_478, 20, 1.3685],
    [14_093, 14_776, 20, 1.2176],
    [15_019, 15_629, 20, 0.8036],
    [15_828, 4675, 8, 0.9999],
  ]) {
    // The book's digits are cut off, not rounded.
    t.equal(Math.floor(measures.t({ joint, single: [first, second], total }) * 1e4) / 1e4, value);
  }
});

t.test('log-likelihood is that of Dunning 1993, table 1', async (t) => {
  // −2 log λ, and the four cells of the table of two words.
  for (const [value, both, onlyFirst, onlySecond, neither] of [
    [270.72, 110, 2442, 111, 29_114],
    [263.9, 29, 13, 123, 31_612],
    [256.84, 31, 23, 139, 31_584],
    [167.23, 10, 0, 3, 31_764],
    [157.21, 76, 104, 2476, 29_121],
  ]) {
    const counts = {
      joint: both,
      single: [both + onlyFirst, both + onlySecond],
      total: both + onlyFirst + onlySecond + neither,
    };
    t.equal(Math.round(measures.log_likelihood(counts) * 100) / 100, value);
  }
});

t.test('dice is the share of the occurrences of two words that are together', async (t) => {
  t.equal(measures.dice({ joint: 20, single: [42, 20], total }), 40 / 62);
  t.equal(measures.dice({ joint: 5, single: [5, 5], total }), 1);
});

t.test('of three words there are pmi and t, as NLTK generalises them', async (t) => {
  const { pmi, ...others } = measuresOf({ joint: 4, single: [8, 16, 32], total: 1024 });
  t.equal(pmi, Math.log2((4 * 1024 ** 2) / (8 * 16 * 32)));
  t.same(others, { t: (4 - (8 * 16 * 32) / 1024 ** 2) / 2 });
});

t.test('words that follow themselves in a tiny corpus have values', async (t) => {
  const values = Object.values(measuresOf({ joint: 1, single: [2, 2], total: 2 }));
  t.equal(values.length, 4);
  t.ok(values.every(Number.isFinite));
});
