import { readdir, readFile } from 'node:fs/promises';

/** Name of the variable by which the runner knows the processes that a job left behind. */
export const TRACKING_VARIABLE = 'RUNNER_TRACKING_ID';

/** Kills the processes that a job left running: those with its tracking id in their environment. */
export async function killOrphans(trackingId: string): Promise<number> {
  const wanted = `${TRACKING_VARIABLE}=${trackingId}`;
  let killed = 0;
  for (const entry of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(entry)) continue;
    const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(wanted)) continue;
    try {
      process.kill(Number(entry), 'SIGKILL');
      killed++;
    } catch {
      // It has ended in the meantime.
    }
  }
  return killed;
}
