import type { Fault, Faults } from './types.ts';

export interface FaultPlan extends Faults {
  /** The fault that hits this request, which counts as one hit. */
  take(method: string, pathname: string): Fault | undefined;
}

export function createFaults(): FaultPlan {
  let planned: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      if (fault.reset !== true && fault.status === undefined) throw new Error('a fault needs a status, or reset: true');
      planned.push({ fault, left: fault.times ?? 1 });
    },
    clear() {
      planned = [];
    },
    left: () => planned.reduce((sum, { left }) => sum + left, 0),
    take(method, pathname) {
      const hit = planned.find(
        ({ fault }) => fault.path.test(pathname) && (fault.method === undefined || fault.method === method),
      );
      if (hit === undefined) return undefined;
      hit.left -= 1;
      planned = planned.filter(({ left }) => left > 0);
      return hit.fault;
    },
  };
}
