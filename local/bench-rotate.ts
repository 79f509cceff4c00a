/**
 * `npm run bench:rotate`: a rotation of 100 images with 10,000 manifests, in GHCR and in a registry: requests compared
 * with the least that would do, time and memory; and the same of one repository with 135,000 tags. Everything that is
 * asked answers at once, and nothing waits for the pace that GitHub asks for. Prints figures and says which goals they
 * miss; it judges nothing, since machines are noisy. The bundle is that of `dist/`, or of the folder that DIST names.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createGitHub } from '../src/github/index.ts';
import { loadConfig } from '../src/images/index.ts';
import { createRegistry } from '../src/registry/index.ts';
import { createStores, type RotationRequest, rotate } from '../src/rotate/index.ts';
import { keepHeapSmall } from '../src/runner/index.ts';
import { rotateWithAction } from './bench-rotate/rotate-action.ts';
import { imageNames, type Part, parts, type Served, serve, startServing, tagCount } from './bench-rotate/serve.ts';
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
  await (part === 'tags' ? measureManyTags(served) : measureRotation(served, part));
  served.stop();
}

async function measureRotation(served: Served, kind: 'packages' | 'registry'): Promise<void> {
  // As the action does.
  keepHeapSmall();
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

/** Everything at once: list, plan, delete, the record of the deletions, the summary. */
async function measureManyTags(served: Served): Promise<void> {
  const { deleted, seconds, cpuSeconds, megabytes } = await rotateWithAction(served);
  const asked = await served.requests();
  console.log(`\nRotation of a repository with ${tagCount} tags, by the bundled action; ${deleted} manifests deleted`);
  const least = asked.differentPages + tagCount + deleted;
  say(
    `${asked.all} requests (${asked.pages} pages of lists), the least is ${least}: pages, one of each tag, deletions`,
    {
      value: asked.all / least,
      unit: 'times',
      goal: mostRequests,
    },
  );
  const time = `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of them at work`;
  say(time, { value: megabytes, unit: 'MB of memory at most', goal: mostMegabytes });
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
