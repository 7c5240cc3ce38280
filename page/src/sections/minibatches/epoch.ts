import type { components } from '../../../../clients/typescript/src/index.ts';
import { corpusName, param } from '../../place.ts';
import { type Call, call } from '../../service/call.ts';

export type Batches = components['schemas']['Batches'];
export type StrategyName = Batches['strategy'];

export const strategies: Record<StrategyName, readonly [title: string, lead: string]> = {
  random: [
    'Random sampling',
    'Each row begins anywhere in the text. The rows of one minibatch, and of the next, have nothing to do with each other.',
  ],
  sequential: [
    'Sequential partitioning',
    'The text is cut into as many parts as there are rows. Each row goes on in the next minibatch where it ended, so that a state can be kept.',
  ],
};

export const strategyNames = Object.keys(strategies) as StrategyName[];

/** The most tokens of x that a page of the service has. */
const maxPageTokens = 2 ** 20;

/** The most that the loader asks for at a time: `PAGE_TOKENS` of clients/python/ngramd.py. */
const loaderTokens = 2 ** 18;

/** What the fields say, as it was typed. The sizes are the chapter's where nothing is typed. */
export function chosenEpoch() {
  return {
    batch_size: param('batch_size') || '2',
    num_steps: param('num_steps') || '5',
    seed: param('seed') || '0',
    epoch: param('epoch') || '0',
    start: param('start') || '0',
    as: param('as') === 'ids' ? 'ids' : 'tokens',
  } as const;
}

export type Epoch = ReturnType<typeof chosenEpoch>;

/** The first two minibatches: two show whether one goes on where the other ends. */
export function epochCall(strategy: StrategyName, epoch: Epoch): Call<Batches> {
  const both = 2 * Number(epoch.batch_size) * Number(epoch.num_steps);
  return batchesCall({ strategy, ...epoch, limit: both > maxPageTokens ? 1 : 2 });
}

/** The first minibatches of the epoch that the loader asks for. */
export function epochPages(
  strategy: StrategyName,
  { batch_size, num_steps, seed, epoch }: Epoch,
): Call<Batches> {
  const limit = Math.floor(loaderTokens / (Number(batch_size) * Number(num_steps)));
  const isSome = Number.isSafeInteger(limit) && limit > 0;
  return batchesCall({ strategy, batch_size, num_steps, seed, epoch, limit: isSome ? limit : 1 });
}

function batchesCall(query: Record<string, string | number>): Call<Batches> {
  const path = { corpus: corpusName.value };
  // What was typed goes to the service as it is, which says what is wrong with it.
  return call('get', '/v1/corpora/{corpus}/batches', { path, query: query as never });
}
