import type { ApiKey } from '../access/api-keys.ts';
import type { Corpora } from '../index/corpora.ts';
import type { Cutoffs, RecordOptions } from '../model/score-json.ts';
import { WorkerModel } from '../model/worker-model.ts';
import { bodyParameters, queryParameters } from './estimator-parameters.ts';
import { invalidField } from './invalid-fields.ts';
import { chooseModel, type EstimatorChoice } from './questions/models.ts';
import type { ScoreBody, ScoreQuery } from './schemas/scores.ts';
import { type AgainstFields, locatedInBoth, modelAgainst } from './scored-against.ts';
import type { Services } from './services.ts';
import type { RequestedModel } from './worker-models.ts';

/** A request for scores. */
interface ScoreRequest extends RequestedModel {
  choice: EstimatorChoice &
    AgainstFields &
    Pick<ScoreQuery, 'bos' | 'eos' | 'per_token' | 'summary' | 'log_base' | 'cutoffs'>;
}

/** A request whose parameters are in its query. */
export function linesRequest(corpus: string, query: ScoreQuery): ScoreRequest {
  return { corpus, part: '/query', choice: query, parameters: queryParameters(query) };
}

/** A request whose parameters are in its query or in its body. */
export function textsRequest(corpus: string, query: ScoreQuery, body: ScoreBody): ScoreRequest {
  const parameters = { ...queryParameters(query), ...bodyParameters(body) };
  return { corpus, part: '/body', choice: { ...query, ...body }, parameters };
}

/**
 * The model of a request, with the one that it is scored against, and how it scores. `key` is that of the caller.
 * Throws as `modelInWorkers` and `modelAgainst` do.
 */
export async function scoringModel(
  services: Services,
  request: ScoreRequest,
  key: ApiKey | undefined,
  signal: AbortSignal,
) {
  const { corpora, workers } = services;
  const { corpus, part, choice, parameters } = request;
  const options = await chooseOptions(corpora, request);
  const against = await modelAgainst(services, request, key);
  const chosen = await chooseModel(corpora, corpus, part, choice, parameters);
  const model = new WorkerModel(workers, { ...chosen, against }, signal, locatedInBoth(request));
  return { options, model };
}

/**
 * How texts are scored. Throws `invalid-request` for `bos` and `eos` in a corpus without lines, and for cutoffs that
 * fall.
 */
async function chooseOptions(
  corpora: Corpora,
  { corpus, part, choice }: ScoreRequest,
): Promise<RecordOptions> {
  const { bos, eos, per_token: perToken, summary, log_base: logBase, cutoffs } = choice;
  const { sequences } = (await corpora.open(corpus)).settings;
  for (const [field, value] of Object.entries({ bos, eos })) {
    if (value === undefined || sequences === 'line') continue;
    throw invalidField(`${part}/${field}`, 'This corpus has no <s> and </s>: its sequences are documents.');
  }
  if (cutoffs !== undefined && !(cutoffs[0] <= cutoffs[1])) {
    throw invalidField(`${part}/cutoffs`, 'The second cutoff must not be less than the first.');
  }
  const isListed = perToken === true && summary !== true;
  return {
    bos: bos ?? true,
    eos: eos ?? true,
    perToken: isListed,
    logBase,
    cutoffs: cutoffs as unknown as Cutoffs,
  };
}
