import type { Fault, Faults, RequestLimit } from './types.ts';

export interface FaultPlan extends Faults {
  /** The fault that hits this request, which counts as one hit. */
  take(method: string, pathname: string): Fault | undefined;
}

export function createFaults(): FaultPlan {
  let planned: { fault: Fault; left: number }[] = [];
  let limits: { limit: RequestLimit; times: number[] }[] = [];

  /** The answer above a limit, which counts what it lets through. */
  function limited(method: string, pathname: string): Fault | undefined {
    for (const entry of limits) {
      const { limit } = entry;
      if (!matches(limit, method, pathname)) continue;
      const now = Date.now();
      entry.times = entry.times.filter((time) => now - time < limit.milliseconds);
      const [oldest = now] = entry.times;
      if (entry.times.length >= limit.most) {
        const seconds = Math.ceil((limit.milliseconds - (now - oldest)) / (limit.secondMs ?? 1000));
        return {
          path: limit.path,
          status: 403,
          headers: limit.retryAfter === false ? {} : { 'retry-after': String(Math.max(1, seconds)) },
          body: {
            message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
            documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
          },
        };
      }
      entry.times.push(now);
    }
    return undefined;
  }

  return {
    add(fault) {
      if (fault.reset !== true && fault.status === undefined && fault.until === undefined)
        throw new Error('a fault needs a status, reset: true, or something to wait for');
      planned.push({ fault, left: fault.times ?? 1 });
    },
    limit(limit) {
      limits.push({ limit, times: [] });
    },
    clear() {
      planned = [];
      limits = [];
    },
    left: () => planned.reduce((sum, { left }) => sum + left, 0),
    take(method, pathname) {
      const hit = planned.find(({ fault }) => matches(fault, method, pathname));
      if (hit === undefined) return limited(method, pathname);
      hit.left -= 1;
      planned = planned.filter(({ left }) => left > 0);
      return hit.fault;
    },
  };
}

function matches(what: { path: RegExp; method?: string }, method: string, pathname: string): boolean {
  return what.path.test(pathname) && (what.method === undefined || what.method === method);
}
