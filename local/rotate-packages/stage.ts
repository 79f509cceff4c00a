/** An image repository on a GitHub whose container packages are those of a registry, and the runs of its workflow. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRegistry, type Registry } from '../../src/registry/index.ts';
import { type GitHubEvent, type LocalGitHub, startGitHub } from '../github/index.ts';
import { projectRoot, runOk, temporaryFolder } from '../processes/index.ts';
import { type RegistryStandIn, startRegistryStandIn } from '../registry/stand-in.ts';
import { publish, pushImage } from '../rotate-scenarios/images.ts';
import { createScheduler, runWorkflows, type StepRun, type WorkflowRun } from '../runner/index.ts';

export interface Stage {
  readonly github: LocalGitHub;
  readonly server: RegistryStandIn;
  readonly registry: Registry;
  /** `registry/path` of the one image. */
  readonly image: string;
  /** Publishes a build of a branch, so many days ago. */
  publish(branch: string, days: number): Promise<string>;
  /** Tags for users and marks, sorted. */
  tags(): string[];
  /** Starts the workflow as its schedule does. */
  schedule(): Promise<WorkflowRun>;
  dispatch(inputs: Readonly<Record<string, string>>): Promise<WorkflowRun>;
  /** Proposes another `images.yaml`, and gives the run that looks at it. */
  propose(branch: string, config: string): Promise<WorkflowRun>;
}

const repository = 'acme/images';
const config = (host: string, more = ''): string => `registry: ${host}\nnamespace: acme\n${more}`;

export async function createStage(log: (line: string) => void): Promise<Stage> {
  const server = await startRegistryStandIn({ deletion: false });
  const events: GitHubEvent[] = [];
  const github = await startGitHub({ owner: 'acme', log: () => {}, onEvent: (event) => events.push(event) });
  github.packages.connect(server.store);
  const registry = createRegistry();
  const image = `${server.host}/acme/web`;
  const root = projectRoot();
  const scheduler = createScheduler({ machines: 1 });
  const run = async (event: GitHubEvent): Promise<WorkflowRun> => {
    const [only] = await runWorkflows(event, {
      serverUrl: github.url,
      apiUrl: github.apiUrl,
      graphqlUrl: github.graphqlUrl,
      suite: root,
      suiteName: 'image-cascade/image-cascade',
      env: { PATH: `${root}/node_modules/node/bin:${process.env.PATH ?? ''}`, HOME: '/nonexistent' },
      secrets: {},
      vars: {},
      createJobToken: (name) => github.createJobToken(name),
      log: () => {},
      scheduler,
    });
    if (only === undefined) throw new Error(`${event.name} started no workflow`);
    log(`  ${event.name}: run ${only.id}, ${only.conclusion}`);
    return only;
  };
  const next = async (name: string): Promise<WorkflowRun> => {
    const event = events.findLast((candidate) => candidate.name === name);
    if (event === undefined) throw new Error(`there was no ${name}`);
    return run(event);
  };
  const work = await createRepository(github, config(server.host));

  return {
    github,
    server,
    registry,
    image,
    async publish(branch, days) {
      const entry = await pushImage(registry, image, `${branch}-${days}`, {
        labels: {
          'io.image-cascade.class': branch === 'main' ? 'default' : 'branch',
          'io.image-cascade.branch': branch,
          'org.opencontainers.image.version': branch === 'main' ? 'latest' : branch,
        },
      });
      await publish(registry, image, entry, { days, branch });
      return entry.digest;
    },
    tags: () => (server.store.tags('acme/web') ?? []).filter((tag) => !/^(?:[kctip]-|rotation-pending$)/.test(tag)),
    async schedule() {
      const sha = (await runOk('git', ['rev-parse', 'HEAD'], { cwd: work })).stdout.trim();
      return run({ name: 'schedule' as GitHubEvent['name'], repository, ref: 'refs/heads/main', sha, payload: {} });
    },
    async dispatch(inputs) {
      const answer = await fetch(`${github.apiUrl}/repos/${repository}/actions/workflows/rotate.yml/dispatches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${github.token}`, 'user-agent': 'maintainer' },
        body: JSON.stringify({ ref: 'main', inputs }),
      });
      if (answer.status !== 204) throw new Error(await answer.text());
      return next('workflow_dispatch');
    },
    async propose(branch, more) {
      await git(github, work, 'checkout', '--quiet', '-b', branch);
      await writeFile(join(work, 'images.yaml'), config(server.host, more));
      await git(github, work, 'commit', '--quiet', '--all', '--message', 'Change the rules');
      await git(github, work, 'push', '--quiet', 'origin', branch);
      await git(github, work, 'checkout', '--quiet', 'main');
      await github.openPullRequest({ repository, head: branch, base: 'main' });
      return next('pull_request');
    },
  };
}

/** The step that rotates. */
export function rotateStep(run: WorkflowRun): StepRun {
  const step = run.jobs.flatMap(({ steps }) => steps).find(({ name }) => name === 'Rotate');
  if (step === undefined) throw new Error(`no step rotated: ${run.errors.join('; ')}`);
  return step;
}

async function createRepository(github: LocalGitHub, text: string): Promise<string> {
  const { path: work } = await temporaryFolder('rotate-packages-');
  const { cloneUrl } = await github.createRepository(repository);
  const example = join(projectRoot(), 'examples', 'rotate.yml');
  const workflow = join(work, '.github', 'workflows', 'rotate.yml');
  await mkdir(dirname(workflow), { recursive: true });
  await cp(example, workflow);
  // This registry is no GHCR by its name, and takes no login.
  const written = await readFile(workflow, 'utf8');
  await writeFile(workflow, written.replace('registry: ghcr.io', 'store: packages'));
  await mkdir(join(work, 'docker', 'web'), { recursive: true });
  await writeFile(join(work, 'docker', 'web', 'Dockerfile.j2'), 'FROM scratch\n');
  await writeFile(join(work, 'images.yaml'), text);
  await git(github, work, 'init', '--quiet', '--initial-branch=main');
  await git(github, work, 'remote', 'add', 'origin', cloneUrl);
  await git(github, work, 'add', '--all');
  await git(github, work, 'commit', '--quiet', '--message', 'First');
  await git(github, work, 'push', '--quiet', 'origin', 'main');
  return work;
}

async function git(github: LocalGitHub, folder: string, ...args: string[]): Promise<void> {
  const credentials = Buffer.from(`x-access-token:${github.token}`).toString('base64');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  const header = ['-c', `http.extraheader=AUTHORIZATION: basic ${credentials}`];
  await runOk('git', [...identity, ...header, ...args], { cwd: folder });
}
