import type { Corpus } from '../../../clients/typescript/src/index.ts';
import type { CsvTable } from './csv.ts';

/** How many n-grams of each order a corpus has, as a file. */
export function ngramTotals({ name, ngrams }: Pick<Corpus, 'name' | 'ngrams'>): CsvTable {
  return {
    file: `${name}.orders.csv`,
    columns: ['order', 'distinct', 'total'],
    rows: () => ngrams.map(({ order, distinct, total }) => [order, distinct, total]),
  };
}
