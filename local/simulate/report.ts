/** The table of what was simulated, beside what is promised. */
import { aligned } from '../aligned.ts';
import { median } from '../median.ts';
import { stackedDiamonds } from './fleets.ts';
import { noFaults } from './github.ts';
import { jobOverhead } from './job.ts';
import { perParent, workOf } from './schedules.ts';
import { simulate } from './simulation.ts';
import type { Times, Verdict } from './verdicts.ts';

export interface Row {
  readonly what: string;
  readonly promised: string;
  readonly found: string;
  /** Absent where nothing is promised. */
  readonly isMet?: boolean;
}

const mostMedian = 1.05;

export function rowsOf(verdicts: readonly Verdict[]): Row[] {
  const calm = verdicts.filter(({ order }) => order.kind === 'calm');
  const faulty = verdicts.filter(({ order }) => order.kind === 'faulty');
  const isLeftMixed = ({ failures }: Verdict): boolean => failures.some((failure) => failure.includes('mix'));
  const settled = faulty.filter(({ failures }) => failures.length === 0).length;
  const settledCalm = calm.filter(({ failures }) => failures.every((failure) => failure.includes('too often'))).length;
  const waste = calm.reduce((sum, verdict) => sum + verdict.waste, 0);
  const mixed = verdicts.filter(isLeftMixed).length;
  const largest = Math.max(...verdicts.map(({ images }) => images));
  return [
    {
      what: `fleets settled, with faults (up to ${largest} images)`,
      promised: `${faulty.length} of ${faulty.length}`,
      found: `${settled} of ${faulty.length}`,
      isMet: settled === faulty.length,
    },
    {
      what: 'fleets settled, without faults',
      promised: `${calm.length} of ${calm.length}`,
      found: `${settledCalm} of ${calm.length}`,
      isMet: settledCalm === calm.length,
    },
    {
      what: 'fleets with an image left on a mix of old and new parents',
      promised: '0',
      found: `${mixed}`,
      isMet: mixed === 0,
    },
    { what: 'builds too many or too few, without faults', promised: '0', found: `${waste}`, isMet: waste === 0 },
    ...timeRows(calm.flatMap(({ times }) => times ?? [])),
  ];
}

function timeRows(times: readonly Times[]): Row[] {
  const own = times.map((one) => one.own);
  const waves = times.map((one) => one.waves);
  const perParentTimes = times.flatMap((one) => one.perParent ?? []);
  const perParentBuilds = times.flatMap((one) => one.perParentBuilds ?? []);
  const graham = Math.max(...times.map((one) => one.graham));
  const given = times.length - perParentTimes.length;
  return [
    {
      what: 'makespan / max(critical path, work / m): median',
      promised: `≤ ${mostMedian}`,
      found: figure(median(own)),
      isMet: median(own) <= mostMedian,
    },
    {
      what: 'makespan / max(critical path, work / m): worst, as a part of 2 − 1/m',
      promised: '≤ 1',
      found: `${figure(graham)} (worst makespan ${figure(Math.max(...own))})`,
      isMet: graham <= 1,
    },
    {
      what: '… level by level, without any latency',
      promised: '',
      found: `median ${figure(median(waves))}, worst ${figure(Math.max(...waves))}`,
    },
    {
      what: '… dispatch per parent, without any latency',
      promised: '',
      found: `median ${figure(median(perParentTimes))}, worst ${figure(Math.max(...perParentTimes))}, ${given} of ${times.length} given up`,
    },
    {
      what: 'builds of dispatch per parent / builds needed',
      promised: '',
      found: `median ${figure(median(perParentBuilds))}, worst ${figure(Math.max(...perParentBuilds))}`,
    },
  ];
}

/** Stacked diamonds, on which dispatching per parent doubles with each. */
export async function diamondRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const k of [1, 4, 10, 50]) {
    const images = stackedDiamonds(k).map((upstreams, repository) => ({ upstreams, repository, seconds: 180 }));
    const plain = { shape: 'diamonds', images } as const;
    const scenario = {
      seed: k,
      plain,
      runners: 20,
      start: 'empty',
      faults: noFaults,
      failing: [],
      laterChanges: 0,
    } as const;
    const outcome = await simulate(scenario);
    const builds = outcome.builds.reduce((sum, count) => sum + count, 0);
    const naive = perParent(workOf(outcome, jobOverhead), 20, 10_000);
    const others =
      naive === undefined ? `2^${k} for the last image alone` : `${naive.builds}, ${naive.last} of the last image`;
    rows.push({
      what: `builds of ${k} stacked diamonds (dispatch per parent: ${others})`,
      promised: `${3 * k + 1}`,
      found: `${builds}`,
      isMet: builds === 3 * k + 1 && outcome.settled,
    });
  }
  return rows;
}

export function table(rows: readonly Row[]): string {
  return aligned([
    ['', 'promised', 'found', ''],
    ...rows.map(({ what, promised, found, isMet }) => [
      what,
      promised,
      found,
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]),
  ]);
}

function figure(number: number): string {
  return number.toFixed(3);
}
