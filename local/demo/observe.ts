/** What the runs of a case did, read from the outputs of their steps and from the registry's access log. */
import type { PushedImage, TestedImage } from '../../src/images/records.ts';
import type { RegistryRequest } from '../registry/server.ts';
import type { FinishedRun } from '../world/index.ts';

export interface Observation {
  /** Names of the images, one for each time that one was built. */
  readonly builds: readonly string[];
  /** Names of the images, one for each time that one was tested. */
  readonly tests: readonly string[];
  /** Images whose main tag points at something new. */
  readonly published: readonly string[];
  /** Repositories, one for each dispatch to them. */
  readonly dispatches: readonly string[];
  /** Layers that an engine fetched from the registry. */
  readonly pulls: number;
  /** Requests that change something in the registry. */
  readonly writes: number;
  readonly failedRuns: readonly string[];
  readonly errors: readonly string[];
  readonly seconds: number;
}

export function observe(
  finished: readonly FinishedRun[],
  requests: readonly RegistryRequest[],
  seconds: number,
): Observation {
  const steps = finished.flatMap(({ run }) => run.jobs.flatMap((job) => job.steps));
  const built = steps
    .filter(({ name }) => name === 'Build')
    .flatMap((step) => list<{ name: string; status: string }>(step.outputs.images));
  const tested = steps
    .filter(({ name }) => name === 'Test the images')
    .flatMap((step) => list<TestedImage>(step.outputs.images));
  const pushed = steps.filter(({ name }) => name === 'Push').flatMap((step) => list<PushedImage>(step.outputs.images));
  return {
    builds: built
      .filter(({ status }) => status === 'built')
      .map(({ name }) => name)
      .sort(),
    tests: tested
      .filter(({ status, checks }) => status !== 'skipped' && checks.length > 0)
      .map(({ name }) => name)
      .sort(),
    published: pushed
      .filter(({ changed }) => changed)
      .map(({ name }) => name)
      .sort(),
    dispatches: finished
      .filter(({ event }) => event.name === 'repository_dispatch')
      .map(({ event }) => event.repository)
      .sort(),
    pulls: requests.filter(isPull).length,
    writes: requests.filter(({ method }) => !['GET', 'HEAD'].includes(method)).length,
    failedRuns: finished.filter(({ run }) => run.conclusion === 'failure').map(({ run }) => run.repository),
    errors: [
      ...finished.flatMap(({ run }) => run.errors),
      ...steps.flatMap((step) =>
        step.annotations.filter(({ level }) => level === 'error').map(({ message }) => message),
      ),
    ],
    seconds,
  };
}

/** An engine that pulls fetches blobs; the suite itself reads nothing larger than an image's configuration. */
function isPull({ method, path, agent }: RegistryRequest): boolean {
  return method === 'GET' && path.includes('/blobs/') && !agent.startsWith('image-cascade');
}

function list<T>(output: string | undefined): T[] {
  if (output === undefined || output === '') return [];
  const value: T[] = JSON.parse(output);
  return value;
}
