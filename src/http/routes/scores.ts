import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NgramdError, resultOf } from '../../errors.ts';
import type { Corpora } from '../../index/corpora.ts';
import type { ModelDescription } from '../../model/model.ts';
import { changedMeanwhile, type ScoreOptions, ScoreSum } from '../../model/score.ts';
import { type Records, scoreView } from '../../model/score-json.ts';
import type { LineSums } from '../../model/score-lines.ts';
import { type ScoredText, type TextOutcome, tooManyTokens } from '../../model/score-texts.ts';
import type { LineState, LinesQuestion } from '../../model/worker.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { bodyParameters, queryParameters } from '../estimator-parameters.ts';
import { type BlockSize, lineBlocks, mapInOrder } from '../line-blocks.ts';
import { problemOf } from '../problems/problem.ts';
import { chooseModel, inWorker } from '../questions/models.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import { ScoreAnswers, type ScoreBody, ScoreQuery, scoreBodies } from '../schemas/scores.ts';
import type { Services } from '../services.ts';
import { textOfBody } from '../uploads.ts';
import { belowPart, invalidField } from '../validation.ts';
import { modelView } from '../views.ts';

/** The largest JSON body: while it is parsed, no other request is served. */
const maxJsonBytes = 4 * 2 ** 20;
/** The most tokens that a JSON response lists. */
const maxTokens = 100_000;

/** The probability of whole texts. Belongs into a scope that accepts texts. */
export function scores(services: Services): FastifyPluginAsyncTypebox {
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
            'JSON: up to 10,000 texts, 4 MiB, ranked by `log_probability`; with `per_token` they may have 100,000 tokens in total. `text/plain`: one text per line, of up to 16 MiB each; the response streams back as NDJSON `{line, version, tokens, …}`, one record per line, while the lines are being received; if the body breaks off after that, so does the response. With `per_token` the list of a long line is sent in pieces of about 1 MiB: records `{line, version, per_token, continued: true}`, and finally the record with the totals and the rest of the list. A text that cannot be read gets a `problem` in its place. In a corpus of lines each line is enclosed in `<s>` and `</s>`; a text in JSON may have several lines, of which empty ones are skipped. A text without tokens has the `log_probability` 0 of no tokens or, in a corpus of lines, that of its `</s>`.',
          tags: ['Scores'],
          params: CorpusPath,
          querystring: ScoreQuery,
          body: scoreBodies,
          response: {
            200: ScoreAnswers,
            ...problemResponses(400, 404, 413, 415, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const { body, query, id } = request;
        const caller = { id, signal: disconnectSignal(reply) };
        const { corpus } = request.params;
        if (body instanceof Readable) {
          const text = textOfBody(request, services.maxUploadBytes);
          const answers = await answerLines(services, corpus, query, text, caller);
          return 'summary' in answers
            ? answers.summary
            : reply.type('application/x-ndjson').send(answers.lines);
        }
        if (body === undefined || body === null) throw nothingToScore();
        const answer = await answerTexts(services, corpus, query, body as ScoreBody, caller);
        return typeof answer === 'string'
          ? reply.type('application/json; charset=utf-8').send(answer)
          : answer;
      },
    );
  };
}

/** How much of a body is scored at a time: without the tokens' scores an answer is not much longer than its line. */
const blockSize = { bytes: 2 ** 18, lines: 2048 };
const perTokenBlockSize = { bytes: 2 ** 14, lines: 1024 };
const summaryBlockSize = { bytes: 2 ** 18, lines: 2 ** 18 };

