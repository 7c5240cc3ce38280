import type { CorpusSettings, CorpusSummary } from '../corpus.ts';
import type { Connection } from './database.ts';

/** The columns of `documents` that make a `DocumentSummary`. */
export const documentColumns = 'id, tokens, bytes, sha256, version, created_at AS createdAt';

/** Reads what a corpus is now. */
export function readSummary(connection: Connection): CorpusSummary {
  const row = connection
    .prepare(
      `SELECT tokenizer, max_order AS "order", sequences, version, (SELECT count(*) FROM documents) AS documents,
         tokens, bytes, created_at AS createdAt, updated_at AS updatedAt FROM corpus`,
    )
    .get() as CorpusSettings & Omit<CorpusSummary, 'vocabularySize' | 'ngrams'>;
  const counted = connection
    .prepare(
      'SELECT n AS "order", sum(ngrams) AS "distinct", sum(count * ngrams) AS total FROM counts_of_counts GROUP BY n',
    )
    .all() as CorpusSummary['ngrams'];
  const ngrams = Array.from(
    { length: row.order },
    (_, i) => counted.find(({ order }) => order === i + 1) ?? { order: i + 1, distinct: 0, total: 0 },
  );
  return { ...row, vocabularySize: ngrams[0].distinct, ngrams };
}
