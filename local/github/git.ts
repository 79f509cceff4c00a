import { spawn } from 'node:child_process';

/** What git needs of the environment, and nothing of the configuration of the user who runs this. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'local GitHub',
    GIT_AUTHOR_EMAIL: 'noreply@github.localhost',
    GIT_COMMITTER_NAME: 'local GitHub',
    GIT_COMMITTER_EMAIL: 'noreply@github.localhost',
  };
}

/**
 * Runs git in a folder.
 * @returns standard output as bytes
 * @throws Error with the command and what git said on standard error
 */
export async function gitBytes(folder: string, args: readonly string[], input = ''): Promise<Buffer> {
  const child = spawn('git', ['-C', folder, ...args], { env: gitEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`cannot run git: ${error.message}; install git`, { cause: error })));
    child.on('close', resolve);
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')} (in ${folder}): ${Buffer.concat(stderr).toString().trim()}`);
  return Buffer.concat(stdout);
}

/** Like `gitBytes`, as text without the last line's end. */
export async function git(folder: string, args: readonly string[], input = ''): Promise<string> {
  return (await gitBytes(folder, args, input)).toString().replace(/\n$/, '');
}

/** All refs of a bare repository with the object ids that they point at. */
export async function readRefs(folder: string): Promise<Map<string, string>> {
  const lines = await git(folder, ['for-each-ref', '--format=%(objectname) %(refname)']);
  const refs = lines.split('\n').filter((line) => line !== '');
  return new Map(refs.map((line) => [line.slice(41), line.slice(0, 40)]));
}
