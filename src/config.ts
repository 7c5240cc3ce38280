import { type Static, Type } from '@fastify/type-provider-typebox';
import { envSchema } from 'env-schema';

const ConfigSchema = Type.Object({
  HOST: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000, description: 'Port to listen on' }),
  DATA_DIR: Type.String({ minLength: 1, default: './data', description: 'Folder of the corpus files' }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'The least severe log lines that are written',
  }),
  MAX_UPLOAD_BYTES: Type.Integer({
    minimum: 1,
    default: 16 * 2 ** 30,
    description: 'Largest upload, after decompression, in bytes',
  }),
  INDEX_MEMORY_BYTES: Type.Integer({
    minimum: 0,
    default: 2 ** 30,
    description: 'Memory for the indexes of corpora, in bytes; those asked least recently make room',
  }),
  INDEX_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: 'How long a question that needs an index in memory waits for it',
  }),
  SHUTDOWN_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    default: 30_000,
    description: 'How long answers and ingests under way may take when the service is told to stop',
  }),
});

/** The service's settings, from the environment. */
export type Config = Static<typeof ConfigSchema>;

/** Reads the settings. Throws an error that names each wrong one. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  return envSchema<Config>({ schema: ConfigSchema, data: { ...environment }, env: false });
}
