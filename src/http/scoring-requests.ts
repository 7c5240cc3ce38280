import type { Corpora } from '../index/corpora.ts';
import type { Cutoffs, RecordOptions } from '../model/score-json.ts';
import { bodyParameters, queryParameters } from './estimator-parameters.ts';
import { invalidField } from './invalid-fields.ts';
import type { EstimatorChoice } from './questions/models.ts';
import type { ScoreBody, ScoreQuery } from './schemas/scores.ts';
import type { Services } from './services.ts';
import { modelInWorkers, type RequestedModel } from './worker-models.ts';

/** A request for scores. */
interface ScoreRequest extends RequestedModel {
  choice: EstimatorChoice &
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

/** The model of a request and how it scores. */
export async function scoringModel(services: Services, request: ScoreRequest, signal: AbortSignal) {
  const options = await chooseOptions(services.corpora, request);
  return { options, model: await modelInWorkers(services, request, signal) };
}

/** How texts are scored. Throws `invalid-request` for `bos` and `eos` in a corpus without lines, and for cutoffs that fall. */
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
