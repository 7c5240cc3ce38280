import type { EstimatorParameters } from '../estimators/catalogue.ts';

/** The names of all parameters of estimators. */
export const parameterNames = ['epsilon', 'k', 'lambda', 'discount', 'alpha'] as const;

/** The estimators' parameters of a query. */
export function queryParameters({ epsilon, k, lambda, discount, alpha }: EstimatorParameters) {
  return { epsilon, k, lambda, discount, alpha };
}

/** The estimators' parameters of a JSON body; absent ones are omitted. */
export function bodyParameters(body: EstimatorParameters): EstimatorParameters {
  const present = parameterNames.filter((name) => body[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, body[name]]));
}
