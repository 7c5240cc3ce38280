import type { Corpus, components } from '../../../clients/typescript/src/index.ts';
import { param, setParams } from '../place.ts';
import { useCorpus } from '../service/corpora.ts';
import { lacks } from '../service/kinds.ts';
import { NumberField } from './number-field.tsx';
import { fieldError } from './problem-note.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

type EstimatorName = components['schemas']['EstimatorName'];
type Parameter = keyof typeof parameters;

/** The parameters of estimators: what they are called, and what one types. */
const parameters = {
  epsilon: ['ε', 'For order 1, 2, …, such as 1, 0.5. Empty: 1.'],
  k: ['k', 'Added to every count. Empty: 1.'],
  lambda: ['λ', 'The weights of order 1, 2, …, which add up to 1. Empty: equal.'],
  discount: ['Discount', 'For order 1, 2, …, from 0 to 1. Empty: estimated from the text.'],
  alpha: ['α', 'The factor at each lower order, from 0 to 1. Empty: 0.4.'],
} as const;

const estimators: Record<EstimatorName, readonly [name: string, takes?: Parameter]> = {
  laplace: ['Laplace', 'epsilon'],
  'modified-kneser-ney': ['Modified Kneser–Ney'],
  'kneser-ney': ['Kneser–Ney'],
  'absolute-discounting': ['Absolute discounting', 'discount'],
  'witten-bell': ['Witten–Bell'],
  'jelinek-mercer': ['Jelinek–Mercer', 'lambda'],
  'stupid-backoff': ['Stupid back-off', 'alpha'],
  additive: ['Additive', 'k'],
  mle: ['Maximum likelihood'],
};

/** Which of several estimators of a view: its parameters have names in the URL that begin so. */
export interface Chooser {
  prefix?: string;
  /** The estimator if the URL has none. */
  standard: EstimatorName;
}

type EstimatorQuery = { estimator?: EstimatorName; order?: number } & Partial<
  Record<'epsilon' | 'lambda' | 'discount', number[]>
> &
  Partial<Record<'k' | 'alpha', number>>;

/**
 * The chosen estimator as parameters of a request. Their text goes to the service, which says what is wrong with it. A
 * corpus without counts has its own model, of which nothing can be chosen.
 */
export function chosenEstimator(chooser: Chooser, corpus: Corpus): EstimatorQuery {
  if (lacks(corpus, 'counts')) return {};
  const estimator = chosenName(chooser);
  const [, takes] = estimators[estimator];
  const { prefix = '' } = chooser;
  const value = takes && param(`${prefix}${takes}`).replaceAll(/\s/g, '');
  return {
    estimator,
    order: param(`${prefix}order`) as unknown as number,
    ...(takes === undefined ? {} : { [takes]: value }),
  } as EstimatorQuery;
}

/** The name of the chosen estimator, to be read. */
export function chosenTitle(chooser: Chooser): string {
  return estimators[chosenName(chooser)][0];
}

function chosenName({ prefix = '', standard }: Chooser): EstimatorName {
  const name = param(`${prefix}estimator`);
  return Object.hasOwn(estimators, name) ? (name as EstimatorName) : standard;
}

/** The fields of `estimatorFields`'s errors, which are shown here and need no note. */
export const estimatorFieldNames = ['estimator', 'order', ...Object.keys(parameters), 'additive_k'];

/** A choice of an estimator, its order and its parameter. */
export function EstimatorChooser({ error, ...chooser }: Chooser & { error?: Error }) {
  const { prefix = '', standard } = chooser;
  const name = chosenName(chooser);
  const [, takes] = estimators[name];
  const corpus = useCorpus();
  if (corpus === undefined || lacks(corpus, 'counts')) return null;
  const { order } = corpus;
  return (
    <div class="fields estimator">
      <SelectField
        label="Estimator"
        value={name}
        options={Object.entries(estimators).map(([value, [title]]) => [value, title])}
        error={fieldError(error, 'estimator')}
        onChange={(value) => setParams({ [`${prefix}estimator`]: value === standard ? '' : value })}
      />
      <NumberField
        label="Order"
        value={param(`${prefix}order`) || String(order)}
        min={1}
        max={order}
        error={fieldError(error, 'order')}
        onChange={(value) => setParams({ [`${prefix}order`]: value === String(order) ? '' : value })}
      />
      {takes === undefined ? null : (
        <TextField
          label={parameters[takes][0]}
          value={param(`${prefix}${takes}`)}
          hint={parameters[takes][1]}
          error={fieldError(error, takes) ?? fieldError(error, `additive_${takes}`)}
          onChange={(value) => setParams({ [`${prefix}${takes}`]: value })}
        />
      )}
    </div>
  );
}
