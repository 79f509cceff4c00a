/** Whether the fleet is settled, seen from outside: by a look of its own, which sends nothing. */
import { createFacts, look } from '../../src/cascade/index.ts';
import { defaultPolicy } from '../../src/fleet/index.ts';
import { createGitHub, parseFleet } from '../../src/github/index.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { renderUpstreams } from '../../src/render/index.ts';
import { owner, type World } from '../world/index.ts';
import { topic } from './fleet.ts';

/** Images that are not up to date, and why. */
export async function unsettled({ github }: World): Promise<string[]> {
  const { token, apiUrl, graphqlUrl } = github;
  const asked = github.requests.length;
  const { plan, errors } = await look(
    {
      mode: 'reconcile',
      fleet: parseFleet([`${owner} topic:${topic}`]),
      ref: {
        event: 'schedule',
        name: 'main',
        type: 'branch',
        defaultBranch: 'main',
        isDefaultBranch: true,
        fork: false,
        revision: '',
        repository: `${owner}/judge`,
        url: github.url,
        runId: '0',
        runUrl: github.url,
      },
      images: [],
      force: false,
      origin: { cascade: '0', depth: 0, origin: github.url },
      eventType: 'image-cascade',
      dryRun: true,
      maxDispatches: 0,
      policy: defaultPolicy,
    },
    {
      github: createGitHub({ token, apiUrl, graphqlUrl }),
      registry: async () => createRegistry(),
      renderUpstreams: async () => renderUpstreams,
      facts: createFacts(),
      log: () => {},
      now: Date.now,
    },
  );
  github.requests.splice(asked);
  return [
    ...plan.images.filter(({ state }) => state !== 'settled').map(({ name, reason }) => `${name}: ${reason}`),
    ...errors.map(({ message }) => message),
  ];
}
