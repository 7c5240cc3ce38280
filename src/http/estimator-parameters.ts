import type { EstimatorParameters } from '../estimators/catalogue.ts';
import { invalidField } from './invalid-fields.ts';
import { parseNumber } from './numbers.ts';

/** The estimators' parameters as written in a query, with lists such as `1,0.5,0.25`. */
export interface ListedParameters {
  epsilon?: string | undefined;
  k?: number | undefined;
  lambda?: string | undefined;
  discount?: string | undefined;
  alpha?: number | undefined;
}

/** The estimators' parameters of a query. */
export function queryParameters(query: ListedParameters): EstimatorParameters {
  return {
    epsilon: parseNumbers('epsilon', query.epsilon),
    k: query.k,
    lambda: parseNumbers('lambda', query.lambda),
    discount: parseNumbers('discount', query.discount),
    alpha: query.alpha,
  };
}

/** The estimators' parameters of a JSON body; absent ones are omitted. */
export function bodyParameters(body: EstimatorParameters): EstimatorParameters {
  const names = ['epsilon', 'k', 'lambda', 'discount', 'alpha'] as const;
  const present = names.filter((name) => body[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, body[name]]));
}

/** The numbers of a list in a query. Throws `invalid-request` if one of them is not a number. */
function parseNumbers(name: string, list: string | undefined): number[] | undefined {
  return list?.split(',').map((text) => {
    const number = parseNumber(text);
    if (number !== undefined) return number;
    throw invalidField(
      `/query/${name}`,
      `The parameter ${name} must be finite numbers in JSON's syntax, separated by commas, such as 1,0.5,2.5e-1; ${JSON.stringify(text)} is not.`,
    );
  });
}
