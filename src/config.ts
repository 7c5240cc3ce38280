import { BlockList, isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { envSchema } from 'env-schema';
import { type Static, Type } from 'typebox';
import { type ApiKey, parseApiKeys } from './access/api-keys.ts';

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
  MAX_INGESTS: Type.Integer({
    minimum: 1,
    default: 100,
    description: 'Maximum number of concurrent uploads',
  }),
  INGEST_MEMORY_BYTES: Type.Integer({
    minimum: 0,
    default: 2 ** 30,
    description: 'Memory for the distinct tokens of all uploads in progress, in bytes',
  }),
  MAX_BULK: Type.Integer({
    minimum: 1,
    default: 100,
    description:
      'Maximum number of concurrent requests that score, generate, complete, tune, or write ARPA files or CSV',
  }),
  MAX_CORPORA: Type.Integer({ minimum: 0, default: 10_000, description: 'Maximum number of corpora' }),
  MIN_FREE_DISK_BYTES: Type.Integer({
    minimum: 0,
    default: 256 * 2 ** 20,
    description: 'Disk space that uploads must leave free, in bytes; 0 disables the check',
  }),
  IDLE_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 60_000,
    description: 'How long a client may pause while sending or reading before it is disconnected',
  }),
  MAX_EVENT_LOOP_DELAY_MS: Type.Integer({
    minimum: 0,
    default: 1000,
    description: 'Event-loop delay above which requests are refused; 0 disables the check',
  }),
  MAX_RSS_BYTES: Type.Integer({
    minimum: 0,
    default: 0,
    description:
      'Resident memory of the process above which requests are refused, in bytes; 0 disables the check',
  }),
  INDEX_MEMORY_BYTES: Type.Integer({
    minimum: 0,
    default: 2 ** 30,
    description: 'Memory budget for in-memory indexes, in bytes; the least recently used are evicted',
  }),
  INDEX_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: 'How long a question that requires an in-memory index waits for it',
  }),
  SHUTDOWN_DELAY_MS: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'How long requests are still accepted after the signal to stop, while /readyz answers 503',
  }),
  SHUTDOWN_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    default: 30_000,
    description: 'Time allowed after the signal to stop for work in progress',
  }),
  API_KEYS: Type.Optional(Type.String({ description: 'The keys, as `parseApiKeys` reads them' })),
  ALLOW_ANONYMOUS: Type.Optional(
    Type.Enum(['read', 'write'], { description: 'The scope of callers without a key' }),
  ),
  RATE_LIMIT: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'Requests per minute per key, or per address without a key; 0 disables the limit',
  }),
  TRUST_PROXY: Type.Optional(
    Type.String({ description: 'The addresses of proxies whose X-Forwarded-For is trusted' }),
  ),
  CORS_ORIGINS: Type.Optional(
    Type.String({ description: 'The origins whose pages may call the service, or `*`' }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'Where traces are sent, as OTLP over HTTP' }),
  ),
});

/** A setting: the environment variable, what it means, and its default as a string. */
export interface Setting {
  name: string;
  description: string;
  default: string | undefined;
}

/** All settings, in the order of the documentation. */
export const settings: Setting[] = Object.entries(ConfigSchema.properties).map(([name, schema]) => {
  const { description, default: value } = schema as unknown as { description: string; default?: unknown };
  return { name, description, default: value === undefined ? undefined : String(value) };
});

/** The service's settings, from the environment. */
export interface Config
  extends Omit<Static<typeof ConfigSchema>, 'API_KEYS' | 'TRUST_PROXY' | 'CORS_ORIGINS'> {
  API_KEYS: ApiKey[];
  TRUST_PROXY: string[];
  CORS_ORIGINS: string[];
}

/** Reads the settings. Throws an error that names each invalid one and contains no secret. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const read = envSchema<Static<typeof ConfigSchema>>({
    schema: ConfigSchema,
    data: { ...environment },
    env: false,
  });
  const list = <Item>(name: 'API_KEYS' | 'TRUST_PROXY' | 'CORS_ORIGINS', parse: (list: string) => Item[]) => {
    const value = read[name];
    try {
      return value === undefined ? [] : parse(value);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  };
  const config = {
    ...read,
    API_KEYS: list('API_KEYS', parseApiKeys),
    TRUST_PROXY: list('TRUST_PROXY', parseProxies),
    CORS_ORIGINS: list('CORS_ORIGINS', parseOrigins),
  };
  if (config.API_KEYS.length === 0 && config.ALLOW_ANONYMOUS === undefined && !isLoopback(config.HOST)) {
    throw new Error(
      `HOST: ${config.HOST} can be reached from other machines, and there are no keys. Set API_KEYS, or ALLOW_ANONYMOUS=read or =write if everyone who can reach the service may do that, or HOST=127.0.0.1.`,
    );
  }
  return config;
}

function parseProxies(list: string): string[] {
  const addresses = list.split(',').map((address) => address.trim());
  proxyAddr.compile(addresses);
  return addresses;
}

function parseOrigins(list: string): string[] {
  const origins = list.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (origin !== '*' && (!URL.canParse(origin) || new URL(origin).origin !== origin)) {
      throw new Error(`${JSON.stringify(origin)} is neither an origin, such as https://example.org, nor *`);
    }
  }
  return origins;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
