/**
 * A process of this machine in the network and among the processes of a container: it sees what a program inside would
 * see, and the image needs nothing for it, no shell and no library.
 */
import { randomBytes } from 'node:crypto';
import { type Engine, execute, removeContainer, startContainer } from '../engine/index.ts';
import { problemsOf } from '../problems.ts';
import type { Processes } from '../processes.ts';
import type { Subject } from './check.ts';
import { type VisitAnswers, type VisitRequest, visit } from './visit.ts';

/** Where the visitor finds this Node.js. */
const program = '/.image-cascade/node';

/** By the id of the container that is visited: what comes of starting one is kept until it is removed. */
const visitors = new Map<string, Promise<string>>();

type Visited = Pick<Subject, 'engine' | 'image' | 'container' | 'cleanup' | 'timeoutMs'>;

/** Why nobody can be sent into the container; what is asked has to be found out some other way, or not at all. */
export class NoVisitorError extends Error {
  override readonly name = 'NoVisitorError';
}

interface Waiting {
  readonly request: VisitRequest;
  readonly timeoutMs: number;
  settle(told: Told): void;
  reject(error: unknown): void;
}

type Told = { readonly answer: unknown } | { readonly error: string };

/** What is asked at the same time, by the visitor: to look once for all of it is as quick as for one. */
const waiting = new Map<string, Waiting[]>();

/**
 * @throws NoVisitorError where no process of this machine can be started in the container
 * @throws Error with what was found to be wrong inside
 */
export async function askInside<Kind extends VisitRequest['kind']>(
  subject: Visited,
  request: Extract<VisitRequest, { readonly kind: Kind }>,
): Promise<VisitAnswers[Kind]> {
  const { engine, timeoutMs } = subject;
  const visitor = await visitorOf(subject);
  const told = await new Promise<Told>((settle, reject) => {
    const others = waiting.get(visitor);
    const own: Waiting = { request, timeoutMs, settle, reject };
    if (others !== undefined) {
      others.push(own);
      return;
    }
    waiting.set(visitor, [own]);
    setImmediate(() => void look(engine, visitor));
  });
  if ('error' in told) throw new Error(told.error);
  // The visitor answers each kind of request as `VisitAnswers` says.
  return told.answer as VisitAnswers[Kind];
}

/** Never rejects: who waits is told. */
async function look(engine: Engine, visitor: string): Promise<void> {
  const all = waiting.get(visitor) ?? [];
  waiting.delete(visitor);
  try {
    const requests = JSON.stringify(all.map(({ request }) => request));
    const timeoutMs = Math.max(...all.map((one) => one.timeoutMs));
    const command = [program, '-e', `(${String(visit)})()`, requests];
    const { status, stdout, stderr } = await execute({ host: engine, id: visitor }, command, { timeoutMs });
    if (status === 124) throw new Error(`no answer within ${timeoutMs / 1000} s`);
    const told: readonly Told[] | undefined = status === 0 ? JSON.parse(stdout) : undefined;
    if (told === undefined)
      throw new NoVisitorError(`this machine's Node.js does not run beside the container: ${stderr.trim() || stdout}`);
    for (const [index, one] of all.entries()) one.settle(told[index] ?? { error: 'there is no answer' });
  } catch (error) {
    for (const { reject } of all) reject(error);
  }
}

function visitorOf(subject: Visited): Promise<string> {
  const { id } = subject.container;
  const known = visitors.get(id);
  if (known !== undefined) return known;
  const started = start(subject);
  visitors.set(id, started);
  return started;
}

/** @returns its name in the engine */
async function start({ engine, image, container, cleanup }: Visited): Promise<string> {
  if (!engine.local) throw new NoVisitorError('the engine is on another machine');
  if (container.host.kind !== engine.kind)
    throw new NoVisitorError('another engine than that of the job runs the container');
  const name = `image-cascade-visitor-${randomBytes(8).toString('hex')}`;
  cleanup(async (processes: Processes) => {
    const started = visitors.get(container.id);
    visitors.delete(container.id);
    // A start that is broken off may still leave a container behind.
    await started?.catch(() => {});
    await removeContainer({ ...engine, processes }, name);
  });
  const { execPath } = process;
  const mounts = [
    { source: execPath, target: program },
    ...libraries().map((path) => ({ source: path, target: path })),
  ];
  try {
    await startContainer(engine, {
      image: image.id,
      name,
      labels: { 'io.image-cascade.run': container.id },
      // What an image sets for its own programs must not reach this one.
      env: { NODE_OPTIONS: '', LD_PRELOAD: '', LD_LIBRARY_PATH: '' },
      user: '0',
      entrypoint: program,
      command: ['-e', 'setInterval(() => {}, 2 ** 30)'],
      ports: [],
      mounts: mounts.map((mount) => ({ kind: 'bind', readOnly: true, ...mount })),
      within: container.id,
    });
    return name;
  } catch (error) {
    throw new NoVisitorError(
      problemsOf(error)
        .map(({ message }) => message)
        .join('; '),
    );
  }
}

/** The files that this Node.js was linked with. */
function libraries(): string[] {
  // Else it would look up the names of this machine's connections.
  const report = Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects = [] } = report.getReport() as { readonly sharedObjects?: readonly string[] };
  return sharedObjects.filter((path) => path.startsWith('/'));
}
