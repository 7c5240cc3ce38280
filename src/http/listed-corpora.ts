import type { FastifyRequest } from 'fastify';
import { resultOf } from '../errors.ts';
import type { CorpusSummary } from '../store/store.ts';
import type { Services } from './services.ts';

/**
 * What a list shows of the corpora of these names, in their order. A corpus that cannot be read is left out, and the
 * log says why.
 */
export async function listedCorpora<View>(
  { corpora, questions }: Services,
  request: FastifyRequest,
  names: readonly string[],
  view: (name: string, summary: CorpusSummary) => View,
): Promise<View[]> {
  const items: View[] = [];
  for (const [i, summary] of (await questions.summaries(names)).entries()) {
    try {
      items.push(view(names[i], resultOf(summary)));
    } catch (error) {
      request.log.warn(await corpora.settle(error), `the corpus ${names[i]} is left out of the list`);
    }
  }
  return items;
}
