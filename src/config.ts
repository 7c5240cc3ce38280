import { BlockList, isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { Cron } from 'croner';
import { envSchema } from 'env-schema';
import { type Static, Type } from 'typebox';
import { type ApiKey, parseApiKeys } from './access/api-keys.ts';
import type { StoreAddress } from './store/store.ts';

/** ClickHouse keeps the data of each corpus apart, and manages many small parts badly. */
const maxCorporaInCluster = 100;

const ConfigSchema = Type.Object({
  HOST: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000, description: 'Port to listen on' }),
  DATA_DIR: Type.String({ minLength: 1, default: './data', description: 'Folder of the corpus files' }),
  STORE: Type.Enum(['sqlite', 'clickhouse'], {
    default: 'sqlite',
    description: 'Where corpora are kept: in files of the data folder, or in ClickHouse and PostgreSQL',
  }),
  POSTGRES_URL: Type.Optional(
    Type.String({ description: 'PostgreSQL for STORE=clickhouse: postgres://user:password@host/database' }),
  ),
  CLICKHOUSE_URL: Type.Optional(
    Type.String({
      description: 'The ClickHouse servers for STORE=clickhouse: http://user:password@host:8123/database,…',
    }),
  ),
  CLICKHOUSE_CLUSTER: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_.-]+$',
      description: 'The name of the cluster in system.clusters, if ClickHouse has several servers',
    }),
  ),
  CLICKHOUSE_REPLICATED: Type.Boolean({
    default: false,
    description: 'Whether the tables of ClickHouse are replicated',
  }),
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
  MAX_CORPORA: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: `Maximum number of corpora; with STORE=clickhouse the default is ${maxCorporaInCluster}`,
  }),
  MIN_FREE_DISK_BYTES: Type.Integer({
    minimum: 0,
    default: 256 * 2 ** 20,
    description: 'Disk space that uploads must leave free, in bytes; 0 disables the check',
  }),
  BACKUP_SCHEDULE: Type.Optional(
    Type.String({
      description:
        'When all corpora are backed up: a cron expression, such as 30 3 * * *, in the local time zone',
    }),
  ),
  BACKUP_KEEP: Type.Integer({
    minimum: 0,
    default: 7,
    description: 'How many backups that the schedule made are kept of each corpus; 0 keeps all',
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
    description:
      'Requests per minute per key, or per address without a key, to each process; 0 disables the limit',
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
  extends Omit<Static<typeof ConfigSchema>, 'API_KEYS' | 'CLICKHOUSE_URL' | 'TRUST_PROXY' | 'CORS_ORIGINS'> {
  /** The servers, of which any may be asked; none with STORE=sqlite. */
  CLICKHOUSE_URL: string[];
  API_KEYS: ApiKey[];
  TRUST_PROXY: string[];
  CORS_ORIGINS: string[];
}

/** The settings that say where corpora are kept, and how many. */
export type StoreConfig = Pick<Config, (typeof storeSettings)[number]>;

const storeSettings = [
  'STORE',
  'DATA_DIR',
  'POSTGRES_URL',
  'CLICKHOUSE_URL',
  'CLICKHOUSE_CLUSTER',
  'CLICKHOUSE_REPLICATED',
  'MAX_CORPORA',
] as const;

/** Reads the settings that say where corpora are kept. Throws as `loadConfig`. */
export function loadStoreConfig(environment: NodeJS.ProcessEnv): StoreConfig {
  return loadConfig(Object.fromEntries(storeSettings.map((name) => [name, environment[name]])));
}

/** The store that the settings choose; `scratch` is the prefix of the paths of temporary files. */
export function storeAddress(config: StoreConfig, scratch: string): StoreAddress {
  const { STORE, DATA_DIR, POSTGRES_URL, CLICKHOUSE_URL, CLICKHOUSE_CLUSTER, CLICKHOUSE_REPLICATED } = config;
  if (STORE === 'sqlite') return { engine: 'sqlite', folder: DATA_DIR, scratch };
  return {
    engine: 'clickhouse',
    postgres: POSTGRES_URL as string,
    clickhouse: CLICKHOUSE_URL,
    cluster: CLICKHOUSE_CLUSTER,
    replicated: CLICKHOUSE_REPLICATED,
  };
}

/** Reads the settings. Throws an error that names each invalid one and contains no secret. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const read = envSchema<Static<typeof ConfigSchema>>({
    schema: ConfigSchema,
    data: {
      ...(environment.STORE === 'clickhouse' ? { MAX_CORPORA: String(maxCorporaInCluster) } : {}),
      ...environment,
    },
    env: false,
  });
  const list = <Item>(
    name: 'API_KEYS' | 'CLICKHOUSE_URL' | 'TRUST_PROXY' | 'CORS_ORIGINS',
    parse: (list: string) => Item[],
  ) => {
    const value = read[name];
    try {
      return value === undefined ? [] : parse(value);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  };
  const config = {
    ...read,
    CLICKHOUSE_URL: list('CLICKHOUSE_URL', parseClickHouseUrls),
    API_KEYS: list('API_KEYS', parseApiKeys),
    TRUST_PROXY: list('TRUST_PROXY', parseProxies),
    CORS_ORIGINS: list('CORS_ORIGINS', parseOrigins),
  };
  checkStore(config);
  checkSchedule(config);
  if (config.API_KEYS.length === 0 && config.ALLOW_ANONYMOUS === undefined && !isLoopback(config.HOST)) {
    throw new Error(
      `HOST: ${config.HOST} can be reached from other machines, and there are no keys. Set API_KEYS, or ALLOW_ANONYMOUS=read or =write if everyone who can reach the service may do that, or HOST=127.0.0.1.`,
    );
  }
  return config;
}

/** The URLs are not part of the errors: they can contain passwords. */
function parseClickHouseUrls(list: string): string[] {
  const urls = list.split(',').map((url) => url.trim());
  if (!urls.every((url) => isUrl(url, ['http:', 'https:']))) {
    throw new Error('each server must be http://user:password@host:8123/database, separated by commas');
  }
  if (new Set(urls.map((url) => new URL(url).pathname)).size > 1) {
    throw new Error('all servers must have the same database, which is the path of their addresses');
  }
  return urls;
}

/** Throws an error if the settings of the store do not belong together. */
function checkStore(config: Config): void {
  const { STORE, POSTGRES_URL, CLICKHOUSE_URL, CLICKHOUSE_CLUSTER, CLICKHOUSE_REPLICATED } = config;
  if (STORE === 'sqlite') {
    const isSet = {
      POSTGRES_URL,
      CLICKHOUSE_URL: CLICKHOUSE_URL[0],
      CLICKHOUSE_CLUSTER,
      CLICKHOUSE_REPLICATED,
    };
    for (const [name, value] of Object.entries(isSet)) {
      if (value) throw new Error(`${name}: it is for STORE=clickhouse only. Set that, or remove ${name}.`);
    }
    return;
  }
  if (POSTGRES_URL === undefined || !isUrl(POSTGRES_URL, ['postgres:', 'postgresql:'])) {
    throw new Error('POSTGRES_URL: STORE=clickhouse needs it as postgres://user:password@host/database.');
  }
  if (CLICKHOUSE_URL.length === 0) {
    throw new Error('CLICKHOUSE_URL: STORE=clickhouse needs it as http://user:password@host:8123/database.');
  }
  if (CLICKHOUSE_CLUSTER === undefined && CLICKHOUSE_URL.length > 1) {
    throw new Error(
      'CLICKHOUSE_URL: several servers must be a cluster: set CLICKHOUSE_CLUSTER to its name in system.clusters.',
    );
  }
  if (CLICKHOUSE_CLUSTER === undefined && CLICKHOUSE_REPLICATED) {
    throw new Error(
      'CLICKHOUSE_REPLICATED: replicas are servers of a cluster: set CLICKHOUSE_CLUSTER to its name in system.clusters.',
    );
  }
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/** Throws an error if the schedule of backups is malformed, or would never be due. */
function checkSchedule({ BACKUP_SCHEDULE: schedule, STORE }: Config): void {
  if (schedule === undefined) return;
  if (STORE !== 'sqlite') {
    throw new Error(`BACKUP_SCHEDULE: the databases of STORE=${STORE} have backups of their own. Remove it.`);
  }
  let next: Date | null;
  try {
    next = new Cron(schedule, { paused: true }).nextRun();
  } catch (error) {
    throw new Error(`BACKUP_SCHEDULE: ${(error as Error).message}`);
  }
  if (next === null) throw new Error(`BACKUP_SCHEDULE: ${JSON.stringify(schedule)} is never due`);
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
