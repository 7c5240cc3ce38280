import type { components } from '../../../../clients/typescript/src/index.ts';
import type { Call } from '../../service/call.ts';

export type Stats = components['schemas']['Stats'];

/** What a panel with a part of the figures needs. */
export interface StatsProps {
  call: Call<Stats>;
  stats: Stats;
}
