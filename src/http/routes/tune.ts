import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { kindOf } from '../../index/kinds.ts';
import type { TunedWeights } from '../../model/mixture/tune-mixture.ts';
import type { Answer } from '../../model/model-workers.ts';
import { finiteOrNull } from '../../model/score-json.ts';
import { textOfBody } from '../bodies/texts.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { bodyParameters, queryParameters } from '../estimator-parameters.ts';
import { invalidField, movePointer } from '../invalid-fields.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import { TuneAnswer, type TuneBody, type TunedParameters, TuneQuery, tuneBodies } from '../schemas/tune.ts';
import type { Services } from '../services.ts';
import { mixedView, modelView } from '../views.ts';
import { modelInWorkers, type RequestedModel } from '../worker-models.ts';

/** The longest held-out text in bytes; it is held in memory whole. */
const maxTextBytes = 16 * 2 ** 20;

/** Tunes an estimator's parameters on a held-out text. Register it in a scope that accepts texts. */
export function tune(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/tune',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'tuneParameters',
          summary: 'The parameters that give a held-out text the lowest perplexity',
          description:
            'Of a mixture, its weights, by expectation maximization on at most 1,000,000 tokens: `mixture` of the answer can be sent to create it anew, and nothing is changed. Otherwise tunes `epsilon` of laplace, `k` of additive, `lambda` of jelinek-mercer and `discount` of absolute-discounting by the DIRECT algorithm (dividing rectangles), and returns the parameters of the request if it finds no better ones. At most 100,000 tokens.',
          tags: ['Scores'],
          params: CorpusPath,
          querystring: TuneQuery,
          body: tuneBodies,
          response: { 200: TuneAnswer, ...problemResponses(400, 404, 409, 413, 415, 503, 507) },
        },
      },
      async (request, reply) => {
        const signal = disconnectSignal(reply);
        const { text, ...requested } = await readRequest(request, request.params.corpus, request.query);
        const { settings } = await services.corpora.open(request.params.corpus);
        const isMixture = kindOf(settings) === 'mixture';
        const needs = isMixture ? {} : { needs: 'counts' as const };
        const model = await modelInWorkers(services, { ...requested, ...needs }, signal);
        try {
          if (isMixture) return mixtureView(await model.ask('tuneWeights', { text }));
          return tuningView(await model.ask('tuneParameters', { text }));
        } catch (error) {
          // In a request whose body is the text, there is no field `text`.
          throw movePointer(error, '/query/text', '/body');
        }
      },
    );
  };
}

/** The held-out text and the model that it is for. Throws `invalid-request` for an empty text. */
async function readRequest(
  request: FastifyRequest,
  corpus: string,
  query: TuneQuery,
): Promise<RequestedModel & { text: Uint8Array }> {
  const isText = request.body instanceof Readable;
  const fields = isText ? {} : ((request.body ?? {}) as Partial<TuneBody>);
  const text = isText
    ? await buffer(textOfBody(request, maxTextBytes, textTooLarge))
    : Buffer.from(fields.text ?? '');
  if (text.length === 0) throw invalidField(isText ? '/body' : '/body/text', 'The held-out text is empty.');
  const parameters = { ...queryParameters(query), ...bodyParameters(fields) };
  return {
    corpus,
    part: isText ? '/query' : '/body',
    choice: { ...query, ...fields },
    parameters,
    text,
  };
}

function tuningView({ model, tuning: { best, curve, tokens, outOfVocabulary } }: Answer<'tuneParameters'>) {
  const estimator = { ...model.estimator, parameters: { ...best.parameters } };
  return {
    ...modelView({ ...model, estimator }),
    tokens,
    out_of_vocabulary: outOfVocabulary,
    perplexity: finiteOrNull(best.perplexity),
    curve: curve.map(({ parameters, perplexity }) => ({
      parameters: { ...parameters } as TunedParameters,
      perplexity: finiteOrNull(perplexity),
    })),
  };
}

function mixtureView({ model, content, tuning }: Answer<'tuneWeights'>) {
  const { before, best, steps, tokens, outOfVocabulary } = tuning;
  const weighted = ({ weights, logProbability, perplexity }: TunedWeights) => ({
    weights: [...weights],
    log_probability: finiteOrNull(logProbability),
    perplexity: finiteOrNull(perplexity),
  });
  return {
    ...modelView(model),
    tokens,
    out_of_vocabulary: outOfVocabulary,
    ...weighted(best),
    steps,
    before: weighted(before),
    // A mixture has no parts with the weight 0.
    mixture: content.parts
      .map((part, i) => mixedView({ ...part, weight: best.weights[i] }))
      .filter(({ weight }) => weight > 0),
  };
}

function textTooLarge(): NgramdError {
  return new NgramdError('content-too-large', `A held-out text has at most ${maxTextBytes} bytes.`);
}
