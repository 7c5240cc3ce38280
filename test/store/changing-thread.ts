/** Opens the store at an address, adds a text to a corpus, creates another, and sends the first corpus's `ref`. */
import { parentPort, workerData } from 'node:worker_threads';
import { storeInThread } from '../../src/store/store.ts';
import { createOf } from './sqlite.ts';
import { addTexts } from './texts.ts';

const store = await storeInThread(workerData.address);
const corpus = await store.open(workerData.name);
await corpus.change((change) => addTexts(change, [[['b', 'c']]]));
await createOf(store, workerData.created);
parentPort?.postMessage(corpus.ref);
