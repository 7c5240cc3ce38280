import type { Estimator, EstimatorDescription } from '../estimator.ts';
import { InterpolatedEstimator } from './interpolated-estimator.ts';
import { MixtureEstimator } from './mixture-estimator.ts';
import { ScaledBackoffEstimator } from './scaled-backoff-estimator.ts';
import { StandAloneEstimator } from './stand-alone-estimator.ts';

/** The estimator of a description, which may come from another thread. */
export function estimatorOf({ name, parameters, numbers }: EstimatorDescription): Estimator {
  switch (numbers.form) {
    case 'interpolation':
      return new InterpolatedEstimator(name, parameters, numbers);
    case 'stand-alone':
      return new StandAloneEstimator(name, parameters, numbers);
    case 'mixture':
      return new MixtureEstimator(name, parameters, numbers);
    case 'scaled back-off':
      return new ScaledBackoffEstimator(name, parameters, numbers);
  }
}
