/** How a person uses the types of the API: compiled by `types.test.ts` under strict settings, and not run. */
import createClient from 'openapi-fetch';
import type { components, paths } from '../../clients/typescript/src/schema.ts';

type Schemas = components['schemas'];

const api = createClient<paths, 'application/json' | 'application/problem+json'>();
const params = { path: { corpus: 'timemachine' } };

/** The parameters of an estimator, told apart by its name. */
export function parametersOf(estimator: Schemas['Estimator']): number[] {
  switch (estimator.name) {
    case 'laplace':
      return estimator.epsilon;
    case 'additive':
      // @ts-expect-error: it has k, and no ε.
      return [estimator.k, ...estimator.epsilon];
    case 'modified-kneser-ney':
      return estimator.discounts.flat();
    // @ts-expect-error: there is no such estimator.
    case 'good-turing':
      return [];
    default:
      return [];
  }
}

export async function useProbabilities() {
  const query = { word: 'traveller', estimator: 'laplace', epsilon: [1, 0.5], order: 2 } as const;
  const { data, error } = await api.GET('/v1/corpora/{corpus}/probability', {
    params: { ...params, query: { ...query, epsilon: [...query.epsilon] } },
  });
  if (error !== undefined) {
    const isMissing: boolean = error.type === '/problems#corpus-not-found';
    // @ts-expect-error: there is no such kind of problem.
    return isMissing || error.type === '/problems#nothing';
  }
  // @ts-expect-error: it is null where the estimator defines none.
  data.probability.toFixed();
  // @ts-expect-error: a tokenizer is one of a few.
  const corpus: Pick<Schemas['Corpus'], 'tokenizer'> = { tokenizer: 'sentencepiece' };
  const body: Schemas['ProbabilitiesRequest'] = {
    queries: [{ word: 'machine' }, { word: 'time', estimator: 'mle' }],
  };
  const many = await api.POST('/v1/corpora/{corpus}/probabilities', { params, body });
  for (const result of many.data?.results ?? []) {
    // @ts-expect-error: a result may be a problem.
    result.in_vocabulary;
    if ('problem' in result) console.log(result.problem.detail, result.problem.errors?.[0]?.pointer);
    else console.log(result.word.length + result.context.length, result.levels?.[0]?.count, corpus);
  }
  return data.version + (data.log_probability ?? 0);
}

export function useBatches(page: Schemas['Batches']): number | string | undefined {
  // @ts-expect-error: x holds ids or tokens.
  const mixed: number = page.batches[0]?.x[0]?.[0] ?? 0;
  if (page.as === 'tokens') return page.batches[0]?.x[0]?.[0]?.toUpperCase();
  return mixed + (page.batches[0]?.y[0]?.[0] ?? 0) + (page.next_start ?? page.tokens);
}

export function useStreams(record: Schemas['ScoreRecord'], { event, data }: Schemas['JobEvent']): number {
  if (event === 'end' && data.state === 'succeeded') return data.result.status;
  if (data.state === 'failed') return data.problem.status;
  // @ts-expect-error: a job in progress has no result.
  if (data.state === 'counting') return data.result.status;
  if ('problem' in record) return record.problem.status;
  return 'continued' in record ? record.per_token.length : (record.log_probability ?? record.tokens);
}

// @ts-expect-error: a request needs its word.
export const withoutWord = () => api.GET('/v1/corpora/{corpus}/probability', { params });
