/** The example fleet on this machine: an engine, a registry, a GitHub with the fleet's repositories, and their runs. */
import { provideBaseImage } from '../base-image/index.ts';
import { type LocalEngine, startEngine } from '../engine/index.ts';
import { type GitHubEvent, type LocalGitHub, startGitHub } from '../github/index.ts';
import { providePodman } from '../podman/index.ts';
import { onExit, projectRoot } from '../processes/index.ts';
import { type LocalRegistry, startRegistry } from '../registry/server.ts';
import { createScheduler, runWorkflows, type WorkflowRun } from '../runner/index.ts';
import { createWorkTrees, type WorkTrees } from './work-trees.ts';

export const owner = 'acme';
export const suiteName = 'image-cascade/image-cascade';

/** The repositories of the fleet, from the top of the graph to its bottom: the worst order to set it up in. */
export const imageRepositories = ['shop-front', 'shop-api', 'runtime-images', 'debian-base'] as const;
export const applicationRepository = 'shop-app';

export interface FinishedRun {
  readonly event: GitHubEvent;
  readonly run: WorkflowRun;
}

export interface World {
  readonly engine: LocalEngine;
  readonly registry: LocalRegistry;
  readonly github: LocalGitHub;
  readonly workTrees: WorkTrees;
  /** Reference of the Debian image that the fleet stands on. */
  readonly base: string;
  /** Environment of a job's processes: Node 24 first, then the engine's client. */
  readonly environment: Readonly<Record<string, string>>;
  /** The lines that name the repositories of the fleet. */
  readonly fleet: readonly string[];
  /** Starts the workflows of a repository as a schedule does: all that have one, or those with this one. */
  schedule(repository: string, cron?: string): Promise<void>;
  /** Starts a workflow by hand, by its file's name. */
  dispatch(repository: string, workflow: string, inputs: Readonly<Record<string, string>>): Promise<void>;
  /** The jobs that start from now on see a time that is later by so many days. */
  passDays(days: number): void;
  /** Waits until no run is going on or pending, and hands out the runs that ended since the last call. */
  settled(): Promise<FinishedRun[]>;
}

