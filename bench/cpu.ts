import { readFileSync } from 'node:fs';

/**
 * The processor times of a process in `/proc/<pid>/stat`, in hundredths of a second, after its name: its own, and its
 * children's.
 */
const own = [11, 12];
const ofChildren = [13, 14];

/**
 * The processor time that a process takes for some work, in user and system mode, in seconds; for this one, which is
 * `self`, that of the children that have ended. Undefined if the system does not report it.
 */
export async function cpuOf(pid: number | 'self', work: () => Promise<unknown>): Promise<number | undefined> {
  const before = cpuOfProcess(pid);
  await work();
  const after = cpuOfProcess(pid);
  return before === undefined || after === undefined ? undefined : after - before;
}

function cpuOfProcess(pid: number | 'self'): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (pid === 'self' ? ofChildren : own).reduce((sum, field) => sum + Number(fields[field]), 0) / 100;
  } catch {
    return undefined;
  }
}
