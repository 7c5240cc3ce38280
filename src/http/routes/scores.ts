import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { NgramdError, type Outcome, resultOf } from '../../errors.ts';
import type { Corpora } from '../../index/corpora.ts';
import type { ModelDescription } from '../../model/model.ts';
import {
  addScores,
  inVocabularyPerplexity,
  perplexity,
  type ScoreOptions,
  type TextScore,
  type TokenScore,
} from '../../model/score.ts';
import { lineBlocks, mapInOrder } from '../line-blocks.ts';
import {
  bodyParameters,
  chooseModel,
  EstimatorFields,
  EstimatorQuery,
  estimatorField,
  inWorker,
  ModelAnswer,
  modelView,
  queryParameters,
} from '../model-query.ts';
import { problemResponses, toProblem } from '../problem.ts';
import { CorpusPath, textStreams } from '../schemas.ts';
import type { Services } from '../services.ts';
import { textOfBody } from '../uploads.ts';
import { invalidField } from '../validation.ts';

const maxTexts = 10_000;

const switches = {
  bos: Type.Optional(
    Type.Boolean({
      description: 'In a corpus of lines, whether `<s>` stands before each; it does if left out',
    }),
  ),
  eos: Type.Optional(
    Type.Boolean({
      description: 'In a corpus of lines, whether `</s>` is scored after each; it is if left out',
    }),
  ),
  per_token: Type.Optional(Type.Boolean({ description: "Whether each token's score is answered" })),
  summary: Type.Optional(Type.Boolean({ description: 'Whether the totals alone are answered' })),
};

/** The parameters, for bodies of either kind. */
const ScoreQuery = Type.Object(
  { ...EstimatorQuery, k: EstimatorFields.k, ...switches },
  { additionalProperties: false },
);

/** JSON may hold the parameters too; they win over those of the query. */
const ScoreBody = Type.Object(
  {
    texts: Type.Array(Type.String(), { minItems: 1, maxItems: maxTexts }),
    ...EstimatorFields,
    estimator: Type.Optional(estimatorField({})),
    ...switches,
  },
  {
    additionalProperties: false,
    examples: [{ texts: ['the time traveller came back', 'the thyme traveller came back'] }],
  },
);

const NullableNumber = (description: string) =>
  Type.Unsafe<number | null>({ type: ['number', 'null'], description });

const score = {
  tokens: Type.Integer({ description: 'How many were scored; `</s>` is one' }),
  log_probability: NullableNumber(
    'Of the whole, natural logarithm; null where a probability is 0 or there is none',
  ),
  perplexity: NullableNumber('exp(-log_probability / tokens)'),
  perplexity_in_vocabulary: NullableNumber('The same without the words that the corpus does not have'),
  out_of_vocabulary: Type.Integer({
    description:
      'How many tokens the corpus does not have as they are written. They are scored as `<unk>` where the corpus counts a literal `<unk>`',
  }),
};

const perToken = Type.Optional(
  Type.Array(
    Type.Object({
      token: Type.String(),
      log_probability: NullableNumber('Given the tokens before it'),
      in_vocabulary: Type.Boolean({ description: 'Whether the corpus has the token as it is written' }),
      order: Type.Integer({
        description:
          'Length of the longest n-gram that ends here and that the corpus has, with `<unk>` in the place of unknown tokens where it is counted; 0 for none',
      }),
    }),
  ),
);

const Answer = Type.Object(
  {
    ...ModelAnswer,
    results: Type.Optional(
      Type.Array(
        Type.Object({
          ...Type.Partial(Type.Object(score)).properties,
          rank: Type.Optional(
            Type.Integer({ description: '1 for the most probable of the texts; equals share a rank' }),
          ),
          per_token: perToken,
          problem: Type.Optional(Type.Ref('Problem')),
        }),
        { description: 'Of each text, in their order' },
      ),
    ),
    texts: Type.Optional(Type.Integer({ description: 'With `summary`: how many there were' })),
    ...Type.Partial(Type.Object(score)).properties,
  },
  { description: 'The scores; with `summary` their totals' },
);

