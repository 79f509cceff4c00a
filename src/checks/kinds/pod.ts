/** The image under its pod definition. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { map } from '../../documents/index.ts';
import { type Cluster, detectEngine, type Engine, findCluster } from '../../engine/index.ts';
import { fail, type Place, ProblemsError, problemsOf } from '../../problems.ts';
import type { Check, ListedCheck, Subject } from '../check.ts';
import { type Pod, readPod, testedContainer } from '../pod/definition.ts';
import { type ImageSupply, playInCluster } from '../pod/in-cluster.ts';
import { playInPodman } from '../pod/in-podman.ts';
import type { Played, Playing } from '../pod/play.ts';
import { runListedCheck } from '../run-check.ts';
import { defineKind, type Parts } from './kind.ts';
import { seconds } from './schemas.ts';

const podSchema = ({ checks }: Parts) =>
  v.pipe(
    map({
      file: v.string(),
      container: v.optional(v.string()),
      with: v.optional(v.picklist(['podman', 'kubectl'])),
      context: v.optional(v.pipe(v.string(), v.minLength(1))),
      load: v.optional(
        v.pipe(
          v.array(v.string()),
          v.check(
            ([command, ...args]) => Boolean(command) && args.some((word) => /\{(?:archive|image)\}/.test(word)),
            "is no command that loads the image; write a list of its words, with '{archive}' or '{image}' in one of them",
          ),
        ),
      ),
      image: v.optional(v.pipe(v.string(), v.minLength(1))),
      'ready-within': v.optional(seconds),
      checks: v.optional(checks),
    }),
    v.check(
      ({ with: player, context, load, image }) =>
        player === 'kubectl' || (context === undefined && load === undefined && image === undefined),
      'has context, load or image, which are for clusters; add with: kubectl',
    ),
  );

export interface PodCheck extends ImageSupply {
  readonly definition: Pod;
  /** Name of the container that runs the image; absent: the one with the image's name, or the only one. */
  readonly container?: string;
  /** Absent: Podman, or the current cluster where there is no Podman. */
  readonly with?: 'podman' | 'kubectl';
  /** Of kubectl's configuration; absent: the current one. */
  readonly context?: string;
  readonly readyMs: number;
  readonly checks: readonly ListedCheck[];
}

export const pod = defineKind('pod', podSchema, (written, reading) => {
  const { file, container, checks = [], with: player, context, load, image } = written;
  const definition = tell(() => readPod(reading.readFile(file, ['file'])), reading.place(['file']), file);
  if (container !== undefined)
    tell(() => testedContainer(definition, container, []), reading.place(['container']), file);
  return podCheck({
    definition,
    ...(container === undefined ? {} : { container }),
    ...(player === undefined ? {} : { with: player }),
    ...(context === undefined ? {} : { context }),
    ...(load === undefined ? {} : { load }),
    ...(image === undefined ? {} : { image }),
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
  const { reference } = subject.image;
  const container = testedContainer(definition, check.container, [
    reference.replace(/[:@][^/]*$/, ''),
    ...subject.names,
  ]);
  const name = `image-cascade-${randomBytes(6).toString('hex')}`;
  const ports = [...new Set(check.checks.flatMap(({ check }) => check.ports))];
  const played = await play(check, { definition, container, name, ports, readyMs: check.readyMs }, subject);
  if (!('id' in played)) return [...played];
  const tested = { ...subject, container: played };
  const results = await Promise.all(check.checks.map((one) => runListedCheck(one, tested)));
  return results.flatMap(({ title, message }) => (message === undefined ? [] : [`in the pod: ${title}: ${message}`]));
}

async function play(check: PodCheck, playing: Playing, subject: Subject): Promise<Played> {
  const player = await findPlayer(check, subject.engine);
  return player.kind === 'kubectl'
    ? await playInCluster(player, playing, check, subject)
    : await playInPodman(player, playing, subject);
}

/** What the check asks for; else Podman, and where there is none, the cluster that is configured. */
async function findPlayer({ with: wanted, context }: PodCheck, { processes, env }: Engine): Promise<Engine | Cluster> {
  if (wanted === 'kubectl') return await findCluster(processes, env, context);
  try {
    return await detectEngine(processes, env, 'podman');
  } catch (error) {
    if (wanted === 'podman') throw error;
    return await findCluster(processes, env).catch((other) =>
      fail(
        [error, other]
          .flatMap(problemsOf)
          .map(({ message }) => message)
          .join('; '),
        {
          hint: 'install Podman, or set up a cluster for kubectl before this step',
        },
      ),
    );
  }
}
