import type { ArpaPart, ArpaPlace } from './arpa.ts';
import type { WorkerModel } from './worker-model.ts';

/** How many n-grams are written in one task. */
const partNGrams = 20_000;

/**
 * Writes a model's ARPA file, each part while the one before is being read. The first is written before the promise
 * resolves, so that errors of the model are thrown by then.
 */
export async function writeArpaFile(model: WorkerModel): Promise<AsyncGenerator<string, void>> {
  const write = (place?: ArpaPlace) => model.ask('writeArpa', { place, limit: partNGrams });
  const first = await write();
  const parts = async function* () {
    for (let part: ArpaPart | undefined = first; part !== undefined; ) {
      const next: Promise<ArpaPart> | undefined = part.next && write(part.next);
      next?.catch(() => {});
      yield part.text;
      part = await next;
    }
  };
  return parts();
}