/** What runs workflows needs to know of the world. */
export interface Execution {
  readonly github: LocalGitHub;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export type Execute = (event: GitHubEvent, execution: Execution) => Promise<readonly WorkflowRun[]>;

export interface WorldOptions {
  log(line: string): void;
  /** Hears of each event that starts workflows. */
  onEvent?(event: GitHubEvent): void;
  /** Hears of each run when it has ended. */
  onRun?(finished: FinishedRun): void;
  /** The lines that name the repositories of the fleet; default: those of the example. */
  fleet?: readonly string[];
  /** Whether an event gets lost, as if GitHub had never sent it. */
  loses?(event: GitHubEvent): boolean;
  /** Runs the workflows that an event starts; default: this repository's own runner. */
  execute?: Execute;
  /** Whether the tests of the fleet play pods, for which there has to be Podman. */
  pods?: boolean;
  /** Asks for a password on the registry. */
  auth?: { username: string; password: string };
}

/** Starts everything; it ends with the process at the latest. The registry and the repositories are empty. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { log } = options;
  const engine = await startEngine({ log });
  const root = projectRoot();
  const environment: Record<string, string> = {
    HOME: process.env.HOME ?? '/root',
    LANG: 'C.UTF-8',
    ...engine.env,
    PATH: `${root}/node_modules/node/bin:${engine.env.PATH ?? process.env.PATH ?? ''}`,
  };
  const podman = options.pods === true ? findPodman(environment, log) : undefined;
  const registry = await startRegistry({
    log,
    accessLog: true,
    ...(options.auth === undefined ? {} : { auth: options.auth }),
  });
  const base = await provideBaseImage(registry, { log });
  const podmanPath = await podman;
  if (podmanPath !== undefined) environment.PATH = podmanPath;

  const running = new Set<Promise<void>>();
  const finished: FinishedRun[] = [];
  const controller = new AbortController();
  const fleet = options.fleet ?? imageRepositories.map((name) => `${owner}/${name}`);
  const vars = { IMAGE_CASCADE_FLEET: fleet.join('\n') };

  const execute = options.execute ?? ownRunner();
  const start = (event: GitHubEvent): void => {
    if (options.loses?.(event) === true) return;
    options.onEvent?.(event);
    const execution: Execution = { github, environment, secrets, vars, signal: controller.signal };
    const work = execute(event, execution).then((runs) => {
      for (const run of runs) {
        finished.push({ event, run });
        options.onRun?.({ event, run });
      }
    });
    running.add(work);
    work.finally(() => running.delete(work)).catch(() => {});
  };
  const github = await startGitHub({ owner, log: () => {}, onEvent: start });
  const secrets = {
    IMAGE_CASCADE_TOKEN: github.token,
    ...(options.auth === undefined ? {} : { REGISTRY_PASSWORD: options.auth.password }),
  };
  onExit(async () => {
    controller.abort();
    await Promise.allSettled(running);
    await github.stop();
  });
  const workTrees = await createWorkTrees({
    github,
    registry,
    base,
    leftOut: options.pods === true && podmanPath === undefined ? ['pod'] : [],
  });

  return {
    engine,
    registry,
    github,
    workTrees,
    base,
    environment,
    fleet,
    async schedule(repository, cron) {
      const [, name = repository] = repository.split('/');
      const sha = await workTrees.head(name);
      start({
        name: 'schedule',
        repository,
        ref: 'refs/heads/main',
        sha,
        payload: cron === undefined ? {} : { schedule: cron },
      });
    },
    async dispatch(repository, workflow, inputs) {
      const answer = await fetch(`${github.apiUrl}/repos/${repository}/actions/workflows/${workflow}/dispatches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${github.token}`, 'user-agent': 'maintainer' },
        body: JSON.stringify({ ref: 'main', inputs }),
      });
      if (answer.status !== 204) throw new Error(`${workflow} is not started: ${await answer.text()}`);
    },
    passDays(days) {
      environment.LATER_MS = String(Number(environment.LATER_MS ?? '0') + days * 24 * 3_600_000);
      environment.NODE_OPTIONS = `--require=${root}/local/world/later.cjs`;
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
      return finished.splice(0);
    },
  };
}

/** Search path with Podman. Without it the fleet is tested all the same, and whoever watches is told what is left out. */
async function findPodman(
  env: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<string | undefined> {
  const podman = await providePodman({ log, env });
  if (podman.kind !== 'none') {
    log(podman.kind === 'private' ? 'podman: private' : 'podman: the one that is here');
    return podman.path;
  }
  if (process.env.IMAGE_CASCADE_REQUIRE_TOOLS) throw new Error(podman.reason);
  log(`LEFT OUT: the pod checks of the fleet, since Podman does not work here (${podman.reason})`);
  return undefined;
}

/** The runner of this repository, with as many machines as this one has cores for. */
function ownRunner(): Execute {
  const scheduler = createScheduler({ machines: 2 });
  return (event, { github, environment, secrets, vars, signal }) =>
    runWorkflows(event, {
      serverUrl: github.url,
      apiUrl: github.apiUrl,
      graphqlUrl: github.graphqlUrl,
      suite: projectRoot(),
      suiteName,
      env: { ...environment },
      secrets: { ...secrets },
      vars: { ...vars },
      createJobToken: (repository, { readOnly }) =>
        github.createJobToken(repository, readOnly ? { contents: 'read' } : {}),
      log: () => {},
      onRun: ({ id, repository, workflow, event: name, sha, ref, status, conclusion = null }) =>
        github.recordRun({
          id,
          repository,
          name: workflow,
          path: workflow,
          event: name,
          headBranch: ref.replace(/^refs\/heads\//, ''),
          headSha: sha,
          status,
          conclusion,
        }),
      signal,
      scheduler,
    });
}
