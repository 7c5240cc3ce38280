import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { versionOf } from '../../index/corpus.ts';
import { invalidField } from '../invalid-fields.ts';
import { negotiate } from '../negotiation.ts';
import { askCorpus, chooseModel, readMinVersion } from '../questions/models.ts';
import { ContinuationsAnswer, ContinuationsQuery, defaultWords, maxWords } from '../schemas/continuations.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

type Query = Static<typeof ContinuationsQuery>;

/** The parameters that have no meaning for the words before a context. */
const ofTheNextWord = ['order', 'epsilon', 'lambda', 'discount', 'alpha', 'additive_k'] as const;

/** The most probable next words, or those that precede. */
export function continuations(services: Services): FastifyPluginAsyncTypebox {
  const { corpora, questions, bulk } = services;
  return async (app) => {
    app.get(
      '/corpora/:corpus/continuations',
      {
        config: { scope: 'read', atOnce: true },
        schema: {
          operationId: 'getContinuations',
          summary: 'The k most probable next words, or the words before',
          description:
            'Exact: the same as sorting the whole vocabulary by probability, ties by vocabulary id. With `side=left` the words that stand directly before the context in the corpus, by their counts, found in its text: the probability is n(wh) / Σ n(vh) over all words v. In a corpus of lines `<s>` stands before the first word of a line. The smoothing methods are refused there, since they are made for the next word: their lower orders drop the oldest words of the context, and so the word itself.',
          tags: ['Continuations'],
          params: CorpusPath,
          querystring: ContinuationsQuery,
          response: {
            200: ContinuationsAnswer,
            ...problemResponses(400, 404, 406, 409, 503, 507),
          },
        },
      },
      (request, reply) => {
        const { params, query } = request;
        if (query.side === 'left') return answerLeft(services, request, reply, params.corpus, query);
        if (negotiate(request, reply, 'Continuations', tableFormats) === 'csv') {
          const address = async () => (await chooseModel(corpora, params.corpus, '/query', query, {})).corpus;
          const { k: limit, ...question } = query;
          const words = questions.table(reply, 'continuations', { ...question, limit }, address);
          const file = `${params.corpus}.continuations`;
          return sendTable(bulk, request, reply, { file, columns: columns.continuations, parts: words });
        }
        return questions.answer(reply, 'continuations', listedWords(query), (ask) =>
          askCorpus(corpora, params.corpus, '/query', query, (corpus) => {
            request.asked = versionOf(corpus);
            return ask(corpus);
          }),
        );
      },
    );
  };
}

/** The words that precede a context. Throws `invalid-request` for what only concerns the next word. */
async function answerLeft(
  { corpora, questions, bulk }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  corpus: string,
  query: Query,
) {
  const { context, prefix, cursor, estimator = 'mle', k } = query;
  if (estimator !== 'mle') {
    throw invalidField(
      '/query/estimator',
      `side=left gives relative frequencies, which are estimator=mle; ${estimator} is defined for the next word, with side=right.`,
    );
  }
  for (const name of ofTheNextWord) {
    if (query[name] === undefined) continue;
    throw invalidField(
      `/query/${name}`,
      `${name} is a parameter of models of the next word, which side=left does not use.`,
    );
  }
  await readMinVersion(corpora, corpus, '/query', query);
  const question = { context, prefix, ...(cursor === undefined ? {} : { cursor }) };
  if (negotiate(request, reply, 'Continuations', tableFormats) === 'csv') {
    const address = () => corpora.textAddress(corpus);
    const parts = questions.table(reply, 'preceding', { ...question, limit: k }, address);
    return sendTable(bulk, request, reply, {
      file: `${corpus}.continuations`,
      columns: columns.continuations,
      parts,
    });
  }
  const { k: limit } = listedWords(query);
  return questions.answerOfText(reply, 'preceding', corpus, { ...question, limit });
}

/** The query of an answer in JSON, with the number of its words. Throws `invalid-request` above the maximum. */
function listedWords<Query extends { k?: number }>(query: Query): Query & { k: number } {
  const { k = defaultWords } = query;
  if (k <= maxWords) return { ...query, k };
  throw invalidField('/query/k', `An answer in JSON has at most ${maxWords} words; CSV has no maximum.`);
}
