import type { EstimatorParameters } from '../estimators/catalogue.ts';

/** The names of all parameters of estimators. */
export const parameterNames = ['epsilon', 'k', 'lambda', 'discount', 'alpha'] as const;

/** The parameters that have a value for each order. In a query they are repeated, or separated by commas. */
export const listParameters: ReadonlySet<string> = new Set(['epsilon', 'lambda', 'discount']);

/** The estimators' parameters of a query. */
export function queryParameters({ epsilon, k, lambda, discount, alpha }: EstimatorParameters) {
  return { epsilon, k, lambda, discount, alpha };
}

/** The estimators' parameters of a JSON body; absent ones are omitted. */
export function bodyParameters(body: EstimatorParameters): EstimatorParameters {
  const present = parameterNames.filter((name) => body[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, body[name]]));
}