/** Scores texts, some at a time in the workers. */
async function answerTexts(
  { corpora, workers }: Services,
  name: string,
  query: ScoreQuery,
  body: ScoreBody,
  { id, signal }: Caller,
) {
  const part = '/body';
  const fields = { ...query, ...body };
  const parameters = { ...queryParameters(query), ...bodyParameters(body) };
  const isSummary = fields.summary === true;
  const options = chooseOptions(corpora, name, part, {
    ...fields,
    per_token: !isSummary && fields.per_token,
  });
  const chosen = await chooseModel(corpora, name, part, fields, parameters);
  const { perToken } = options;
  const slices = textSlices(body.texts, perToken ? perTokenBlockSize.bytes : blockSize.bytes);
  const answers = mapInOrder(slices, workers.threads, (texts) =>
    inWorker(part, workers.ask('scoreTexts', { ...chosen, options, texts, maxTokens }, signal)),
  );
  let model: ModelDescription | undefined;
  let tokens = 0;
  const texts: TextOutcome[] = [];
  for await (const answer of answers) {
    model = sameVersion(model, answer.model);
    for (const text of answer.texts) {
      texts.push(inText(text, `${part}/texts/${texts.length}`));
      if ('result' in text) tokens += text.result.score.tokens;
    }
    if (perToken && tokens > maxTokens) throw belowPart(part, tooManyTokens(maxTokens));
  }
  const about = modelView(model as ModelDescription);
  if (isSummary) {
    const sum = new ScoreSum();
    for (const text of texts) sum.add(resultOf(text).score);
    return { ...about, texts: texts.length, ...scoreView(sum.score) };
  }
  const rankOf = ranking(texts);
  // As a string: Fastify's serializer takes longer, and nobody else is served meanwhile.
  const results = texts.map((text) => {
    if (!('result' in text)) return JSON.stringify({ problem: problemOf(text.problem, id) });
    const { score, list } = text.result;
    const json = JSON.stringify({ ...scoreView(score), rank: rankOf(text.result) });
    return perToken ? `${json.slice(0, -1)},"per_token":[${list}]}` : json;
  });
  return `${JSON.stringify(about).slice(0, -1)},"results":[${results.join()}]}`;
}

/** Cuts texts into slices of at least one text. */
function* textSlices(texts: readonly string[], characters: number): Generator<string[], void> {
  let slice: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (slice.length > 0 && (length + text.length > characters || slice.length === blockSize.lines)) {
      yield slice;
      slice = [];
      length = 0;
    }
    slice.push(text);
    length += text.length;
  }
  yield slice;
}

/** Who waits for an answer. */
interface Caller {
  /** Of the request. */
  id: string;
  /** Is aborted when the connection is closed. */
  signal: AbortSignal;
}

/** Scores a stream of lines, block by block in the workers, in their order and no faster than the answers go out. */
async function answerLines(
  { corpora, workers }: Services,
  name: string,
  query: ScoreQuery,
  text: AsyncIterable<Uint8Array>,
  { id, signal }: Caller,
) {
  const part = '/query';
  const isSummary = query.summary === true;
  const options = chooseOptions(corpora, name, part, { ...query, per_token: !isSummary && query.per_token });
  const chosen = await chooseModel(corpora, name, part, query, queryParameters(query));

  /** Asks of each block; of one that continues a line, as soon as it is known where the line was left. */
  const askOfBlocks = <Answer extends { state: LineState | undefined }>(
    size: BlockSize,
    ask: (question: LinesQuestion) => Promise<Answer>,
  ) => {
    let last: Promise<Answer | undefined> | undefined;
    return mapInOrder(lineBlocks(text, size), workers.threads, (block) => {
      const left = block.continues ? last : undefined;
      last = (async () => {
        const before = (await left)?.state;
        // The problem of a line is that of all its parts.
        if (block.continues && before === undefined) return undefined;
        return inWorker(part, ask({ ...chosen, options, block, before }));
      })();
      return last;
    });
  };

  if (isSummary) {
    let model: ModelDescription | undefined;
    let texts = 0;
    const sum = new ScoreSum();
    const answers = askOfBlocks(summaryBlockSize, (question) => workers.ask('sumLines', question, signal));
    for await (const answer of answers) {
      if (answer === undefined) continue;
      model = sameVersion(model, answer.model);
      texts += answer.sums.lines;
      addLines(sum, answer.sums);
    }
    if (model === undefined) throw nothingToScore();
    return { summary: { ...modelView(model), texts, ...scoreView(sum.score) } };
  }

  const size = options.perToken ? perTokenBlockSize : blockSize;
  const records = toBytes(
    askOfBlocks(size, (question) => workers.ask('scoreLines', question, signal)),
    id,
  );
  // Before the first record is there, an error can still have its own status.
  const first = await records.next();
  if (first.done === true) throw nothingToScore();
  return { lines: Readable.from(startingWith(first.value, records), { highWaterMark: 1 }) };
}

