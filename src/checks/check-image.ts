/** An image's checks: its containers are started, waited for, checked and always removed. */
import { availableParallelism } from 'node:os';
import { type ContainerState, containerLogs, type InspectedImage } from '../engine/index.ts';
import type { CheckResult } from '../images/records.ts';
import { ProblemsError, problemsOf, sentenceOf } from '../problems.ts';
import type { Start, Subject, Up } from './check.ts';
import { type CheckEnvironment, createContainers } from './containers.ts';
import { parallel } from './parallel.ts';
import { runListedCheck } from './run-check.ts';
import type { TestFile } from './test-file.ts';
import { waitUntilUp } from './up.ts';

const shownLogLines = 50;
/** Most checks wait for an answer, not for a processor. */
const concurrentChecks = Math.max(4, 2 * availableParallelism());

export interface Images {
  /** Names that the tested image goes by besides its reference in the engine, without tag. */
  readonly names: readonly string[];
  /** An image that a service is made from: of this job, or of a registry. Throws ProblemsError. */
  find(name: string): Promise<InspectedImage>;
  /** The image that was published before this one, brought into the engine. */
  previous(): Promise<InspectedImage | undefined>;
}

export interface CheckedImage {
  /** In the order of the test file, with `is up` before them. */
  readonly checks: readonly CheckResult[];
  /** Image id that the container was made from; absent when there never was a container. */
  readonly id?: string;
  /** Last lines of the log of the container that is to blame; empty when all passed. */
  readonly logTail: readonly string[];
}

/** Runs all checks of an image. What goes wrong is a failed check; only a cancelled run rejects. */
export async function checkImage(
  environment: CheckEnvironment,
  name: string,
  image: InspectedImage,
  tests: TestFile,
  images: Images,
): Promise<CheckedImage> {
  const { engine, signal } = environment;
  const containers = createContainers(environment, name, tests.services.length > 0);

  let further = 1;
  const subjectOf = (of: InspectedImage, container: ContainerState): Omit<Subject, 'timeoutMs'> => ({
    engine,
    image: of,
    container,
    signal,
    names: images.names,
    cleanup: containers.onRemove,
    previous: images.previous,
    async start({ start, up }, ports, other = of) {
      further += 1;
      const { container, wrong } = await open(other, `${name}-${further}`, start, up, ports);
      if (wrong.length > 0) throw new Error(wrong.join('; '));
      return container;
    },
  });
  const open = async (
    of: InspectedImage,
    alias: string,
    start: Start,
    up: Up | undefined,
    ports: readonly number[],
  ): Promise<Opened> => {
    const reached = new Set([...ports, ...(up?.checks ?? []).flatMap((check) => check.ports)]);
    const container = await containers.add('start', of, alias, start, [...reached]);
    const { state, wrong } = await waitUntilUp(subjectOf(of, container), up, ports);
    return { container: state, wrong };
  };
  /** The services in their order, then the container itself; ends with the first that does not come up. */
  const openAll = async (): Promise<Opened> => {
    for (const service of tests.services) {
      const its = `its service ${service.name}`;
      const { container, wrong } = await naming(its, async () =>
        open(await images.find(service.image), service.name, service.start, service.up, []),
      );
      if (wrong.length > 0) return { container, wrong: wrong.map((what) => `${its}: ${what}`) };
    }
    return await open(image, name, tests.start, tests.up, portsOf(tests));
  };

  const begun = performance.now();
  const upResult = (wrong: readonly string[]): CheckResult => ({
    title: 'is up',
    durationMs: Math.round(performance.now() - begun),
    ...(wrong.length === 0 ? { status: 'passed' } : { status: 'failed', message: wrong.join('; ') }),
  });
  try {
    const still = needsNoProcess(tests);
    const { container, wrong } = still
      ? { container: await containers.add('make', image, name, tests.start, []), wrong: [] }
      : await openAll();
    const up = still ? [] : [upResult(wrong)];
    const subject = subjectOf(image, container);
    const checks =
      wrong.length > 0
        ? skipAll(tests)
        : await parallel(tests.checks, concurrentChecks, (check) => runListedCheck(check, subject));
    signal.throwIfAborted();
    const failed = [...up, ...checks].some(({ status }) => status === 'failed');
    const logTail = failed ? await containerLogs(engine, container.id, shownLogLines) : [];
    return { checks: [...up, ...checks], id: container.image, logTail };
  } catch (error) {
    signal.throwIfAborted();
    const messages = problemsOf(error).map(sentenceOf);
    return { checks: [upResult(messages), ...skipAll(tests)], logTail: [] };
  } finally {
    if (!signal.aborted) await containers.remove(engine.processes);
  }
}

interface Opened {
  readonly container: ContainerState;
  /** What keeps it from being up, as sentences. */
  readonly wrong: readonly string[];
}

/** Says of errors whose they are. */
async function naming<T>(whose: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problems = problemsOf(error).map((problem) => ({ ...problem, message: `${whose}: ${problem.message}` }));
    throw new ProblemsError(problems);
  }
}

function skipAll({ checks }: TestFile): CheckResult[] {
  const message = 'the container is not up';
  return checks.map(({ title }) => ({ title, status: 'skipped', message, durationMs: 0 }));
}

/** Files can be looked at without starting anything, so an image without a service needs no command for that. */
function needsNoProcess({ up, start, services, checks }: TestFile): boolean {
  return (
    up === undefined &&
    services.length === 0 &&
    start.command.length === 0 &&
    checks.length > 0 &&
    checks.every(({ check }) => check.looksAt !== 'process')
  );
}

function portsOf({ checks }: TestFile): number[] {
  return [...new Set(checks.flatMap(({ check }) => check.ports))];
}
