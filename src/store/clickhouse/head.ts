import { initialTokens } from '../../text/reserved.ts';
import type { CorpusSettings, CorpusSummary } from '../corpus.ts';
import type { CorpusHistory } from '../store.ts';
import type { Queries } from './postgres.ts';
import type { SummedRuns } from './summed-runs.ts';

/** A corpus at one revision: its row, and the runs that make up its counts. */
export interface Head extends SummedRuns {
  readonly id: number;
  readonly settings: CorpusSettings;
  /** The number of changes that added or removed documents, and of all changes. */
  readonly version: number;
  readonly revision: number;
  readonly documents: number;
  readonly createdDocuments: number;
  readonly lastOrdinal: number;
  readonly tokens: number;
  /** The first free id of a token. */
  readonly tokenIds: number;
  readonly bytes: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was read, in seconds since 1970 by PostgreSQL's clock. */
  readonly since: number;
}

type HeadRow = Omit<Head, 'settings' | 'runs' | 'base'> & {
  settings: string;
  runs: number[] | null;
  base: number | null;
};

/** Reads the head of the corpus of a name, or of an id; one that is removed has none. */
export async function readHead(
  queries: Queries,
  by: 'name' | 'id',
  value: string | number,
): Promise<Head | undefined> {
  const row = await queries.row<HeadRow>(
    {
      name: `head by ${by}`,
      text: `SELECT id, settings, version, revision, documents, created_documents AS "createdDocuments",
         last_ordinal AS "lastOrdinal", tokens, token_ids AS "tokenIds", bytes, created_at AS "createdAt",
         updated_at AS "updatedAt", extract(epoch FROM now())::float8 AS since,
         (SELECT array_agg(runs.id::float8 ORDER BY runs.id) FROM runs WHERE corpus = corpora.id AND runs.state = 'live') AS runs,
         (SELECT runs.id::float8 FROM runs WHERE corpus = corpora.id AND runs.state = 'live' AND is_plain
            ORDER BY ngrams DESC, runs.id LIMIT 1) AS base
       FROM corpora WHERE ${by} = $1 AND state = 'live'`,
    },
    [value],
  );
  return (
    row && { ...row, settings: JSON.parse(row.settings), runs: row.runs ?? [], base: row.base ?? undefined }
  );
}

/** The head of a corpus that is being created. */
export function headOfNew(id: number, settings: CorpusSettings, now: string): Head {
  return {
    id,
    settings,
    version: 0,
    revision: 0,
    documents: 0,
    createdDocuments: 0,
    lastOrdinal: 0,
    tokens: 0,
    tokenIds: initialTokens(settings).length,
    bytes: 0,
    createdAt: now,
    updatedAt: now,
    runs: [],
    base: undefined,
    since: 0,
  };
}

/** The corpus as its readers see it; `ngrams` are the numbers of its n-grams. */
export function summaryOf(
  { settings, version, documents, tokens, tokenIds, bytes, createdAt, updatedAt }: Head,
  ngrams: CorpusSummary['ngrams'],
): CorpusSummary {
  const vocabularySize = ngrams[0].distinct;
  return {
    ...settings,
    version,
    documents,
    tokens,
    vocabularySize,
    tokenIds,
    ngrams,
    bytes,
    createdAt,
    updatedAt,
  };
}

/** The history of a corpus. */
export function historyOf({
  version,
  createdAt,
  updatedAt,
  createdDocuments,
  lastOrdinal,
}: Head): CorpusHistory {
  return { version, createdAt, updatedAt, createdDocuments, lastOrdinal };
}

/** Writes the row of a corpus that was created. */
export async function addHead(queries: Queries, name: string, head: Head): Promise<void> {
  const {
    id,
    settings,
    version,
    revision,
    documents,
    createdDocuments,
    lastOrdinal,
    tokens,
    tokenIds,
    bytes,
    createdAt,
    updatedAt,
  } = head;
  await queries.rows(
    `INSERT INTO corpora (id, name, state, settings, version, revision, documents, created_documents, last_ordinal, tokens,
       token_ids, bytes, created_at, updated_at)
     VALUES ($1, $2, 'live', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      name,
      JSON.stringify(settings),
      version,
      revision,
      documents,
      createdDocuments,
      lastOrdinal,
      tokens,
      tokenIds,
      bytes,
      createdAt,
      updatedAt,
    ],
  );
}

/** Writes the row of a corpus that was changed. */
export async function updateHead(queries: Queries, head: Head): Promise<void> {
  const { id, version, revision, documents, lastOrdinal, tokens, tokenIds, bytes, updatedAt } = head;
  await queries.rows(
    `UPDATE corpora SET version = $2, revision = $3, documents = $4, last_ordinal = $5, tokens = $6, token_ids = $7,
       bytes = $8, updated_at = $9 WHERE id = $1`,
    [id, version, revision, documents, lastOrdinal, tokens, tokenIds, bytes, updatedAt],
  );
}
