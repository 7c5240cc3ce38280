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
    description: 'How many uploads may be under way at once',
  }),
  INGEST_MEMORY_BYTES: Type.Integer({
    minimum: 0,
    default: 2 ** 30,
    description: 'Memory for the distinct tokens of all uploads under way, in bytes',
  }),
  MAX_BULK: Type.Integer({
    minimum: 1,
    default: 100,
    description: 'How many requests that score, generate, tune or write ARPA files may be under way at once',
  }),
  MAX_CORPORA: Type.Integer({ minimum: 0, default: 10_000, description: 'How many corpora there may be' }),
  MIN_FREE_DISK_BYTES: Type.Integer({
    minimum: 0,
    default: 256 * 2 ** 20,
    description: 'Disk space that uploads leave free, in bytes; 0 to check nothing',
  }),
  IDLE_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 60_000,
    description: 'How long a client may stop in the middle of sending or reading',
  }),
  MAX_EVENT_LOOP_DELAY_MS: Type.Integer({
    minimum: 0,
    default: 1000,
    description: 'How late the event loop may be before requests are refused; 0 for any',
  }),
  MAX_RSS_BYTES: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'Memory of the process from which on requests are refused, in bytes; 0 for any',
  }),
  INDEX_MEMORY_BYTES: Type.Integer({
    minimum: 0,
    default: 2 ** 30,
    description: 'Memory for the indexes of corpora, in bytes; those asked least recently are evicted',
  }),
  INDEX_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: 'How long a question that needs an index in memory waits for it',
  }),
  SHUTDOWN_DELAY_MS: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'How long requests are still taken when the service is told to stop, while /readyz says so',
  }),
  SHUTDOWN_TIMEOUT_MS: Type.Integer({
    minimum: 0,
    default: 30_000,
    description: 'How long answers and ingests under way may take when the service is told to stop',
  }),
  API_KEYS: Type.Optional(Type.String({ description: 'The keys, as `parseApiKeys` reads them' })),
  ALLOW_ANONYMOUS: Type.Optional(
    Type.Enum(['read', 'write'], { description: 'The scope of callers without a key' }),
  ),
  RATE_LIMIT: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'Requests a minute of a key or, without one, of an address; 0 for any number',
  }),
  TRUST_PROXY: Type.Optional(
    Type.String({ description: 'The addresses of proxies whose X-Forwarded-For is believed' }),
  ),
  CORS_ORIGINS: Type.Optional(
    Type.String({ description: 'The origins whose pages may call the service, or `*`' }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'Where traces are sent, as OTLP over HTTP' }),
  ),
});

/** The service's settings, from the environment. */
export interface Config
  extends Omit<Static<typeof ConfigSchema>, 'API_KEYS' | 'TRUST_PROXY' | 'CORS_ORIGINS'> {
  API_KEYS: ApiKey[];
  TRUST_PROXY: string[];
  CORS_ORIGINS: string[];
}

/** Reads the settings. Throws an error that names each wrong one, and shows no secret. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const settings = envSchema<Static<typeof ConfigSchema>>({
    schema: ConfigSchema,
    data: { ...environment },
    env: false,
  });
  const list = <Item>(name: 'API_KEYS' | 'TRUST_PROXY' | 'CORS_ORIGINS', parse: (list: string) => Item[]) => {
    const value = settings[name];
    try {
      return value === undefined ? [] : parse(value);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  };
  const config = {
    ...settings,
    API_KEYS: list('API_KEYS', parseApiKeys),
    TRUST_PROXY: list('TRUST_PROXY', parseProxies),
    CORS_ORIGINS: list('CORS_ORIGINS', parseOrigins),
  };
  if (config.API_KEYS.length === 0 && config.ALLOW_ANONYMOUS === undefined && !isLoopback(config.HOST)) {
    throw new Error(
      `HOST: ${config.HOST} can be reached from other machines, and there are no keys. Set API_KEYS, or ALLOW_ANONYMOUS=read or =write if everyone who reaches the service may do that, or HOST=127.0.0.1.`,
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
      throw new Error(`${JSON.stringify(origin)} is no origin, such as https://example.org, and not *`);
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
