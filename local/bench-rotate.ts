/**
 * `npm run bench:rotate`: a rotation of 100 images with 10,000 manifests, in GHCR and in a registry: requests compared
 * with the least that would do, time and memory; and the listing of a repository with 135,000 tags. Everything that is
 * asked answers at once, and nothing waits for the pace that GitHub asks for. Prints figures and says which goals they
 * miss; it judges nothing, since machines are noisy.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createGitHub } from '../src/github/index.ts';
import { defaultPolicy, loadConfig } from '../src/images/index.ts';
import { createRegistry } from '../src/registry/index.ts';
import { planRotation } from '../src/retention/index.ts';
import { createLister, createStores, type RotationRequest, rotate } from '../src/rotate/index.ts';
import { imageNames, type Part, parts, type Served, serve, startServing } from './bench-rotate/serve.ts';
import { main, temporaryFolder } from './processes/index.ts';

const [mostRequests, mostMegabytes] = [1.05, 300];
/** GitHub's limit, and what a deletion counts. */
const [pointsPerMinute, pointsPerDeletion] = [900, 5];

await main(async () => {
  const [, script = '', mode, part] = process.argv;
  const chosen = parts.find((name) => name === (part ?? mode));
  if (mode === 'serve' && chosen !== undefined) return serve(chosen);
  if (chosen !== undefined) return measure(chosen);
  // One process each, without the source maps of this one: the most memory that a process ever took is what counts.
  for (const name of parts) {
    const [status] = await once(fork(script, [name], { execArgv: [] }), 'exit');
    if (status !== 0) throw new Error(`the measurement of ${name} ended with ${status}`);
  }
});

async function measure(part: Part): Promise<void> {
  const served = await startServing(part);
  await (part === 'tags' ? measureListing(served) : measureRotation(served, part));
  served.stop();
}

async function measureRotation(served: Served, kind: 'packages' | 'registry'): Promise<void> {
  const { host, apiUrl, graphqlUrl, token } = served;
  const { path: folder } = await temporaryFolder('image-cascade-bench-rotate-');
  const registry = createRegistry({ concurrency: 16 });
  const github = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 0.001, pace: async () => {} });
  const templates = imageNames().map((name) => `docker/${name}/Dockerfile.j2`);
  const config = loadConfig(`registry: ${host}\nnamespace: acme\n`, 'images.yaml', templates);
  const request: RotationRequest = {
    own: { repository: 'acme/images', defaultBranch: 'main', config },
    fleet: [],
    scope: 'repository',
    images: [],
    dryRun: false,
    maxShare: 0.5,
    deadline: Number.POSITIVE_INFINITY,
    artifacts: [],
    caches: [],
    recordFile: join(folder, 'rotation.json'),
    run: '',
  };
  const began = performance.now();
  const { plan, deletions, problems } = await rotate(request, {
    github,
    registry,
    store: createStores({ github, registry, kind }),
    onRecord: () => {},
    now: Date.now,
    signal: new AbortController().signal,
    log: () => {},
  });
  const seconds = (performance.now() - began) / 1000;
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const requests = await served.requests();
  const kept = plan.repositories.flatMap((repository) => repository.kept);
  const deleted = deletions.filter(({ status }) => status === 'deleted');
  const manifests = kept.length + deleted.length;
  const tags = [...kept, ...deleted].flatMap((manifest) => manifest.tags).length;
  console.log(`\nRotation of ${imageNames().length} images, store ${kind}`);
  console.log(`${manifests} manifests with ${tags} tags; ${deleted.length} deleted`);
  // Each repository is listed once, and looked at once more before its deletions.
  const untagged = [...kept, ...deleted].filter((manifest) => manifest.tags.length === 0).length;
  const least = requests.differentPages + deleted.length + (kind === 'packages' ? manifests : tags + untagged);
  const what = kind === 'packages' ? 'one of each manifest' : 'one of each tag and of each manifest without one';
  say(`${requests.all} requests (${requests.pages} pages of lists), the least is ${least}: pages, ${what}, deletions`, {
    value: requests.all / least,
    unit: 'times',
    goal: mostRequests,
  });
  sayTimeAndMemory(seconds);
  if (kind === 'packages') {
    const minutes = (deleted.length * pointsPerDeletion) / pointsPerMinute;
    console.log(`at GitHub's pace the deletions alone would take ${minutes.toFixed(0)} minutes`);
  }
}

async function measureListing({ host, requests }: Served): Promise<void> {
  const registry = createRegistry({ concurrency: 16 });
  const repository = `${host}/acme/many`;
  const began = performance.now();
  const listing = await createLister(registry)(repository, { tags: registry.tags(repository) });
  const seconds = (performance.now() - began) / 1000;
  const tags = listing.manifests.reduce((sum, manifest) => sum + manifest.tags.length, 0);
  const asked = await requests();
  console.log(`\nListing of a repository with ${tags} tags, ${listing.manifests.length} manifests`);
  const least = asked.pages + tags;
  say(`${asked.all} requests, the least is ${least}: pages, one of each tag`, {
    value: asked.all / least,
    unit: 'times',
    goal: mostRequests,
  });
  sayTimeAndMemory(seconds);
  const before = performance.now();
  const input = { listing, policy: defaultPolicy, mainTags: ['latest'], rotate: true };
  const deleted = planRotation([input], new Date()).repositories[0]?.deleted.length ?? 0;
  const planned = (performance.now() - before) / 1000;
  console.log(`planned in ${planned.toFixed(1)} s: ${deleted} manifests to delete`);
  sayTimeAndMemory(seconds + planned);
}

function sayTimeAndMemory(seconds: number): void {
  // The system counts in kilobytes.
  const megabytes = process.resourceUsage().maxRSS / 1024;
  say(`${seconds.toFixed(1)} s`, { value: megabytes, unit: 'MB of memory at most', goal: mostMegabytes });
}

function say(text: string, { value, unit, goal }: { value: number; unit: string; goal: number }): void {
  const verdict = value > goal ? `misses the goal of ${goal}` : `within the goal of ${goal}`;
  console.log(`${text}: ${value.toFixed(value < 10 ? 3 : 0)} ${unit}, ${verdict}`);
}
