import { NgramdError } from '../../errors.ts';
import type { EstimatorParameters } from '../../estimators/catalogue.ts';
import type { AnyCorpus } from '../../index/corpus.ts';
import type { TokenId } from '../../index/count-index.ts';
import type { Explanation } from '../../model/explain.ts';
import type { LanguageModel, WordProbability } from '../../model/language-model.ts';
import { type LogBase, logUnit } from '../../model/log-base.ts';
import { spend } from '../../platform/turn.ts';
import { whenThere } from '../../platform/when-there.ts';
import { unknownId } from '../../text/reserved.ts';
import { bodyParameters, parameterNames, queryParameters } from '../estimator-parameters.ts';
import { toProblem } from '../problems/problem.ts';
import { estimatorJson, modelJson, numberJson } from '../views.ts';
import type { Query } from './check-query.ts';
import { type EstimatorChoice, modelOf } from './models.ts';
import {
  type CountedQuery,
  contextTokens,
  countQueries,
  droppedNote,
  readWord,
  unseenNote,
  type WordQuery,
} from './words.ts';

type TextQuery = Pick<Query, 'context' | 'word'>;

/** About how long a query takes, and so the characters of its texts, in microseconds. */
const queryTime = 20;
const characterTime = 0.1;

/** What answers contain. */
interface AnswerOptions {
  explain: boolean;
  log_base?: LogBase | undefined;
}

/** What `…/probability` is asked. */
export type ProbabilityQuestion = TextQuery & EstimatorChoice & EstimatorParameters & AnswerOptions;

/** P(word | context), in JSON; at once if the counts are in memory. */
export function probability(corpus: AnyCorpus, query: ProbabilityQuestion): string | Promise<string> {
  return whenThere(modelOf(corpus, '/query', query, queryParameters(query)), (model) => {
    const answers = answersOf(model, [readQuery(model, '/query', query)], query);
    return whenThere(answers, ([answer]) => {
      const note = answer.note ?? droppedNote(corpus.settings, query.context, model.order - 1);
      return probabilityJson(model, { ...answer, note });
    });
  });
}

function probabilityJson(model: LanguageModel, answer: ReturnType<typeof answerOf>): string {
  return `{${modelJson(model)},${answerJson(answer)}}`;
}

/** The fields of an answer. Written by hand, since a serializer for any object takes longer than the estimator. */
function answerJson(answer: ReturnType<typeof answerOf>): string {
  const { context, word, in_vocabulary, probability, log_probability, note, levels, backoff_levels, parts } =
    answer;
  const query = `"context":${JSON.stringify(context)},"word":${JSON.stringify(word)}`;
  const numbers = `"probability":${numberJson(probability)},"log_probability":${numberJson(log_probability)}`;
  const noteJson = note === undefined ? '' : `,"note":${JSON.stringify(note)}`;
  const levelsJson = levels === undefined ? '' : `,"levels":${JSON.stringify(levels)}`;
  const backoffJson =
    backoff_levels === undefined ? '' : `,"backoff_levels":${JSON.stringify(backoff_levels)}`;
  const partsJson = parts === undefined ? '' : `,"parts":${JSON.stringify(parts)}`;
  return `${query},"in_vocabulary":${in_vocabulary},${numbers}${noteJson}${levelsJson}${backoffJson}${partsJson}`;
}

/** What `…/probabilities` is asked; `instance` is the request's id. */
export interface ProbabilitiesQuestion extends EstimatorChoice, AnswerOptions {
  queries: readonly unknown[];
  parameters: EstimatorParameters;
  instance: string;
}

/** P(word | context) of each query, in JSON; one that is invalid has a problem in its place. */
export async function probabilities(
  corpus: AnyCorpus,
  { queries, parameters, explain, log_base, instance, ...choice }: ProbabilitiesQuestion,
) {
  // Schemas take 0.3 s to load, which a thread that answers other questions need not.
  const { checkQuery } = await import('./check-query.ts');
  const model = await modelOf(corpus, '/body', choice, parameters);
  spend(queryTime * queries.length);
  const results: string[] = new Array(queries.length);
  const groups = new QueryGroups(model);
  for (const [i, query] of queries.entries()) {
    const part = `/body/queries/${i}`;
    try {
      const checked = checkQuery(part, query);
      spend(characterTime * (checked.context.length + checked.word.length));
      const own = hasOwnModel(checked) ? await ownModel(corpus, part, checked, choice) : undefined;
      groups.add(i, readQuery(own ?? model, part, checked), own);
    } catch (error) {
      if (!(error instanceof NgramdError)) throw error;
      results[i] = JSON.stringify({ problem: toProblem(error, instance) });
    }
  }
  for (const { model, about, places, queries } of groups) {
    const answers = await answersOf(model, queries, { explain, log_base });
    for (const [j, answer] of answers.entries()) results[places[j]] = `{${answerJson(answer)}${about}}`;
  }
  return `{${modelJson(model)},"results":[${results.join()}]}`;
}