/** The probability of whole texts. Belongs into a scope that accepts texts. */
export function scores(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/score',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'scoreTexts',
          summary: 'The joint probability and perplexity of texts',
          description:
            'JSON: up to 10,000 texts, ranked. A text without tokens gets its `problem` in its own place. `text/plain`: a text a line, of any length; the answers stream back as NDJSON `{line, version, tokens, …}`, one for each line, while the lines come in; where the body breaks off after that, so does the answer. In a corpus of lines each line stands between `<s>` and `</s>`.',
          tags: ['Scores'],
          params: CorpusPath,
          querystring: ScoreQuery,
          body: {
            content: {
              'application/json': { schema: ScoreBody },
              'text/plain': { schema: { type: 'string', description: 'A text a line, in UTF-8' } },
              ...textStreams('A text a line, in UTF-8'),
            },
          },
          response: {
            200: {
              description: 'The scores',
              content: {
                'application/json': { schema: Answer },
                'application/x-ndjson': {
                  schema: Type.Unsafe<unknown>({ type: 'string', description: 'The score of each line' }),
                },
              },
            },
            ...problemResponses(400, 404, 413, 415, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const { body, query, id } = request;
        const { corpus } = request.params;
        if (body instanceof Readable) {
          const text = textOfBody(request, services.config.MAX_UPLOAD_BYTES);
          const answers = await answerLines(services, corpus, query, text, id);
          return 'summary' in answers
            ? answers.summary
            : reply.type('application/x-ndjson').send(answers.lines);
        }
        if (body === undefined || body === null) throw nothingToScore();
        return answerTexts(services, corpus, query, body as Static<typeof ScoreBody>, id);
      },
    );
  };
}

async function answerTexts(
  { corpora, workers }: Services,
  name: string,
  query: Static<typeof ScoreQuery>,
  body: Static<typeof ScoreBody>,
  instance: string,
) {
  const part = '/body';
  const fields = { ...query, ...body };
  const parameters = { ...queryParameters(query), ...bodyParameters(body) };
  const options = chooseOptions(corpora, name, part, fields);
  const chosen = await chooseModel(corpora, name, part, fields, parameters);
  const { model, scores } = await inWorker(
    part,
    workers.ask('scoreTexts', { ...chosen, options, texts: body.texts }),
  );
  const readable = scores.map((score, i) => inText(score, `${part}/texts/${i}`));
  if (fields.summary === true) return summaryView(model, readable.map(resultOf));
  const rankOf = ranking(readable);
  const results = readable.map((score) => ({ ...outcomeView(score, instance), ...rankOf(score) }));
  return { ...modelView(model), results };
}

/** Scores a stream of lines, block by block in the workers, in their order and no faster than the answers go out. */
async function answerLines(
  { corpora, workers }: Services,
  name: string,
  query: Static<typeof ScoreQuery>,
  text: AsyncIterable<Uint8Array>,
  instance: string,
) {
  const part = '/query';
  const options = chooseOptions(corpora, name, part, query);
  const chosen = await chooseModel(corpora, name, part, query, queryParameters(query));
  const blocks = lineBlocks(text);

  if (query.summary === true) {
    const answers = mapInOrder(blocks, workers.threads, (block) =>
      inWorker(part, workers.ask('scoreAllLines', { ...chosen, options, ...block })),
    );
    const sums: TextScore[] = [];
    let model: ModelDescription | undefined;
    let texts = 0;
    for await (const answer of answers) {
      if (model !== undefined && model.version !== answer.model.version) throw changedMeanwhile();
      model = answer.model;
      texts += answer.lines;
      sums.push(answer.score);
    }
    if (model === undefined) throw nothingToScore();
    return { summary: { ...summaryView(model, sums), texts } };
  }

  const answers = mapInOrder(blocks, workers.threads, async (block) => ({
    ...(await inWorker(part, workers.ask('scoreEachLine', { ...chosen, options, ...block }))),
    firstLine: block.firstLine,
  }));
  // Before the first answer is there, an error can still have its own status.
  const first = await answers.next();
  if (first.done === true) throw nothingToScore();
  return { lines: Readable.from(linesView(first.value, answers, instance), { highWaterMark: 1 }) };
}

