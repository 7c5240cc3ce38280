/** Something that must hold for the service to be ready. Answers a remark; throws an error that says what is wrong. */
export type ReadinessCheck = () => string | Promise<string>;

/** How a check came out. */
export interface CheckResult {
  name: string;
  ok: boolean;
  detail: string;
}

/** Runs all checks, by name. */
export function runChecks(checks: Record<string, ReadinessCheck>): Promise<CheckResult[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return { name, ok: true, detail: await check() };
      } catch (error) {
        return { name, ok: false, detail: (error as Error).message };
      }
    }),
  );
}
