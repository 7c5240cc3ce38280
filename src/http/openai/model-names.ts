import { NgramdError } from '../../errors.ts';
import { type EstimatorName, estimatorNames } from '../../estimators/catalogue.ts';
import { quoted } from '../quoted.ts';
import { CorpusName } from '../schemas/corpora.ts';
import { jsonTest } from '../validation.ts';

/** A corpus with an estimator, as a model of OpenAI's API. */
export interface NamedModel {
  corpus: string;
  /** Undefined if the name is that of the corpus alone. */
  estimator: EstimatorName | undefined;
}

const isCorpusName = jsonTest<string>(CorpusName);
const isEstimator = (name: string | undefined): name is EstimatorName | undefined =>
  name === undefined || (estimatorNames as string[]).includes(name);

/**
 * Reads the name of a model, `corpus` or `corpus:estimator`. If `only` is given, it must be of this corpus. Throws
 * `corpus-not-found`, with the pointer of the name.
 */
export function readModelName(name: string, pointer: string, only?: string): NamedModel {
  const [corpus, estimator, ...rest] = name.split(':');
  const isOther = only !== undefined && corpus !== only;
  if (rest.length > 0 || isOther || !isCorpusName(corpus) || !isEstimator(estimator)) {
    throw noSuchModel(name, pointer, only ?? '<corpus>');
  }
  return { corpus, estimator };
}

/** The error for the name of a model with an estimator whose corpus is not made of counts. */
export function notOfCounts(name: string, pointer: string, corpus: string): NgramdError {
  return notFound(
    pointer,
    `There is no model ${quoted(name)}: ${corpus} is not made of counts, and has one model, ${corpus}.`,
  );
}

function noSuchModel(name: string, pointer: string, corpus: string): NgramdError {
  return notFound(
    pointer,
    `There is no model ${quoted(name)} here. A model is ${corpus}, or ${corpus}:<estimator> with one of ${estimatorNames.join(', ')}.`,
  );
}

function notFound(pointer: string, detail: string): NgramdError {
  return new NgramdError('corpus-not-found', detail, [{ pointer, detail }]);
}
