import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NgramdError } from '../../errors.ts';
import type { TuningStep } from '../../model/tune.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { bodyParameters, queryParameters } from '../estimator-parameters.ts';
import { chooseModel, inWorker } from '../questions/models.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import { TuneAnswer, type TuneBody, TuneQuery, tuneBodies } from '../schemas/tune.ts';
import type { Services } from '../services.ts';
import { textOfBody } from '../uploads.ts';
import { invalidField } from '../validation.ts';
import { modelView } from '../views.ts';

/** The longest held-out text in bytes; it is held in memory whole. */
const maxTextBytes = 16 * 2 ** 20;

/** Choosing an estimator's parameters by a held-out text. Belongs into a scope that accepts texts. */
export function tune({ corpora, workers }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/tune',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'tuneParameters',
          summary: 'The parameters that give a held-out text the lowest perplexity',
          description:
            'Tunes `epsilon` of laplace, `k` of additive, `lambda` of jelinek-mercer and `discount` of absolute-discounting by the DIRECT algorithm (dividing rectangles), and returns the parameters of the request if it finds no better ones. At most 100,000 tokens.',
          tags: ['Scores'],
          params: CorpusPath,
          querystring: TuneQuery,
          body: tuneBodies,
          response: { 200: TuneAnswer, ...problemResponses(400, 404, 413, 415, 503, 507) },
        },
      },
      async (request, reply) => {
        const { query, params } = request;
        const signal = disconnectSignal(reply);
        const isText = request.body instanceof Readable;
        const fields = isText ? {} : ((request.body ?? {}) as Partial<TuneBody>);
        const text = isText
          ? await buffer(textOfBody(request, maxTextBytes, textTooLarge))
          : Buffer.from(fields.text ?? '');
        if (text.length === 0)
          throw invalidField(isText ? '/body' : '/body/text', 'The held-out text is empty.');
        const part = isText ? '/query' : '/body';
        const parameters = { ...queryParameters(query), ...bodyParameters(fields) };
        const chosen = await chooseModel(corpora, params.corpus, part, { ...query, ...fields }, parameters);
        const answer = inWorker(part, workers.ask('tuneParameters', { ...chosen, text }, signal));
        const { model, tuning } = await (isText ? answer.catch(throwAboutBody) : answer);
        return {
          ...modelView({
            ...model,
            estimator: { ...model.estimator, parameters: { ...tuning.best.parameters } },
          }),
          tokens: tuning.tokens,
          out_of_vocabulary: tuning.outOfVocabulary,
          perplexity: finite(tuning.best.perplexity),
          curve: tuning.curve.map(({ parameters, perplexity }: TuningStep) => ({
            parameters: { ...parameters },
            perplexity: finite(perplexity),
          })),
        };
      },
    );
  };
}

function textTooLarge(): NgramdError {
  return new NgramdError('content-too-large', `A held-out text has at most ${maxTextBytes} bytes.`);
}

/** Throws the error with pointers to the text as a field as what it is in a request of text: the body. */
function throwAboutBody(error: unknown): never {
  if (!(error instanceof NgramdError)) throw error;
  const errors = error.errors.map(({ pointer, detail }) => ({
    pointer: pointer === '/query/text' ? '/body' : pointer,
    detail,
  }));
  throw new NgramdError(error.code, error.message, errors);
}

/** JSON has no other numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
