import type { ApiKey } from '../access/api-keys.ts';
import { isProblem, NgramdError } from '../errors.ts';
import type { EstimatorName, EstimatorParameters } from '../estimators/catalogue.ts';
import { hasCounts } from '../index/kinds.ts';
import { differingSetting } from '../index/same-tokens.ts';
import type { ChosenModel } from '../model/tasks/asking.ts';
import { bodyParameters } from './estimator-parameters.ts';
import { belowPart, invalidField, movePointer } from './invalid-fields.ts';
import { chooseModel, type EstimatorChoice } from './questions/models.ts';
import { openInThread } from './questions/question-threads.ts';
import type { Services } from './services.ts';
import type { RequestedModel } from './worker-models.ts';

/** The model that texts are scored against, in JSON. */
export interface OtherModel extends EstimatorParameters {
  corpus: string;
  order?: number | undefined;
  estimator?: EstimatorName | undefined;
}

/** The fields of a request that choose the model that texts are scored against. */
export interface AgainstFields {
  against?: string | OtherModel;
  against_estimator?: EstimatorName;
  against_order?: number;
}

/** A request for scores against another model. */
interface RequestAgainst extends RequestedModel {
  choice: EstimatorChoice & AgainstFields;
}

/**
 * The model that a request scores against; undefined if it names none. What the request does not choose of it is as in
 * the model itself: the estimator with its parameters, and the order if the request has one. A corpus that is not made
 * of counts takes none of these, and is given none. Throws `unauthorized` or `forbidden` if the caller may not read its
 * corpus, `corpus-not-found` with the field, and `invalid-request` for a corpus that has other tokens.
 */
export async function modelAgainst(
  services: Services,
  request: RequestAgainst,
  key: ApiKey | undefined,
): Promise<ChosenModel | undefined> {
  const { part, choice } = request;
  const other = otherModel(request);
  if (other === undefined) return undefined;
  const { corpus: name } = other;
  services.access.require(key, 'read', name);
  const field = `${part}/against`;
  try {
    await openInThread(services, name);
    const { settings } = await services.corpora.open(request.corpus);
    const others = (await services.corpora.open(name)).settings;
    const differing = differingSetting(settings, others);
    if (differing !== undefined) {
      const detail = `${name} and ${request.corpus} differ in their ${differing}: their models do not score the same tokens, so that these cannot be compared.`;
      throw invalidField(field, detail);
    }
    const { order, estimator, ...own } = other;
    const isOwn = estimator !== undefined || !hasCounts(others);
    const parameters = isOwn ? own : { ...request.parameters, ...own };
    const chosen = hasCounts(others)
      ? { order: order ?? choice.order, estimator: estimator ?? choice.estimator }
      : { order, estimator };
    return await chooseModel(services.corpora, name, part, chosen, bodyParameters(parameters));
  } catch (error) {
    if (isProblem(error, 'corpus-not-found')) {
      const { code, message } = error;
      throw new NgramdError(code, message, [{ pointer: field, detail: message }]);
    }
    const prefix = typeof choice.against === 'object' ? `${field}/` : `${part}/against_`;
    const own = Object.entries(other).filter(([, value]) => value !== undefined);
    throw ['order', ...own.map(([name]) => name)].reduce(
      (moved: unknown, name) => movePointer(moved, `${part}/${name}`, prefix + name),
      error,
    );
  }
}

function otherModel({ part, choice }: RequestAgainst): OtherModel | undefined {
  const { against, against_estimator: estimator, against_order: order } = choice;
  const own = Object.entries({ against_estimator: estimator, against_order: order });
  const [stray] = own.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (typeof against === 'object') {
    if (stray === undefined) return against;
    throw invalidField(`${part}/${stray}`, 'The object `against` says this of the other model itself.');
  }
  if (against !== undefined) return { corpus: against, estimator, order };
  if (stray === undefined) return undefined;
  throw invalidField(
    `${part}/${stray}`,
    'This is about the model `against`, which the request does not name.',
  );
}

/** Converts an error of one of both models to one about the request: those of the other are below `/against`. */
export function locatedInBoth({ part, choice }: RequestAgainst): (error: unknown) => unknown {
  return (error) => {
    const located = belowPart(part, error);
    if (!(located instanceof NgramdError) || typeof choice.against === 'object') return located;
    const field = `${part}/against`;
    const errors = located.errors.map(({ pointer, detail }) => ({
      pointer: pointer.startsWith(`${field}/`) ? field : pointer,
      detail,
    }));
    return new NgramdError(located.code, located.message, errors);
  };
}
