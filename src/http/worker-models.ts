import type { EstimatorParameters } from '../estimators/catalogue.ts';
import { WorkerModel } from '../model/worker-model.ts';
import { belowPart } from './invalid-fields.ts';
import { chooseModel, type EstimatorChoice, type TrieNeed } from './questions/models.ts';
import type { Services } from './services.ts';

/** How a request chooses a model. */
export interface RequestedModel {
  corpus: string;
  /** The part of the request that holds the choice. */
  part: '/query' | '/body';
  choice: EstimatorChoice;
  parameters: EstimatorParameters;
  /** What is needed of the model: `chooseModel`. */
  needs?: 'counts' | TrieNeed;
}

/**
 * The model that a request chooses, to be asked in the worker threads until `signal` is aborted. Fields of its errors
 * are below the part of the request. Throws what `chooseModel` throws.
 */
export async function modelInWorkers(
  { corpora, workers }: Services,
  { corpus, part, choice, parameters, needs }: RequestedModel,
  signal: AbortSignal,
): Promise<WorkerModel> {
  const chosen = await chooseModel(corpora, corpus, part, choice, parameters, needs);
  return new WorkerModel(workers, chosen, signal, (error) => belowPart(part, error));
}