/** Queries of one model, with their places among all; `about` is what their results say of the model, in JSON. */
interface QueryGroup {
  readonly model: LanguageModel;
  readonly about: string;
  readonly places: number[];
  readonly queries: WordQuery[];
}

/** Queries by their models, so that what those of a model need is read at once. */
class QueryGroups implements Iterable<QueryGroup> {
  readonly #shared: QueryGroup;
  readonly #own = new Map<LanguageModel['estimator'], QueryGroup>();

  /** `model` is that of queries without one of their own. */
  constructor(model: LanguageModel) {
    this.#shared = { model, about: '', places: [], queries: [] };
  }

  add(place: number, query: WordQuery, own: LanguageModel | undefined): void {
    const group = own === undefined ? this.#shared : this.#groupOf(own);
    group.places.push(place);
    group.queries.push(query);
  }

  *[Symbol.iterator]() {
    if (this.#shared.queries.length > 0) yield this.#shared;
    yield* this.#own.values();
  }

  #groupOf(model: LanguageModel): QueryGroup {
    let group = this.#own.get(model.estimator);
    if (group === undefined) {
      group = { model, about: `,${estimatorJson(model)}`, places: [], queries: [] };
      this.#own.set(model.estimator, group);
    }
    return group;
  }
}

const ownFields = ['order', 'estimator', ...parameterNames] as const;

function hasOwnModel(query: Query): boolean {
  return ownFields.some((field) => query[field] !== undefined);
}

/** The model of a query that has its own; the order and the estimator that it leaves out are those of `choice`. */
function ownModel(corpus: AnyCorpus, part: string, query: Query, choice: EstimatorChoice) {
  const { order = choice.order, estimator = choice.estimator } = query;
  const own = { estimator, ...(order === undefined ? {} : { order }) };
  return modelOf(corpus, part, own, bodyParameters(query));
}

/** Reads a query. Throws `invalid-request` where its word is not one token. */
function readQuery(model: LanguageModel, part: string, { context, word }: TextQuery): WordQuery {
  const token = readWord(model.settings, word, `${part}/word`);
  return { word: token, context: contextTokens(model, context, `${part}/context`) };
}

/** Answers queries: all that they need is read at once. */
function answersOf(model: LanguageModel, queries: readonly WordQuery[], options: AnswerOptions) {
  return whenThere(countQueries(model, queries), (counted) => {
    const ids = counted.map(({ ids }) => ids);
    return whenThere(model.probabilities(ids, options.explain), (found) =>
      found.map((probability, i) => answerOf(model, counted[i], probability, options)),
    );
  });
}

function answerOf(
  { settings }: LanguageModel,
  query: CountedQuery,
  { probability, inVocabulary, explanation }: WordProbability,
  { log_base: base }: AnswerOptions,
) {
  const { context, word } = query;
  const { levels, backoff_levels, parts } = explanationView(query, explanation, unknownId(settings));
  return {
    context,
    word,
    in_vocabulary: inVocabulary,
    probability,
    log_probability: probability === null || probability === 0 ? null : Math.log(probability) / logUnit(base),
    note: probability === null ? unseenNote(context) : undefined,
    levels,
    backoff_levels,
    parts,
  };
}

const unexplained = { levels: undefined, backoff_levels: undefined, parts: undefined };

function explanationView(
  { context, word, ids }: CountedQuery,
  explanation: Explanation | undefined,
  unknown: TokenId,
) {
  if (explanation === undefined) return unexplained;
  if (explanation.of === 'mixture') {
    const parts = explanation.parts.map(({ corpus, weight, inVocabulary, probability }) => ({
      corpus,
      weight,
      in_vocabulary: inVocabulary,
      probability,
    }));
    return { ...unexplained, parts };
  }
  const whole = [...ids.context, ids.word];
  const counted = [...context, word].map((token, i) => (whole[i] === unknown ? '<unk>' : token));
  if (explanation.of === 'listed') {
    const backoffLevels = explanation.levels.map(({ order, isListed, backoff, probability }) => ({
      order,
      ngram: counted.slice(-order),
      listed: isListed,
      backoff,
      probability,
    }));
    return { ...unexplained, backoff_levels: backoffLevels };
  }
  const levels = explanation.levels.map(({ order, count, contextCount, probability }) => ({
    order,
    ngram: counted.slice(-order),
    count,
    context_count: contextCount,
    probability,
  }));
  return { ...unexplained, levels };
}
