import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { scoreLines, scoreTexts, sumLines } from '../../model/bulk-scores.ts';
import { logUnit } from '../../model/log-base.ts';
import type { ScoreOptions } from '../../model/score.ts';
import { BufferPool } from '../../platform/buffer-pool.ts';
import { callerKey } from '../access/caller.ts';
import { maxJsonBytes } from '../bodies/json.ts';
import { linesOfBody, refuseDocumentFields } from '../bodies/lines.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { invalidField } from '../invalid-fields.ts';
import { pointerTo } from '../pointer.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import { ScoreAnswers, type ScoreBody, ScoreQuery, scoreBodies } from '../schemas/scores.ts';
import {
  linesNdjson,
  linesSummary,
  nothingToScore,
  type TotalOf,
  textsJson,
  textsSummary,
} from '../score-answers.ts';
import { linesRequest, scoringModel, textsRequest } from '../scoring-requests.ts';
import type { Services } from '../services.ts';

/** The most tokens that a JSON response lists. */
const maxTokens = 100_000;
/** The maximum number of buffers of records that are kept for later ones; one answer needs about as many. */
const maxFreeBlocks = 12;

/** Scores texts. Register it in a scope that accepts texts. */
export function scores(services: Services): FastifyPluginAsyncTypebox {
  const free = new BufferPool(maxFreeBlocks);
  return async (app) => {
    app.post(
      '/corpora/:corpus/score',
      {
        bodyLimit: maxJsonBytes,
        config: { scope: 'read' },
        schema: {
          operationId: 'scoreTexts',
          summary: 'The joint probability and perplexity of texts',
          description:
            'JSON: up to 10,000 texts or hypotheses, 4 MiB, ranked by `log_probability` or `total`; with `per_token` they may have 100,000 tokens in total. `text/plain`: one text per line, of up to 16 MiB each; the response streams back as NDJSON `{line, version, tokens, …}`, one record per line, while the lines are being received; if the body breaks off after that, so does the response. With `per_token` the list of a long line is sent in pieces of about 1 MiB: records `{line, version, per_token, continued: true}`, and finally the record with the totals and the rest of the list. `application/x-ndjson`: one document per line, a JSON object whose `field` is its text of any number of lines, answered as the lines are; blank lines are skipped. A text that cannot be read gets a `problem` in its place. In a corpus of lines each line is enclosed in `<s>` and `</s>`; a text in JSON may have several lines, of which blank ones are skipped, unless the corpus has `blank_lines=sentence`. A text without tokens has the `log_probability` 0 of no tokens or, in a corpus of lines, that of its `</s>`.',
          tags: ['Scores'],
          params: CorpusPath,
          querystring: ScoreQuery,
          body: scoreBodies,
          response: { 200: ScoreAnswers, ...problemResponses(400, 404, 409, 413, 415, 503, 507) },
        },
      },
      async (request, reply) => {
        const { params, query, id } = request;
        const signal = disconnectSignal(reply);
        const key = callerKey(services.access, request);
        if (request.body instanceof Readable) {
          const lines = linesOfBody(request, query, services.maxUploadBytes);
          const requested = linesRequest(params.corpus, query);
          const { model, options } = await scoringModel(services, requested, key, signal);
          if (query.summary)
            return linesSummary(model, await sumLines(model, options, lines), options.logBase);
          const blocks = scoreLines(model, options, lines, free);
          return reply.type('application/x-ndjson').send(await linesNdjson(blocks, free, reply));
        }
        if (request.body === undefined || request.body === null) throw nothingToScore();
        refuseDocumentFields(query);
        const body = request.body as ScoreBody;
        checkAcoustic(body);
        const requested = textsRequest(params.corpus, query, body);
        const { model, options } = await scoringModel(services, requested, key, signal);
        const texts = body.texts.map((text) => (typeof text === 'string' ? text : text.text));
        const scored = await scoreTexts(model, options, texts, maxTokens);
        if (requested.choice.summary) return textsSummary(model, scored, options.logBase);
        const json = textsJson(model, scored, options, totalOf(body, options), id);
        return reply.type('application/json; charset=utf-8').send(json);
      },
    );
  };
}

/** The total of each text by its place, if the request has hypotheses or weights; otherwise undefined. */
function totalOf(
  { texts, lm_weight: weight, word_penalty: penalty }: ScoreBody,
  { logBase }: ScoreOptions,
): TotalOf | undefined {
  const hasTotals =
    weight !== undefined || penalty !== undefined || texts.some((text) => typeof text !== 'string');
  if (!hasTotals) return undefined;
  return ({ logProbability, tokens }, i) => {
    const acoustic = acousticOf(texts[i]) ?? 0;
    return acoustic + (weight ?? 1) * (logProbability / logUnit(logBase)) + (penalty ?? 0) * tokens;
  };
}

/**
 * Throws `invalid-request` for the first text without an acoustic score, if others have one: 0 would be the best of
 * all.
 */
function checkAcoustic({ texts }: ScoreBody): void {
  const missing = texts.findIndex((text) => acousticOf(text) === undefined);
  if (missing < 0 || texts.every((text) => acousticOf(text) === undefined)) return;
  throw invalidField(
    pointerTo(['body', 'texts', missing, 'acoustic']),
    `Text ${missing + 1} has no \`acoustic\`, and others have: give all texts one, or none.`,
  );
}

function acousticOf(text: ScoreBody['texts'][number]): number | undefined {
  return typeof text === 'string' ? undefined : text.acoustic;
}