/** The records of the answers, as they are sent. */
async function* toBytes(
  answers: AsyncIterable<{ records: Records } | undefined>,
  instance: string,
): AsyncGenerator<Uint8Array, void> {
  for await (const answer of answers) {
    const pieces = (answer?.records ?? []).map((piece) => {
      if (piece instanceof Uint8Array) return piece;
      const { record, problem } = piece;
      return Buffer.from(`${JSON.stringify({ ...record, problem: problemOf(problem, instance) })}\n`);
    });
    if (pieces.length > 0) yield pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}

async function* startingWith<Item>(first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item, void> {
  yield first;
  yield* rest;
}

/** Adds up the scores of lines one by one, so that the sum does not depend on where the text was cut into blocks. */
function addLines(sum: ScoreSum, { tokens, outOfVocabulary, logProbabilities }: LineSums): void {
  const { score } = sum;
  score.tokens += tokens;
  score.outOfVocabulary += outOfVocabulary;
  for (let i = 0; i < logProbabilities.length; i += 2) {
    score.logProbability += logProbabilities[i];
    score.inVocabularyLogProbability += logProbabilities[i + 1];
  }
}

/** The model of an answer's next piece. Throws `index-not-ready` where it is of another version than those before. */
function sameVersion(before: ModelDescription | undefined, next: ModelDescription): ModelDescription {
  if (before !== undefined && before.version !== next.version) throw changedMeanwhile();
  return next;
}

/** How texts are scored. Throws `invalid-request` where marks of lines are asked for and there are none. */
function chooseOptions(
  corpora: Corpora,
  name: string,
  part: string,
  { bos, eos, per_token }: { [Field in 'bos' | 'eos' | 'per_token']?: boolean | undefined },
): ScoreOptions {
  const { sequences } = corpora.read(name, ({ reader }) => reader.settings);
  for (const [field, value] of Object.entries({ bos, eos })) {
    if (value === undefined || sequences === 'line') continue;
    throw invalidField(`${part}/${field}`, 'This corpus has no <s> and </s>: its sequences are documents.');
  }
  return { bos: bos ?? true, eos: eos ?? true, perToken: per_token ?? false };
}

function nothingToScore(): NgramdError {
  const detail = 'The body is empty: there is nothing to score.';
  return new NgramdError('empty-text', detail, [{ pointer: '/body', detail }]);
}

/** A problem of a text with a pointer to it. */
function inText(outcome: TextOutcome, pointer: string): TextOutcome {
  if (!('problem' in outcome)) return outcome;
  const { code, message } = outcome.problem;
  return { problem: { code, message, errors: [{ pointer, detail: message }] } };
}

/** Gives each score its rank by falling probability; those without a probability come last. */
function ranking(texts: readonly TextOutcome[]): (text: ScoredText) => number {
  const comparable = ({ score: { logProbability } }: ScoredText) =>
    Number.isNaN(logProbability) ? Number.NEGATIVE_INFINITY : logProbability;
  const sorted = texts
    .flatMap((text) => ('result' in text ? [comparable(text.result)] : []))
    .sort((a, b) => b - a);
  const ranks = new Map<number, number>();
  for (const [i, value] of sorted.entries()) if (!ranks.has(value)) ranks.set(value, i + 1);
  return (text) => ranks.get(comparable(text)) as number;
}
