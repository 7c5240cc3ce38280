import type { Static } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { EstimatorParameters } from '../../estimators/catalogue.ts';
import type { Corpus } from '../../index/corpora.ts';
import { type TokenId, UNKNOWN } from '../../index/count-index.ts';
import { type ExplainedLevel, explain } from '../../model/explain.ts';
import { spend } from '../../platform/turn.ts';
import { type ListedParameters, queryParameters } from '../estimator-parameters.ts';
import { toProblem } from '../problems/problem.ts';
import { QuerySchema } from '../schemas/probabilities.ts';
import { jsonChecker } from '../validation.ts';
import { modelView } from '../views.ts';
import { type EstimatorChoice, type Model, modelOf } from './models.ts';
import { type Context, readContext, readWord, unseenNote } from './words.ts';

type Query = Static<typeof QuerySchema>;

const checkQuery = jsonChecker<Query>(QuerySchema);

/** About how long a query takes, and so the characters of its texts, in microseconds. */
const queryTime = 20;
const characterTime = 0.1;

/** What `…/probability` is asked. */
export type ProbabilityQuestion = Query & EstimatorChoice & ListedParameters & { explain: boolean };

/** P(word | context). */
export function probability(corpus: Corpus, query: ProbabilityQuestion) {
  const model = modelOf(corpus, '/query', query, queryParameters(query));
  // Written out, since an object made of others costs more here than the estimator does.
  const { version, estimator, normalized } = modelView(model);
  const answer = answerQuery(model, '/query', query, query.explain);
  const { context, word, in_vocabulary, probability, log_probability, note, levels } = answer;
  return {
    version,
    estimator,
    normalized,
    context,
    word,
    in_vocabulary,
    probability,
    log_probability,
    note,
    levels,
  };
}

/** What `…/probabilities` is asked; `instance` is the request's id. */
export interface ProbabilitiesQuestion extends EstimatorChoice {
  queries: readonly unknown[];
  parameters: EstimatorParameters;
  explain: boolean;
  instance: string;
}

/** P(word | context) of each query; one that is invalid has a problem in its place. */
export function probabilities(
  corpus: Corpus,
  { queries, parameters, explain, instance, ...choice }: ProbabilitiesQuestion,
) {
  const model = modelOf(corpus, '/body', choice, parameters);
  spend(queryTime * queries.length);
  const results = queries.map((query, i) => {
    const part = `/body/queries/${i}`;
    try {
      const checked = checkQuery(part, query);
      spend(characterTime * (checked.context.length + checked.word.length));
      return answerQuery(model, part, checked, explain);
    } catch (error) {
      if (!(error instanceof NgramdError)) throw error;
      return { problem: toProblem(error, instance) };
    }
  });
  return { ...modelView(model), results };
}

function answerQuery(
  { corpus, order: maxOrder, estimator }: Model,
  part: string,
  query: Query,
  explained: boolean,
) {
  const { index } = corpus;
  const { token, id, inVocabulary } = readWord(corpus, query.word, `${part}/word`);
  const context = readContext(corpus, query.context, maxOrder);
  const probability = estimator.probability(
    index.levels(context.ids, id, estimator.reads(context.ids.length + 1)),
  );
  return {
    context: context.tokens,
    word: token,
    in_vocabulary: inVocabulary,
    probability,
    log_probability: probability === null || probability === 0 ? null : Math.log(probability),
    note: probability === null ? unseenNote(context) : undefined,
    levels: explained
      ? explain(estimator, index, context.ids, id).map(levelView(context, token, id))
      : undefined,
  };
}

function levelView({ tokens, ids }: Context, word: string, wordId: TokenId) {
  const whole = [...ids, wordId];
  const counted = [...tokens, word].map((token, i) => (whole[i] === UNKNOWN ? '<unk>' : token));
  return ({ order, count, contextCount, probability }: ExplainedLevel) => ({
    order,
    ngram: counted.slice(-order),
    count,
    context_count: contextCount,
    probability,
  });
}
