import { Counter, Histogram, type Registry } from 'prom-client';
import type { Stage } from '../platform/stage.ts';

/** From a millisecond to a quarter of an hour, in seconds. */
const buckets = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

/**
 * Times every stage and counts those that fail, by the code that `codeOf` returns for their errors. `run` runs a stage,
 * with a trace if traces are exported.
 */
export function measureStages(registry: Registry, run: Stage, codeOf: (error: unknown) => string): Stage {
  const duration = new Histogram({
    name: 'ngramd_stage_duration_seconds',
    help: 'Duration of stages of work, including failed ones',
    labelNames: ['stage'],
    buckets,
    registers: [registry],
  });
  const failures = new Counter({
    name: 'ngramd_stage_failures_total',
    help: 'Stages of work that failed, by the code of the problem',
    labelNames: ['stage', 'code'],
    registers: [registry],
  });
  return async (stage, work) => {
    const end = duration.startTimer({ stage });
    try {
      return await run(stage, work);
    } catch (error) {
      failures.inc({ stage, code: codeOf(error) });
      throw error;
    } finally {
      end();
    }
  };
}
