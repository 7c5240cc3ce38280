import { Type } from 'typebox';

export const BackupAnswer = Type.Object(
  {
    file: Type.String({ description: 'Its path below the data folder' }),
    corpus: Type.String(),
    version: Type.Integer({ description: "The corpus's version that it holds" }),
    bytes: Type.Integer({ description: 'Size of the file' }),
    sha256: Type.String({ description: 'Of the file' }),
    created_at: Type.String({ format: 'date-time' }),
  },
  { description: 'The backup, which is on disk' },
);
