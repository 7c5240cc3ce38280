import { Counter, Histogram, type Registry } from 'prom-client';
import type { Stage } from '../platform/stage.ts';

/** From a millisecond to a quarter of an hour, in seconds. */
const buckets = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

/**
 * Times every stage and counts those that fail, by the code that `codeOf` gives their errors. `run` runs a stage, traced
 * where traces are sent.
 */
export function measureStages(registry: Registry, run: Stage, codeOf: (error: unknown) => string): Stage {
  const duration = new Histogram({
    name: 'ngramd_stage_duration_seconds',
    help: 'How long stages of work took, those that failed too',
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
