/** Kills the push at points by chance, and lets the next run finish the work. */
import { randomInt } from 'node:crypto';
import type { BuildRecord, PushRecord, RenderRecord, TestRecord } from '../../src/images/records.ts';
import { createJob, createRepository, type Job, type Repository } from './job.ts';
import type { RegistryProxy } from './proxy.ts';

export interface KillReport {
  readonly kills: number;
  /** Kills after which the build's memory was in the registry, so that the next run built nothing. */
  readonly remembered: number;
  readonly faults: readonly string[];
}

export interface KillOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly proxy: RegistryProxy;
  /** Debian image to stand on, as the proxy's registry names it. */
  readonly base: string;
  readonly rounds: number;
  readonly log: (line: string) => void;
}

const steps: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['render', {}],
  ['test', { phase: 'spec' }],
  ['build', {}],
  ['test', { phase: 'integration' }],
];

/**
 * Each round publishes a new content and kills the push: at a request to the registry, chosen by chance among as many
 * as an undisturbed push makes. After the kill, the published tag must point at the old image or at the tested one.
 * The next run, on a clean machine as far as the run folder goes, must finish; where the registry remembers the build,
 * without building.
 */
export async function killPushes(options: KillOptions): Promise<KillReport> {
  const { environment, proxy, log } = options;
  const faults: string[] = [];
  let remembered = 0;
  const repository = await createRepository();
  await repository.commit({
    'images.yaml': `registry: ${proxy.host}\nnamespace: acme\n`,
    'docker/web/Dockerfile.j2': `FROM ${options.base}\nCOPY content /content\n`,
    'docker/web/content': 'first',
    'docker/web/tests.yaml':
      'start:\n  command: [sleep, infinity]\nchecks:\n  - file:\n      path: /content\n      exists: true\n',
  });
  const first = await tested(repository, environment);
  let requests = 0;
  proxy.onRequest = () => requests++;
  demandSuccess('push', await first.run('push'));
  let total = requests;
  log(`an undisturbed push makes ${total} requests`);

  for (let round = 1; round <= options.rounds; round++) {
    const before = await published(proxy.host);
    await repository.commit({ 'docker/web/content': `round ${round} ${'x'.repeat(round)}` });
    const job = await tested(repository, environment);
    const push = job.start('push');
    const at = randomInt(1, total + 1);
    let seen = 0;
    let point = '';
    proxy.onRequest = (method, path) => {
      if (++seen !== at) return;
      point = `${method} ${path.replace(/[0-9a-f]{64}/g, '…').replace(/\/uploads\/.*/, '/uploads/…')}`;
      push.destroy();
    };
    const killed = await push.ended;
    proxy.onRequest = () => {};
    const after = await published(proxy.host);
    if (killed.signal !== 'SIGKILL') total = Math.min(total, Math.max(seen, 1));

    const { images: built } = await job.record<BuildRecord>('build');
    const { images: testedImages } = await job.record<TestRecord>('integration');
    const known = testedImages.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const isOld = after.digest === before.digest;
    if (!isOld && !known.includes(after.digest) && !known.includes(after.config))
      faults.push(`round ${round}, killed at ${point}: the tag points at ${after.digest}, which nobody tested`);

    const next = await createJob(repository, environment);
    demandSuccess('render', await next.run('render'));
    const { images } = await next.record<RenderRecord>('render');
    const needed = images.some(({ build }) => build.needed);
    const inRegistry = images.every(({ digest }) => digest !== undefined);
    if (needed !== !inRegistry) faults.push(`round ${round}: a build is needed though the registry remembers one`);
    if (!needed) remembered++;
    for (const [action, inputs] of steps.slice(1)) demandSuccess(action, await next.run(action, inputs));
    const rebuilt = (await next.record<BuildRecord>('build')).images.filter(({ status }) => status === 'built').length;
    if (!needed && rebuilt > 0) faults.push(`round ${round}: the next run built again`);
    // What never reached the registry can't be remembered there; the engine's cache still knows every step of it.
    const again = (await next.record<BuildRecord>('build')).images.flatMap(({ image }) => image?.id ?? []);
    const once = built.flatMap(({ image }) => image?.id ?? []);
    if (needed && again.join() !== once.join()) faults.push(`round ${round}: another image than before was built`);
    demandSuccess('push', await next.run('push'));
    const { images: pushed } = await next.record<PushRecord>('push');
    const final = await published(proxy.host);
    if (final.digest !== pushed[0]?.digest || final.digest === before.digest)
      faults.push(`round ${round}: the next run did not finish the work`);
    log(
      `${killed.signal === 'SIGKILL' ? `killed at request ${at} (${point})` : 'came to its end'}: the tag pointed at the ${
        isOld ? 'old' : 'new'
      } image, the next run ${needed ? 'built (nothing was in the registry)' : 'built nothing'} and finished`,
    );
  }
  return { kills: options.rounds, remembered, faults };
}

async function tested(repository: Repository, environment: Readonly<Record<string, string>>): Promise<Job> {
  const job = await createJob(repository, environment);
  for (const [action, inputs] of steps) demandSuccess(action, await job.run(action, inputs));
  return job;
}

function demandSuccess(action: string, { status, log }: { status: number | null; log: string }): void {
  if (status !== 0) throw new Error(`${action} ended with status ${status}:\n${log}`);
}

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** What the main tag points at: the digest of the manifest and that of its config, by which an engine may know it. */
async function published(host: string): Promise<{ digest: string; config: string }> {
  const answer = await fetch(`http://${host}/v2/acme/web/manifests/latest`, { headers: { accept } });
  const { config }: { config?: { digest: string } } = JSON.parse(await answer.text());
  return { digest: answer.headers.get('docker-content-digest') ?? '', config: config?.digest ?? '' };
}
