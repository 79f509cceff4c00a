/** A large fleet, and what the registry says of it. */
import { hash } from 'node:crypto';
import { inputTagOf } from '../src/fleet/index.ts';
import type { FleetImage, FleetState } from '../src/fleet/types.ts';
import { randomNumbers } from './simulate/random.ts';

const platform = 'linux/amd64';
/** What every image builds on, one way or another. */
export const outside = 'docker.io/library/debian:bookworm-slim';

/** A quarter are bases or build on something outside; the others on three or so of those before them. */
export function makeFleet(size: number): FleetImage[] {
  const random = randomNumbers(1);
  const referenceOf = (position: number): string => `ghcr.io/acme/image-${position}:latest`;
  return Array.from({ length: size }, (_, position) => flat(makeImage(position)));

  function makeImage(position: number): FleetImage {
    const upstreams = new Set<string>([outside]);
    // Near ones give long chains, far ones wide fans.
    for (let edge = 0; edge < 2 && position > 0; edge += 1) {
      const near = Math.max(0, position - 1 - Math.floor(random() * 500));
      upstreams.add(referenceOf(edge === 0 ? near : Math.floor(random() * position)));
    }
    return {
      reference: referenceOf(position),
      name: `image-${position}`,
      repository: `acme/repository-${Math.floor(position / 3)}`,
      platforms: [platform],
      material: {
        objects: {
          [`docker/image-${position}`]: hex(position + size),
          'images.yaml': hex(position),
          templates: hex(7),
        },
      },
      upstreams: [...upstreams].map((reference) => ({ kind: 'image', reference })),
    };
  }
}

/**
 * As data is that was read: texts that were put together are slow until they are read once. One by one, as answers come:
 * the JSON of a whole fleet takes more memory than a plan.
 */
function flat<T>(data: T): T {
  return JSON.parse(JSON.stringify(data));
}

/** Everything published and fresh. */
export function makeState(fleet: readonly FleetImage[]): FleetState {
  const published = new Map<string, string>();
  const platforms = new Map([[outside, stateOf('first')]]);
  const inputTags = new Map<string, string>();
  const state = { published, platforms, inputTags, commits: new Map(), failed: new Set<string>() };
  for (const [position, image] of fleet.entries()) {
    const digest = flat(`sha256:${hash('sha256', `${position}`)}`);
    platforms.set(image.reference, { [platform]: digest });
    published.set(image.reference, digest);
    const tag = inputTagOf(image, state);
    // A registry answers with a digest of its own.
    if (tag !== undefined) inputTags.set(flat(tag), flat(digest));
  }
  return state;
}

export function stateOf(name: string): Record<string, string> {
  return { [platform]: `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0')}` };
}

function hex(number: number): string {
  return number.toString(16).padStart(40, '0');
}