interface LinesAnswer {
  model: ModelDescription;
  scores: Outcome<TextScore>[];
  firstLine: number;
}

async function* linesView(
  first: LinesAnswer,
  rest: AsyncIterable<LinesAnswer>,
  instance: string,
): AsyncGenerator<string, void> {
  const view = ({ model, scores, firstLine }: LinesAnswer) => {
    const { version, normalized } = modelView(model);
    const about = normalized === undefined ? { version } : { version, normalized };
    return scores
      .map((score, i) => {
        const line = { line: firstLine + i, ...about, ...outcomeView(score, instance) };
        return `${JSON.stringify(line)}\n`;
      })
      .join('');
  };
  yield view(first);
  for await (const answer of rest) yield view(answer);
}

/** How texts are scored. Throws `invalid-request` where marks of lines are asked for and there are none. */
function chooseOptions(
  corpora: Corpora,
  name: string,
  part: string,
  { bos, eos, per_token }: Pick<Static<typeof ScoreQuery>, 'bos' | 'eos' | 'per_token'>,
): ScoreOptions {
  const { sequences } = corpora.read(name, ({ reader }) => reader.settings);
  for (const [field, value] of Object.entries({ bos, eos })) {
    if (value === undefined || sequences === 'line') continue;
    throw invalidField(`${part}/${field}`, 'This corpus has no <s> and </s>: its sequences are documents.');
  }
  return { bos: bos ?? true, eos: eos ?? true, perToken: per_token ?? false };
}

/** A total is of one version. An index in memory keeps its version; the file goes on to the next. */
function changedMeanwhile(): NgramdError {
  return new NgramdError(
    'index-not-ready',
    'The corpus was changed while its lines were scored, and its index was not in memory. Ask again.',
  );
}

function nothingToScore(): NgramdError {
  const detail = 'The body is empty: there is nothing to score.';
  return new NgramdError('empty-text', detail, [{ pointer: '/body', detail }]);
}

/** A problem of a text with a pointer to it. */
function inText(outcome: Outcome<TextScore>, pointer: string): Outcome<TextScore> {
  if (!('problem' in outcome)) return outcome;
  const { code, message } = outcome.problem;
  return { problem: { code, message, errors: [{ pointer, detail: message }] } };
}

/** Gives each score its rank by falling probability; those without a probability come last. */
function ranking(scores: readonly Outcome<TextScore>[]) {
  const comparable = ({ logProbability }: TextScore) =>
    Number.isNaN(logProbability) ? Number.NEGATIVE_INFINITY : logProbability;
  const sorted = scores
    .flatMap((score) => ('result' in score ? [comparable(score.result)] : []))
    .sort((a, b) => b - a);
  const ranks = new Map<number, number>();
  for (const [i, value] of sorted.entries()) if (!ranks.has(value)) ranks.set(value, i + 1);
  return (score: Outcome<TextScore>) =>
    'result' in score ? { rank: ranks.get(comparable(score.result)) as number } : {};
}

function outcomeView(outcome: Outcome<TextScore>, instance: string) {
  if ('result' in outcome) return scoreView(outcome.result);
  try {
    return resultOf(outcome) as never;
  } catch (error) {
    return { problem: toProblem(error, instance) };
  }
}

function summaryView(model: ModelDescription, scores: readonly TextScore[]) {
  return { ...modelView(model), texts: scores.length, ...scoreView(addScores(scores)) };
}

function scoreView(score: TextScore) {
  return {
    tokens: score.tokens,
    log_probability: finite(score.logProbability),
    perplexity: finite(perplexity(score.logProbability, score.tokens)),
    perplexity_in_vocabulary: finite(inVocabularyPerplexity(score)),
    out_of_vocabulary: score.outOfVocabulary,
    ...(score.perToken === undefined ? {} : { per_token: score.perToken.map(tokenView) }),
  };
}

function tokenView({ token, logProbability, inVocabulary, order }: TokenScore) {
  return { token, log_probability: finite(logProbability), in_vocabulary: inVocabulary, order };
}

/** JSON has no other numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
