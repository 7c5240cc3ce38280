import { type CorpusState, documentView, type SoakEstimator, sequencesOf } from './corpus-state.ts';
import { estimators } from './estimators.ts';
import { chance, oneOf, unseenWord, words } from './texts.ts';

/** A question about a corpus; `faultOf` returns the fault of an answer at a state, or undefined if it is correct. */
export interface Question {
  kind: string;
  path: string;
  body?: object;
  faultOf(state: CorpusState, answer: Answer): string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of every route, whose fields are compared one by one
export type Answer = any;

/** The allowed deviation of numbers from the formulas, which add in a different order. */
const tolerance = 1e-9;

/** A question that makes sense for a state, with words from the texts of some of its documents. */
export function anyQuestion(state: CorpusState): Question {
  return oneOf(kinds)(state);
}

const kinds: ((state: CorpusState) => Question)[] = [
  probability,
  probability,
  probabilities,
  continuations,
  score,
  batches,
  generate,
  corpus,
  documents,
  vocabulary,
  ngrams,
];

function probability(state: CorpusState): Question {
  const estimator = oneOf(estimators);
  const { context, word } = contextAndWord(state);
  const query = new URLSearchParams({ context: context.join(' '), word, ...queryOf(estimator) });
  return {
    kind: 'probability',
    path: `/probability?${query}`,
    faultOf: (state, answer) => faultOfProbability(state, estimator, context, word, answer),
  };
}

function probabilities(state: CorpusState): Question {
  const estimator = oneOf(estimators);
  const queries = Array.from({ length: 20 }, () => contextAndWord(state));
  return {
    kind: 'probabilities',
    path: '/probabilities',
    body: {
      queries: queries.map(({ context, word }) => ({ context: context.join(' '), word })),
      ...bodyOf(estimator),
    },
    faultOf: (state, { results }) =>
      unequal('results', results.length, queries.length) ??
      first(queries, ({ context, word }, i) =>
        faultOfProbability(state, estimator, context, word, results[i]),
      ),
  };
}

function faultOfProbability(
  state: CorpusState,
  estimator: SoakEstimator,
  context: string[],
  word: string,
  answer: Answer,
): string | undefined {
  return (
    unequal('context', answer.context.join(' '), context.join(' ')) ??
    unequal('in_vocabulary', answer.in_vocabulary, state.count([], word) > 0) ??
    far('probability', answer.probability, estimator.probability(state, context, word))
  );
}

function continuations(state: CorpusState): Question {
  const estimator = oneOf(estimators);
  const { context } = contextAndWord(state);
  const k = oneOf([1, 10, 100]);
  const query = new URLSearchParams({ context: context.join(' '), k: String(k), ...queryOf(estimator) });
  return {
    kind: 'continuations',
    path: `/continuations?${query}`,
    faultOf: (state, { continuations }) => {
      const all = state.vocabulary.map((word) => ({
        word,
        id: state.ids.get(word) as number,
        probability: estimator.probability(state, context, word),
      }));
      if (all.some(({ probability }) => probability === null))
        return unequal('continuations', continuations.length, 0);
      const countOf = (word: string) => estimator.count?.(state, context, word) ?? state.count(context, word);
      const ranked = all.sort((a, b) => (b.probability as number) - (a.probability as number) || a.id - b.id);
      return (
        unequal('how many', continuations.length, Math.min(k, ranked.length)) ??
        unequal(
          'distinct',
          new Set(continuations.map(({ word }: Answer) => word)).size,
          continuations.length,
        ) ??
        first(
          continuations as Answer[],
          ({ word, probability, count }, i) =>
            far(`probability of rank ${i + 1}`, probability, ranked[i].probability) ??
            far(`probability of ${word}`, probability, estimator.probability(state, context, word)) ??
            unequal(`count of ${word}`, count, countOf(word)),
        )
      );
    },
  };
}

function score(): Question {
  const estimator = oneOf(estimators);
  const texts = Array.from({ length: 5 }, () => words(2 + Math.floor(Math.random() * 10)).join(' '));
  return {
    kind: 'score',
    path: '/score',
    body: { texts, ...bodyOf(estimator) },
    faultOf: (state, { results }) =>
      first(texts, (text, i) => {
        const [sequence] = sequencesOf(state.settings, text);
        const scored = sequence[0] === '<s>' ? 1 : 0;
        const expected = logProbability(state, estimator, sequence, scored);
        return (
          unequal('tokens', results[i].tokens, sequence.length - scored) ??
          far('log_probability', results[i].log_probability, expected)
        );
      }),
  };
}

function generate(state: CorpusState): Question {
  const estimator = oneOf(estimators.filter(({ name }) => name !== 'stupid-backoff'));
  const { context: prompt } = contextAndWord(state);
  return {
    kind: 'generate',
    path: '/generate',
    body: { prompt: prompt.join(' '), max_tokens: 8, ...bodyOf(estimator) },
    faultOf: (state, { tokens, log_probability, finish_reason }) => {
      const begun = state.settings.sequences === 'line' ? ['<s>', ...prompt] : prompt;
      const end = finish_reason === 'stop' ? ['</s>'] : [];
      const sequence = [...begun, ...tokens];
      const unknown = tokens.find((token: string) => state.count([], token) === 0);
      const withoutEnd = logProbability(state, estimator, sequence, begun.length);
      const withEnd = logProbability(state, estimator, [...sequence, ...end], begun.length);
      return (
        unequal('a token that the corpus does not have', unknown, undefined) ??
        (far('log_probability', log_probability, withoutEnd) === undefined
          ? undefined
          : far('log_probability', log_probability, withEnd))
      );
    },
  };
}

function batches(): Question {
  const strategy = oneOf(['random', 'sequential']);
  const [rows, steps] = [oneOf([1, 2, 4]), oneOf([2, 5])];
  const query = new URLSearchParams({
    strategy,
    batch_size: String(rows),
    num_steps: String(steps),
    seed: String(Math.floor(Math.random() * 1000)),
    limit: '3',
    as: 'tokens',
  });
  return {
    kind: 'batches',
    path: `/batches?${query}`,
    faultOf: (state, { offset, tokens, num_batches, batches }) => {
      const { stream } = state;
      const usable = stream.length - offset - 1;
      const length = Math.floor(usable / rows);
      const expected =
        strategy === 'random' ? Math.floor(Math.floor(usable / steps) / rows) : Math.floor(length / steps);
      const isAt = (place: number, x: string[], y: string[]) =>
        x.every((token, i) => token === stream[place + i]) &&
        y.every((token, i) => token === stream[place + i + 1]);
      const isSomewhere = (x: string[], y: string[]) => {
        for (let place = offset; place + steps < stream.length; place += steps) {
          if (isAt(place, x, y)) return true;
        }
        return false;
      };
      return (
        unequal('tokens', tokens, stream.length) ??
        unequal('num_batches', num_batches, Math.max(0, expected)) ??
        unequal('batches', batches.length, Math.min(3, Math.max(0, expected))) ??
        first(batches as Answer[], ({ index, x, y }) =>
          first(x as string[][], (row, r) => {
            const isRight =
              strategy === 'random'
                ? isSomewhere(row, y[r])
                : isAt(offset + r * length + index * steps, row, y[r]);
            return row.length === steps && isRight
              ? undefined
              : `row ${r} of batch ${index} is not in the text`;
          }),
        )
      );
    },
  };
}

function corpus(): Question {
  return { kind: 'corpus', path: '', faultOf: faultOfCorpus };
}

/** The fault of the description of a corpus. */
export function faultOfCorpus(state: CorpusState, answer: Answer): string | undefined {
  const { settings, documents } = state;
  const orders = Array.from({ length: settings.order }, (_, i) => [...state.ngrams(i + 1).values()]);
  return (
    unequal('settings', [answer.tokenizer, answer.order, answer.sequences], Object.values(settings)) ??
    unequal('documents', answer.documents, documents.length) ??
    unequal('tokens', answer.tokens, state.stream.length) ??
    unequal('vocabulary_size', answer.vocabulary_size, state.vocabulary.length) ??
    first(orders, (counts, i) =>
      unequal(`n-grams of order ${i + 1}`, answer.ngrams[i], {
        order: i + 1,
        distinct: counts.length,
        total: counts.reduce((a, b) => a + b, 0),
      }),
    )
  );
}

function documents(): Question {
  return {
    kind: 'documents',
    path: '/documents?limit=1000',
    faultOf: ({ settings, documents }, { items }) =>
      unequal('documents', items.length, documents.length) ??
      first(documents, (document, i) => {
        const { created_at, ...item } = items[i];
        const expected = documentView(settings, document);
        // An id chosen by the server is not known before its answer.
        return unequal(`document ${i}`, item, document.id === '' ? { ...expected, id: item.id } : expected);
      }),
  };
}

function vocabulary(): Question {
  return {
    kind: 'vocabulary',
    path: '/vocabulary?limit=1000',
    faultOf: (state, { items }) =>
      unequal(
        'vocabulary',
        items.filter(({ count }: Answer) => count > 0),
        state.vocabulary.map((token) => ({ id: state.ids.get(token), token, count: state.count([], token) })),
      ),
  };
}

function ngrams({ settings }: CorpusState): Question {
  const order = 1 + Math.floor(Math.random() * settings.order);
  const limit = oneOf([5, 1000]);
  return {
    kind: 'ngrams',
    path: `/ngrams?order=${order}&limit=${limit}`,
    faultOf: (state, { items }) => {
      const counts = state.ngrams(order);
      const ranked = [...counts.values()].sort((a, b) => b - a).slice(0, limit);
      const given = items.map(({ ngram }: Answer) => ngram.join(' '));
      return (
        unequal(
          'counts',
          items.map(({ count }: Answer) => count),
          ranked,
        ) ??
        unequal('distinct', new Set(given).size, given.length) ??
        first(items as Answer[], ({ count }, i) =>
          unequal(`count of ${given[i]}`, count, counts.get(given[i])),
        )
      );
    },
  };
}

function contextAndWord(state: CorpusState): { context: string[]; word: string } {
  const length = Math.floor(Math.random() * state.settings.order);
  if (chance(0.3)) return { context: words(length), word: chance(0.2) ? unseenWord : oneOf(words(1)) };
  const all = oneOf(state.documents).text.split(/\s+/);
  const at = Math.floor(Math.random() * (all.length - length));
  return { context: all.slice(at, at + length), word: all[at + length] };
}

/** Σ log P of the tokens from a position onwards; null if one has no probability. */
function logProbability(
  state: CorpusState,
  estimator: SoakEstimator,
  sequence: string[],
  from: number,
): number | null {
  let sum = 0;
  for (let at = from; at < sequence.length; at++) {
    const context = sequence.slice(Math.max(0, at - state.settings.order + 1), at);
    const probability = estimator.probability(state, context, sequence[at]);
    if (probability === null || probability === 0) return null;
    sum += Math.log(probability);
  }
  return sum;
}

function queryOf({ name, parameters }: SoakEstimator): Record<string, string> {
  return { estimator: name, ...parameters };
}

function bodyOf({ name, parameters }: SoakEstimator): object {
  const lists = Object.entries(parameters).map(([key, list]) => [key, list.split(',').map(Number)]);
  return { estimator: name, ...Object.fromEntries(lists) };
}

function unequal(what: string, actual: unknown, expected: unknown): string | undefined {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value));
  return is === should ? undefined : `${what}: ${is?.slice(0, 500)} and not ${should?.slice(0, 500)}`;
}

function far(what: string, actual: number | null, expected: number | null): string | undefined {
  if (actual === expected) return undefined;
  const distance = Math.abs((actual as number) - (expected as number));
  const isNear =
    actual !== null && expected !== null && distance <= tolerance * Math.max(1, Math.abs(expected));
  return isNear ? undefined : `${what}: ${actual} and not ${expected}`;
}

/** The first fault found among the items. */
function first<Item>(
  items: readonly Item[],
  faultOf: (item: Item, i: number) => string | undefined,
): string | undefined {
  for (const [i, item] of items.entries()) {
    const fault = faultOf(item, i);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
