import type { CorpusSettings, CorpusSummary } from '../corpus.ts';
import type { Connection } from './database.ts';

/** The columns of `documents` that make a `DocumentSummary`. */
export const documentColumns = 'id, tokens, bytes, sha256, version, created_at AS createdAt';

/** The columns of `corpus` that make `CorpusSettings`, for `settingsOf`. */
export const settingsColumns = 'tokenizer, max_order AS "order", sequences, locale';

/** The row, in which a NULL is no field. */
export function settingsOf<Row extends CorpusSettings>(row: Row): Row {
  const { locale, ...others } = row;
  return locale ? row : (others as Row);
}

/** Reads what a corpus is now. */
export function readSummary(connection: Connection): CorpusSummary {
  const row = connection
    .prepare(
      `SELECT ${settingsColumns}, version, (SELECT count(*) FROM documents) AS documents,
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
  return { ...settingsOf(row), vocabularySize: ngrams[0].distinct, ngrams };
}
