/** Provokes each error that a user can meet, and looks at what they would read. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk } from '../processes/index.ts';
import { createJob, createRepository, type Job, type StepResult } from './job.ts';

export interface Surroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** A registry without a password, and one with. */
  readonly open: string;
  readonly closed: { readonly host: string; readonly username: string; readonly password: string };
  /** Debian image in the open registry. */
  readonly base: string;
  readonly log: (line: string) => void;
}

interface Fault {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  act(job: Job): Promise<StepResult>;
  /** What the person has to be told: all of these. */
  readonly tells: readonly RegExp[];
}

/** @returns what is wrong, in words */
export async function provokeErrors(surroundings: Surroundings): Promise<{ provoked: number; faults: string[] }> {
  const faults: string[] = [];
  const list = errors(surroundings);
  for (const { title, files, act, tells } of list) {
    const repository = await createRepository();
    await repository.commit(files);
    const job = await createJob(repository, surroundings.environment);
    const result = await act(job);
    const wrong: string[] = [];
    if (result.status !== 1) wrong.push(`exit status ${result.status ?? result.signal}, not 1`);
    for (const pattern of tells) if (!pattern.test(result.log)) wrong.push(`it does not tell ${pattern}`);
    if (/^\s+at .*\(.*:\d+:\d+\)$/m.test(result.log)) wrong.push('it shows a stack trace');
    if (shown(result.log).includes(wrongPassword) || shown(result.log).includes(surroundings.closed.password))
      wrong.push('it shows a password');
    const left = (await readdir(join(job.temp, 'tmp'))).filter((name) => name.startsWith('image-cascade'));
    if (left.length > 0) wrong.push(`it left ${left.join(', ')} behind`);
    wrong.push(...(await leftInEngine(surroundings.environment)));
    const line = result.log.split('\n').find((text) => text.startsWith('::error')) ?? '';
    surroundings.log(
      `${title}: ${line.replace(/^::error[^:]*(?:::|:[^:]*::)/, '') || result.log.trim().split('\n').at(-1)}`,
    );
    for (const fault of wrong) surroundings.log(`  WRONG: ${fault}`);
    if (wrong.length > 0) surroundings.log(result.log.split('\n').slice(-30).join('\n'));
    faults.push(...wrong.map((fault) => `${title}: ${fault}`));
  }
  return { provoked: list.length, faults };
}

const wrongPassword = 'tr0ub4dor-and-3';

/** What a person can read of a log: the runner takes the commands that mask for itself. */
function shown(log: string): string {
  return log
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
}

/** Containers of the suite that are still there. */
async function leftInEngine(environment: Readonly<Record<string, string>>): Promise<string[]> {
  const { stdout } = await runOk('docker', ['ps', '--all', '--format', '{{.Names}} {{.Status}}'], { env: environment });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => `it left the container ${line} behind`);
}

