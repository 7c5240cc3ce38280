import type { ContextCounts } from '../index/count-index.ts';
import {
  backoffWeight,
  type Estimator,
  type Interpolation,
  interpolate,
  readsAllLevels,
  uniform,
} from './estimator.ts';

/**
 * Witten–Bell smoothing, interpolated (Witten & Bell 1991; Chen & Goodman 1998, section 2.4): as many times as another
 * word followed h for the first time, the lower level is asked.
 *
 *     P(w|h) = (n(hw) + T(h) · P(w|h')) / (n(h·) + T(h))
 */
export function wittenBell(vocabularySize: number): Estimator {
  const interpolation: Interpolation = {
    discounted: ({ count }) => count,
    mass: ({ followers }) => followers,
    denominator: ({ contextCount, followers }: ContextCounts) => contextCount + followers,
  };
  return {
    name: 'witten-bell',
    parameters: {},
    normalized: true,
    reads: readsAllLevels,
    probability: (levels) => interpolate(interpolation, levels, uniform(vocabularySize)),
    backoff: (context) => backoffWeight(interpolation, context),
  };
}
