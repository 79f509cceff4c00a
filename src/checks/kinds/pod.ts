/** The image under its pod definition. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import * as z from 'zod/mini';
import {
  copyImage,
  detectEngine,
  type Engine,
  inspectContainer,
  inspectImage,
  playPod,
  removeImage,
  removePod,
} from '../../engine/index.ts';
import { fail, type Place, ProblemsError } from '../../problems.ts';
import type { Check, ListedCheck, Subject } from '../check.ts';
import { containersOf, makePlayable, type Pod, readPod, tcpPorts, testedContainer } from '../pod/definition.ts';
import { readProbe, waitUntilReady } from '../pod/probes.ts';
import { runListedCheck } from '../run-check.ts';
import { defineKind, type Parts } from './kind.ts';
import { seconds } from './schemas.ts';

const podSchema = ({ checks }: Parts) =>
  z.strictObject({
    file: z.string(),
    container: z.optional(z.string()),
    'ready-within': z.optional(seconds),
    checks: z.optional(checks),
  });

export interface PodCheck {
  readonly definition: Pod;
  /** Name of the container that runs the image; absent: the one with the image's name, or the only one. */
  readonly container?: string;
  readonly readyMs: number;
  readonly checks: readonly ListedCheck[];
}

export const pod = defineKind('pod', podSchema, (written, reading) => {
  const { file, container, checks = [] } = written;
  const definition = tell(() => readPod(reading.readFile(file, ['file'])), reading.place(['file']), file);
  if (container !== undefined)
    tell(() => testedContainer(definition, container, []), reading.place(['container']), file);
  return podCheck({
    definition,
    ...(container === undefined ? {} : { container }),
    readyMs: (written['ready-within'] ?? 60) * 1000,
    checks: reading.readChecks(checks, ['checks']),
  });
});

/** What is wrong with a definition, at the place that names its file. */
function tell<T>(read: () => T, place: Place, file: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProblemsError || !(error instanceof Error)) throw error;
    return fail(`'${file}': ${error.message}`, { place, cause: error });
  }
}

export function podCheck(check: PodCheck): Check {
  return {
    title: 'runs under its pod definition',
    ports: [],
    // It starts what it looks at itself.
    looksAt: 'image',
    run: (subject) => checkPod(check, subject),
  };
}

async function checkPod(check: PodCheck, subject: Subject): Promise<string[]> {
  const { definition } = check;
  const podman = await detectEngine(subject.engine.processes, subject.engine.env, 'podman');
  const { reference } = subject.image;
  const container = testedContainer(definition, check.container, [
    reference.replace(/[:@][^/]*$/, ''),
    ...subject.names,
  ]);
  const name = `image-cascade-${randomBytes(6).toString('hex')}`;
  const ports = await freePorts([...tcpPorts(definition), ...check.checks.flatMap(({ check }) => check.ports)]);
  const { text, volumes, secrets } = makePlayable(definition, { name, container, image: reference, ports });

  const held = await inspectImage(podman, reference);
  subject.cleanup(async (processes) => {
    const outliving = { ...podman, processes };
    await removePod(outliving, name, volumes, secrets);
    if (held === undefined) await removeImage(outliving, reference);
  });
  if (held === undefined) await copyImage(subject.engine, reference, podman);
  await playPod(podman, text, check.readyMs);
  const begun = performance.now();
  const subjects = await subjectsOf(definition, name, ports, subject, podman);
  const ready = await Promise.all(
    subjects.map(async ({ name, written, subject }) => {
      const probes = { startup: readProbe(written, 'startupProbe'), readiness: readProbe(written, 'readinessProbe') };
      const wrong = await waitUntilReady(subject, probes, begun + check.readyMs);
      return wrong.map((what) => `container ${name}: ${what}`);
    }),
  );
  const tested = subjects.find((one) => one.name === container)?.subject;
  if (ready.flat().length > 0 || tested === undefined) return ready.flat();
  const results = await Promise.all(check.checks.map((one) => runListedCheck(one, tested)));
  return results.flatMap(({ title, message }) => (message === undefined ? [] : [`in the pod: ${title}: ${message}`]));
}

async function subjectsOf(
  { spec }: Pod,
  pod: string,
  ports: Readonly<Record<number, number>>,
  subject: Subject,
  engine: Engine,
): Promise<{ name: string; written: ReturnType<typeof containersOf>[number]; subject: Subject }[]> {
  const published = Object.fromEntries(Object.entries(ports).map(([port, host]) => [`${port}/tcp`, host]));
  return await Promise.all(
    containersOf(spec).map(async (written) => {
      const name = String(written.name);
      const container = await inspectContainer(engine, `${pod}-${name}`);
      return { name, written, subject: { ...subject, engine, container: { ...container, ports: published } } };
    }),
  );
}

/** A free port of this machine's loopback address for each. */
async function freePorts(wanted: readonly number[]): Promise<Record<number, number>> {
  const found = await Promise.all([...new Set(wanted)].map(async (port) => [port, await freePort()] as const));
  return Object.fromEntries(found);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
