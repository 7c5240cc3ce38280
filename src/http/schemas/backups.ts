import { Type } from 'typebox';
import { CorpusAnswer, CorpusName, corpusName } from './corpora.ts';
import { defaulted, jsonResponse, textBody } from './fields.ts';
import { JobSchema } from './jobs.ts';
import { pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';

export const BackupPath = Type.Object({
  corpus: CorpusName,
  backup: Type.String({
    pattern: '^\\d{1,16}-\\d{8}T\\d{9}Z(-scheduled)?$',
    description: 'The `name` of a backup, as in the list',
    examples: ['7-20261123T211420843Z'],
  }),
});

export const BackupSchema = Type.Object(
  {
    corpus: Type.String({ description: 'The corpus that was copied, which may have been deleted since' }),
    name: Type.String({ description: "Unique among the corpus's backups" }),
    version: Type.Integer({ description: 'The version of the corpus in it' }),
    bytes: Type.Integer({ description: 'Size of the file' }),
    sha256: Type.Optional(
      Type.String({ description: 'Of the file; absent if the file was put in the folder by hand' }),
    ),
    scheduled: Type.Boolean({ description: 'Whether the schedule made it, and deletes it' }),
    file: Type.String({ description: 'Its path below the data folder' }),
    created_at: Type.String({ format: 'date-time' }),
  },
  { title: 'Backup', description: 'A copy of a corpus at one version' },
);

export const BackupList = pageOrTable(pageSchema('BackupsPage', BackupSchema, {}), columns.backups);

export const CreatedBackup = {
  ...jsonResponse('The backup, which is on disk', BackupSchema),
  headers: { Location: { type: 'string', description: 'The URL of the backup' } },
};

const replace = defaulted(
  Type.Boolean({
    default: false,
    description: 'Whether a corpus of this name is replaced; otherwise that is a 409',
  }),
);

export const RestoreQuery = Type.Object(
  {
    to: Type.Optional(
      Type.String({
        pattern: corpusName,
        description: 'The name of the restored corpus; that of the backup if omitted',
        examples: ['restored'],
      }),
    ),
    replace,
  },
  { additionalProperties: false },
);

export const RestoreFileQuery = Type.Object(
  {
    sha256: Type.String({
      pattern: '^[0-9A-Fa-f]{64}$',
      description: 'The SHA-256 of the file, which is checked before anything is changed',
      examples: ['0'.repeat(64)],
    }),
    replace,
  },
  { additionalProperties: false },
);

export const ReplacedCorpus = { ...CorpusAnswer, description: 'The corpus, which has replaced another one' };

export const BegunBackups = {
  ...jsonResponse('The job that makes the backups', JobSchema),
  headers: { Location: { type: 'string', description: 'The URL of the job' } },
};

/** The media type of SQLite files. */
export const backupType = 'application/vnd.sqlite3';

export const BackupHeaders = Type.Object({
  range: Type.Optional(Type.String({ description: 'The part that is wanted, such as `bytes=1048576-`' })),
  'if-range': Type.Optional(
    Type.String({
      description: 'The `ETag` of the file that the range belongs to; of another one, all is sent',
    }),
  ),
  'if-none-match': Type.Optional(Type.String({ description: 'The `ETag` of the file that the caller has' })),
});

const text = (description: string) => ({ type: 'string', description });
const fileHeaders = {
  ETag: text('The SHA-256 of the whole file, in hexadecimal and in quotes'),
  'Repr-Digest': text('The SHA-256 of the whole file, as RFC 9530 writes it'),
  'Content-Disposition': text('With a name for the file'),
};

export const BackupFile = {
  description: 'The file',
  headers: fileHeaders,
  content: { [backupType]: textBody('A corpus file', { format: 'binary' }) },
};
export const BackupPart = {
  ...BackupFile,
  description: 'The requested part of the file',
  headers: { ...fileHeaders, 'Content-Range': text('The positions of the part, and the size of the file') },
};

/** The body that carries a file. */
export const backupBody = {
  content: {
    [backupType]: textBody('The file of a backup'),
    'application/octet-stream': textBody('The file of a backup'),
  },
};
