import { storeContract } from './contract.ts';
import { MemoryStore } from './memory-store.ts';

storeContract('a store in memory', async () => {
  const store = new MemoryStore();
  return { store, again: async () => store };
});
