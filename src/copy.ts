import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { loadStoreConfig, type StoreConfig, storeAddress } from './config.ts';
import { copyCorpus, type OnCopied } from './ingest/copy-corpus.ts';
import { ScratchFolder } from './platform/scratch-folder.ts';
import { type CorpusSummary, openStore, type Store } from './store/store.ts';

/**
 * What is copied from where to where. A store is a data folder or a file of settings; undefined is the environment's.
 */
export interface Copying {
  readonly names: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The name of the copy; by default the corpus's. */
  readonly as: string | undefined;
}

/** How often the progress is printed, in milliseconds. */
const progressInterval = 1000;

/** Copies corpora from one store to another, and prints what was copied. Returns the exit code: 1 if that failed. */
export async function copyCorpora({ names, from, to, as }: Copying): Promise<number> {
  try {
    const [source, target] = [configOf(from), configOf(to)];
    await withStore(source, (fromStore) =>
      withStore(target, async (toStore) => {
        for (const name of names) {
          const begun = performance.now();
          const options = { as: as ?? name, maxCorpora: target.MAX_CORPORA, onCopied: progressOf(name) };
          const copied = await copyCorpus(fromStore, name, toStore, options);
          print(process.stdout, `${name}: ${totalsOf(copied)}, ${seconds(performance.now() - begun)}`);
          const version = await (await fromStore.open(name)).version();
          if (version === copied.version) continue;
          print(
            process.stderr,
            `${name}: was changed meanwhile; version ${copied.version} was copied, it has ${version}`,
          );
        }
      }),
    );
    return 0;
  } catch (error) {
    print(process.stderr, (error as Error).message);
    return 1;
  }
}

/** The settings of a store. */
function configOf(store: string | undefined): StoreConfig {
  if (store === undefined) return loadStoreConfig(process.env);
  const found = statSync(store, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new Error(`${store} does not exist. Name a data folder, or a file with the settings of a service.`);
  }
  if (found.isDirectory()) return loadStoreConfig({ DATA_DIR: store });
  try {
    return loadStoreConfig(parseEnv(readFileSync(store, 'utf8')));
  } catch (error) {
    throw new Error(`${store}: ${(error as Error).message}`);
  }
}

async function withStore(config: StoreConfig, work: (store: Store) => Promise<void>): Promise<void> {
  const scratch = config.STORE === 'sqlite' ? new ScratchFolder(config.DATA_DIR) : undefined;
  try {
    scratch?.sweep();
    const store = await openStore(storeAddress(config, scratch?.prefix ?? ''));
    try {
      await work(store);
    } finally {
      await store.close();
    }
  } finally {
    await scratch?.close();
  }
}

/** Prints how much of a corpus has been copied, now and then. */
function progressOf(name: string): OnCopied {
  let printedAt = performance.now();
  return (what, copied, of) => {
    if (performance.now() - printedAt < progressInterval) return;
    printedAt = performance.now();
    print(process.stderr, `${name}: ${copied} of ${of} ${what}`);
  };
}

function totalsOf({ version, documents, tokens, tokenIds, ngrams }: CorpusSummary): string {
  const distinct = ngrams.map((ofOrder) => ofOrder.distinct).join(' + ');
  return `version ${version}, ${documents} documents, ${tokens} tokens, ${tokenIds} ids, ${distinct} n-grams`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function print(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}
