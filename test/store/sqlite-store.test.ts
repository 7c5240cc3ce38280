import type { Test } from 'tap';
import { ScratchFolder } from '../../src/platform/scratch-folder.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { storeContract } from './contract.ts';

storeContract('SQLite', async (t: Test) => {
  const folder = temporaryFolder(t);
  const again = async () => {
    const scratch = new ScratchFolder(folder);
    const store = await openStore({ engine: 'sqlite', folder, scratch: scratch.prefix });
    t.teardown(async () => {
      await store.close();
      await scratch.close();
    });
    return store;
  };
  return { store: await again(), again };
});
