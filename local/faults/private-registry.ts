/** A registry with a password, for everything: upstreams, what is remembered, what is tested, what is published. */
import type { PushRecord, TestRecord } from '../../src/images/records.ts';
import { provideBaseImage } from '../base-image/index.ts';
import type { LocalRegistry } from '../registry/server.ts';
import { createJob, createRepository, type Job } from './job.ts';

const steps: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['render', {}],
  ['test', { phase: 'spec' }],
  ['build', {}],
  ['test', { phase: 'integration' }],
  ['push', {}],
];

/** Publishes an image there, then tests the published one again, on inputs alone. @returns what is wrong, in words */
export async function usePrivateRegistry(
  registry: LocalRegistry,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<{ tried: number; faults: string[] }> {
  const base = await provideBaseImage(registry, { log });
  const { username = '', password = '' } = registry.auth ?? {};
  const repository = await createRepository();
  const tests = 'start:\n  command: [sleep, infinity]\nchecks:\n  - file: /content\n';
  await repository.commit({
    'images.yaml': `registry: ${registry.host}\nnamespace: acme\n`,
    'docker/web/Dockerfile.j2': `FROM ${base}\nCOPY content /content\n`,
    'docker/web/content': 'private',
    'docker/web/tests.yaml': tests,
  });
  const faults: string[] = [];
  const run = async (title: string): Promise<Job | undefined> => {
    const job = await createJob(repository, environment);
    for (const [action, inputs] of steps) {
      // The phase spec needs no registry; a login would be one that nobody asked for.
      const login = inputs.phase === 'spec' ? {} : { username, password };
      const { status, log: output } = await job.run(action, { ...inputs, ...login });
      const shown = output.split('\n').filter((line) => !line.startsWith('::add-mask::'));
      if (shown.some((line) => line.includes(password))) faults.push(`${title}: ${action} shows the password`);
      if (status === 0) continue;
      faults.push(`${title}: ${action} ended with status ${status}: ${shown.slice(-5).join(' ')}`);
      return undefined;
    }
    log(`${title}: done`);
    return job;
  };

  const first = await run('publishing to a registry with a password');
  const pushed = await first?.record<PushRecord>('push');
  if (first !== undefined && pushed?.images[0]?.status !== 'published') faults.push('nothing was published there');
  await repository.commit({ 'docker/web/tests.yaml': `${tests}  - command: [cat, /content]\n` });
  const second = await run('testing what is published there');
  // Being up counts as a check of its own.
  const tested = await second?.record<TestRecord>('integration');
  if (second !== undefined && tested?.images[0]?.checks.length !== 3) faults.push('the published image was not tested');
  return { tried: 2, faults };
}
