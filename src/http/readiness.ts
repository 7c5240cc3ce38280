import type { Store } from '../store/store.ts';

/** A condition of the service's readiness. Returns a remark; throws an error that says what is wrong. */
export type ReadinessCheck = () => string | Promise<string>;

/** The result of a check. */
export interface CheckResult {
  name: string;
  ok: boolean;
  detail: string;
}

/** What the checks look at. */
export interface CheckedParts {
  isClosing(): boolean;
  store: CheckedStore;
}

type CheckedStore = Pick<Store, 'address' | 'probe' | 'damaged'>;

/** The checks of this service, by name. */
export function readinessChecks({ isClosing, store }: CheckedParts): Record<string, ReadinessCheck> {
  return {
    running: () => {
      if (isClosing()) throw new Error('The service is stopping.');
      return 'The service takes requests.';
    },
    ...(store.address.engine === 'sqlite' ? folderCheck(store) : serversCheck(store)),
    corpora: async () => {
      const damaged = (await store.damaged()).length;
      return damaged === 0
        ? 'No corpus is damaged.'
        : `Damaged and set aside: ${damaged}. The folder damaged/ has the files, the log the reasons.`;
    },
  };
}

function folderCheck(store: CheckedStore): Record<string, ReadinessCheck> {
  const data_folder = async () => {
    await store.probe().catch(({ code }) => {
      throw new Error(`The data folder cannot be read and written (${code}).`);
    });
    return 'The data folder can be read and written.';
  };
  return { data_folder };
}

/** The error of a server that does not answer names it. */
function serversCheck(store: CheckedStore): Record<string, ReadinessCheck> {
  const servers = async () => {
    const remarks = await store.probe();
    return remarks === undefined
      ? 'PostgreSQL and ClickHouse answer.'
      : `The store works without some servers: ${remarks}`;
  };
  return { servers };
}

/** Runs all checks. */
export function runChecks(checks: Record<string, ReadinessCheck>): Promise<CheckResult[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return { name, ok: true, detail: await check() };
      } catch (error) {
        return { name, ok: false, detail: (error as Error).message };
      }
    }),
  );
}