function errors({ open, closed, base, environment }: Surroundings): Fault[] {
  const settings = `registry: ${open}\nnamespace: acme\n`;
  const dockerfile = 'docker/web/Dockerfile.j2';
  const good = { 'images.yaml': settings, [dockerfile]: `FROM ${base}\nRUN true\n` };
  const render = (job: Job) => job.run('render');
  const through = async (
    job: Job,
    ...steps: readonly (readonly [string, Record<string, string>?])[]
  ): Promise<void> => {
    for (const [action, inputs] of steps) {
      const { status, log } = await job.run(action, inputs);
      if (status !== 0) throw new Error(`${action} ended with status ${status}:\n${log}`);
    }
  };
  const built = (job: Job) => through(job, ['render'], ['test', { phase: 'spec' }], ['build']);
  const interrupted = async (job: Job, action: string, inputs: Record<string, string>, line: RegExp) => {
    const step = job.start(action, inputs);
    let sent = false;
    step.onLine((text) => {
      if (sent || !line.test(text)) return;
      sent = true;
      step.kill('SIGINT');
    });
    return step.ended;
  };

  return [
    { title: 'no images.yaml', files: { 'README.md': 'x' }, act: render, tells: [/images\.yaml/] },
    {
      title: 'malformed images.yaml, three faults',
      files: { ...good, 'images.yaml': `${settings}vras: {}\ntags: 7\nimages:\n  web:\n    platforms: yes please\n` },
      act: render,
      tells: [/images\.yaml:3:1.*vras.*vars/s, /images\.yaml:4:7/, /images\.yaml:7:1[0-9]/],
    },
    {
      title: 'an undefined variable in a template',
      files: { ...good, [dockerfile]: `FROM ${base}\nRUN echo {{ pakages }}\n` },
      act: render,
      tells: [/file=docker\/web\/Dockerfile\.j2,line=2/, /pakages/],
    },
    {
      title: 'an unknown image',
      files: good,
      act: (job) => job.run('render', { images: 'wbe' }),
      tells: [/wbe/, /web/],
    },
    {
      title: 'an unreachable registry',
      files: {
        'images.yaml': 'registry: 127.0.0.1:1\nnamespace: acme\n',
        [dockerfile]: 'FROM 127.0.0.1:1/acme/base\n',
      },
      act: render,
      tells: [/127\.0\.0\.1:1/, /refused/i],
    },
    {
      title: 'a wrong password at render',
      files: { 'images.yaml': `registry: ${closed.host}\nnamespace: acme\n`, [dockerfile]: `FROM ${base}\nRUN true\n` },
      act: (job) => job.run('render', { username: closed.username, password: wrongPassword }),
      tells: [new RegExp(closed.host.replaceAll('.', '\\.')), /password/i],
    },
    {
      title: 'a wrong password at push',
      files: { 'images.yaml': `registry: ${closed.host}\nnamespace: acme\n`, [dockerfile]: `FROM ${base}\nRUN true\n` },
      async act(job) {
        const right = { username: closed.username, password: closed.password };
        await through(
          job,
          ['render', right],
          ['test', { phase: 'spec' }],
          ['build'],
          ['test', { phase: 'integration' }],
        );
        return job.run('push', { username: closed.username, password: wrongPassword });
      },
      tells: [/password/i],
    },
    {
      title: 'a foreign image that does not exist',
      files: { ...good, [dockerfile]: `FROM ${open}/library/debain:bookworm\n` },
      act: render,
      tells: [/file=docker\/web\/Dockerfile\.j2,line=1/, /debain/],
    },
    {
      title: 'no engine',
      files: good,
      async act(job) {
        await through(job, ['render']);
        // Podman may be on this machine; of Docker, there is only the command.
        const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock', PATH: environment.PATH ?? '' };
        return job.run('build', { engine: 'docker' }, env);
      },
      tells: [/Docker is needed here, and does not work/, /install/],
    },
    {
      title: 'a fault in the Dockerfile',
      files: { ...good, [dockerfile]: `FROM ${base}\nCOPY nothing /x\nRUN apt-get install -y curl=7.1\n` },
      async act(job) {
        await through(job, ['render']);
        return job.run('test', { phase: 'spec' });
      },
      tells: [
        /file=docker\/web\/Dockerfile\.j2,line=2/,
        /file=docker\/web\/Dockerfile\.j2,line=3/,
        /curl at the exact version 7\.1/,
      ],
    },
    {
      title: 'a command that fails in a build',
      files: { ...good, [dockerfile]: `FROM ${base}\n\nRUN echo before && exit 7\n` },
      async act(job) {
        await through(job, ['render']);
        return job.run('build');
      },
      tells: [/file=docker\/web\/Dockerfile\.j2,line=3/, /7/],
    },
    {
      title: 'a full disk in a build',
      files: {
        ...good,
        [dockerfile]: `FROM ${base}\nRUN --mount=type=tmpfs,target=/full,size=1048576 dd if=/dev/zero of=/full/x bs=1M count=4\n`,
      },
      async act(job) {
        await through(job, ['render']);
        return job.run('build');
      },
      tells: [/space/i],
    },
    {
      title: 'a test that fails',
      files: {
        ...good,
        'docker/web/tests.yaml':
          'start:\n  command: [sh, -c, "echo hello from web; sleep infinity"]\nchecks:\n  - file:\n      path: /missing\n      exists: true\n',
      },
      async act(job) {
        await built(job);
        return job.run('test', { phase: 'integration' });
      },
      tells: [/\/missing/, /hello from web/],
    },
    {
      title: 'a build that is cancelled',
      files: { ...good, [dockerfile]: `FROM ${base}\nRUN echo now sleeping; sleep 300\n` },
      async act(job) {
        await through(job, ['render']);
        return interrupted(job, 'build', {}, /now sleeping/);
      },
      tells: [/cancelled/],
    },
    {
      title: 'a test that is cancelled',
      files: {
        ...good,
        'docker/web/tests.yaml':
          'start:\n  command: [sleep, infinity]\nup:\n  port: 81\n  timeout: 120\nchecks:\n  - port: 81\n',
      },
      async act(job) {
        await built(job);
        const step = job.start('test', { phase: 'integration' });
        const { stdout } = await waitForContainer(environment);
        if (stdout === '') throw new Error('no container came up');
        step.kill('SIGINT');
        return step.ended;
      },
      tells: [/cancelled/],
    },
  ];
}

async function waitForContainer(environment: Readonly<Record<string, string>>): Promise<{ stdout: string }> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const result = await runOk('docker', ['ps', '--quiet'], { env: environment });
    if (result.stdout.trim() !== '') return result;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { stdout: '' };
}
