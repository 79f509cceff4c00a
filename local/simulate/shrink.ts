/** The smallest scenario that shows what a failing one does. */
import type { PlainFleet } from './fleets.ts';
import type { Scenario } from './scenarios.ts';

const mostTries = 150;

/** @param fails whether a scenario shows it; the given one does */
export async function shrink(scenario: Scenario, fails: (scenario: Scenario) => Promise<boolean>): Promise<Scenario> {
  let smallest = scenario;
  let tries = 0;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smaller(smallest)) {
      if (tries === mostTries) return smallest;
      tries += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Simpler ones, the boldest steps first. */
function* smaller(scenario: Scenario): Generator<Scenario> {
  const { plain, faults, failing, laterChanges } = scenario;
  const count = plain.images.length;
  for (let size = Math.ceil(count / 2); size >= 1; size = Math.floor(size / 2))
    for (let first = count - size; first >= 0; first -= size) yield without(scenario, first, size);
  if (laterChanges > 0) yield { ...scenario, laterChanges: 0 };
  if (failing.length > 0) yield { ...scenario, failing: failing.slice(1) };
  for (const name of ['lost', 'doubled', 'delayed', 'killed', 'stale'] as const)
    if (faults[name] > 0) yield { ...scenario, faults: { ...faults, [name]: 0 } };
}

/** The scenario without some of its images; who builds on one of them builds on nothing in its place. */
function without(scenario: Scenario, first: number, size: number): Scenario {
  const { plain, failing } = scenario;
  const isKept = (position: number): boolean => position < first || position >= first + size;
  const moved = (position: number): number => (position < first ? position : position - size);
  const images: PlainFleet['images'] = plain.images
    .filter((_, position) => isKept(position))
    .map((image) => ({ ...image, upstreams: image.upstreams.filter(isKept).map(moved) }));
  return {
    ...scenario,
    plain: { ...plain, images },
    failing: failing
      .filter(({ position }) => isKept(position))
      .map((one) => ({ ...one, position: moved(one.position) })),
  };
}

/** A line for each image of a fleet. */
export function describeFleet({ images }: PlainFleet): string {
  return images
    .map(({ upstreams, outside, repository }, position) => {
      const on = [
        ...upstreams.map((upstream) => `image-${upstream}`),
        ...(outside === undefined ? [] : [`outside-${outside}`]),
      ];
      return `  image-${position} of repository-${repository} on ${on.join(', ') || 'nothing'}`;
    })
    .join('\n');
}
