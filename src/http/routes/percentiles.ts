import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NgramdError } from '../../errors.ts';
import { sumLines } from '../../model/bulk-scores.ts';
import { percentile, perplexitiesOf } from '../../model/percentiles.ts';
import { finiteOrNull } from '../../model/score-json.ts';
import { linesOfBody } from '../bodies/lines.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { PercentilesAnswer, PercentilesQuery, percentilesBodies } from '../schemas/percentiles.ts';
import { problemResponses } from '../schemas/problems.ts';
import { nothingToScore } from '../score-answers.ts';
import { linesRequest, scoringModel } from '../scoring-requests.ts';
import type { Services } from '../services.ts';
import { modelView } from '../views.ts';

/** The most texts of a sample: while their perplexities are sorted, no other request is served. */
const maxTexts = 100_000;

/** The distribution of perplexities. Register it in a scope that accepts texts and documents. */
export function percentiles(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/percentiles',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getPercentiles',
          summary: "Percentiles of texts' perplexities",
          description:
            'Of a sample, one text per line or NDJSON, as for `…/score`: the perplexities that these percentages of its texts do not exceed, which can be the `cutoffs` of `…/score`. At most 100,000 texts; those without tokens are left out.',
          tags: ['Scores'],
          params: CorpusPath,
          querystring: PercentilesQuery,
          body: percentilesBodies,
          response: { 200: PercentilesAnswer, ...problemResponses(400, 404, 409, 413, 415, 503, 507) },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        if (!(request.body instanceof Readable))
          throw request.body === undefined ? nothingToScore() : noLines();
        const lines = linesOfBody(request, query, services.maxUploadBytes);
        const signal = disconnectSignal(reply);
        const requested = linesRequest(params.corpus, query);
        const { model, options } = await scoringModel(services, requested, undefined, signal);
        const perplexities: number[] = [];
        const totals = await sumLines(model, options, lines, (sums) => {
          for (const perplexity of perplexitiesOf(sums)) perplexities.push(perplexity);
          if (perplexities.length > maxTexts) throw sampleTooLarge();
        });
        if (totals === undefined || perplexities.length === 0) throw nothingToScore();
        const sorted = Float64Array.from(perplexities).sort();
        return {
          ...modelView(totals.model),
          texts: sorted.length,
          percentiles: query.at.map((at) => ({
            percentile: at,
            perplexity: finiteOrNull(percentile(sorted, at)),
          })),
        };
      },
    );
  };
}

function noLines(): NgramdError {
  return new NgramdError(
    'unsupported-media-type',
    'A sample is not sent as application/json: send one text per line as text/plain, or documents in JSON, one per line, as application/x-ndjson.',
  );
}

function sampleTooLarge(): NgramdError {
  const detail = `A sample has at most ${maxTexts} texts, and this one has more.`;
  return new NgramdError('content-too-large', detail, [{ pointer: '/body', detail }]);
}
