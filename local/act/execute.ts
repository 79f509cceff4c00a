/** Runs workflows with act (https://github.com/nektos/act), on this machine and without containers of its own. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, run, runOk, temporaryFolder } from '../processes/index.ts';
import type { Conclusion, StepRun, WorkflowRun } from '../runner/index.ts';
import { type Execute, suiteName } from '../world/index.ts';
import { parseLog } from './log.ts';

/** One run at a time: act has no concurrency groups. */
export function actRunner(act: string): Execute {
  const suite = copySuite();
  const absent = standIns();
  let last: Promise<unknown> = Promise.resolve();
  let id = 0;
  return (event, { github, environment, secrets, vars }) => {
    const body = async (): Promise<WorkflowRun[]> => {
      const temporary = await temporaryFolder('image-cascade-act-');
      try {
        const workspace = join(temporary.path, 'workspace');
        const eventFile = join(temporary.path, 'event.json');
        await writeFile(eventFile, JSON.stringify(event.payload));
        const branch = event.ref.replace(/^refs\/heads\//, '');
        const repository = event.repository.split('/').at(-1) ?? '';
        await runOk('git', [
          'clone',
          '--quiet',
          authorized(`${github.url}/${event.repository}`, github.token),
          workspace,
        ]);
        await runOk('git', ['checkout', '--quiet', '-B', branch, event.sha], { cwd: workspace });
        // act reads GITHUB_REPOSITORY from this address, and knows GitHub's alone.
        await runOk('git', ['remote', 'set-url', 'origin', `https://github.com/${event.repository}.git`], {
          cwd: workspace,
        });
        const settings = {
          GITHUB_SERVER_URL: github.url,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_GRAPHQL_URL: github.graphqlUrl,
          ...pick(environment, ['DOCKER_HOST', 'DOCKER_CONFIG', 'LD_LIBRARY_PATH']),
        };
        const args = [
          event.name,
          '--json',
          '--platform',
          'ubuntu-latest=-self-hosted',
          '--local-repository',
          `${suiteName}@v1=${await suite}`,
          ...(await absent).flatMap(([action, folder]) => ['--local-repository', `${action}=${folder}`]),
          '--eventpath',
          eventFile,
          ...pairs('--env', settings),
          ...pairs('--var', vars),
          // Secrets come from the environment: arguments can be read by every process of the machine.
          ...['GITHUB_TOKEN', ...Object.keys(secrets)].flatMap((name) => ['--secret', name]),
        ];
        const job = github.createJobToken(event.repository);
        const result = await run(act, args, {
          cwd: workspace,
          env: { ...environment, ...secrets, GITHUB_TOKEN: job, XDG_CACHE_HOME: join(temporary.path, 'cache') },
          timeoutMs: 15 * 60_000,
        });
        const steps = parseLog(result.stdout);
        const conclusion: Conclusion = result.status === 0 ? 'success' : 'failure';
        const errors = result.status === 0 || steps.length > 0 ? [] : [result.stderr.trim()];
        return [
          {
            id: ++id,
            repository: event.repository,
            event: event.name,
            workflow: repository,
            name: repository,
            conclusion,
            errors,
            jobs: [{ name: repository, conclusion, outputs: {}, steps: steps satisfies StepRun[] }],
          },
        ];
      } finally {
        await temporary.remove();
      }
    };
    const mine = last.then(body);
    last = mine.catch(() => {});
    return mine;
  };
}

/** What users get of the suite. act copies the whole folder for every step: without this, with all that is installed. */
async function copySuite(): Promise<string> {
  const { path } = await temporaryFolder('image-cascade-suite-');
  for (const folder of ['.github', 'actions', 'dist']) {
    await mkdir(join(path, folder), { recursive: true });
    await cp(join(projectRoot(), folder), join(path, folder), { recursive: true });
  }
  return path;
}

/** Actions of steps that do not run here: act fetches them all the same, from GitHub. */
async function standIns(): Promise<[string, string][]> {
  const workflow = await readFile(join(projectRoot(), '.github/workflows/image.yml'), 'utf8');
  const found = workflow.matchAll(/uses: (actions\/(?!checkout@)\S+@[0-9a-f]{40})/g);
  return Promise.all(
    [...new Set([...found].map(([, action = '']) => action))].map(async (action): Promise<[string, string]> => {
      const { path } = await temporaryFolder('image-cascade-absent-');
      const text = `name: absent\nruns:\n  using: composite\n  steps:\n    - run: echo '${action} is not here' && exit 1\n      shell: bash\n`;
      await writeFile(join(path, 'action.yml'), text);
      return [action, path];
    }),
  );
}

function authorized(url: string, token: string): string {
  const address = new URL(url);
  address.username = 'x-access-token';
  address.password = token;
  return address.href;
}

function pairs(flag: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

function pick(values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
