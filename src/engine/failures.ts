/** What an engine's error output means for the person who reads it: pure. */

export interface Failure {
  readonly message: string;
  readonly hint?: string;
  /** Whether it is the machine or the engine that fails, whatever is asked of it. */
  readonly general?: boolean;
}

interface Known {
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: string;
  readonly general?: boolean;
}

const known: readonly Known[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    message: 'the disk is full',
    hint: 'free space on the machine (`docker system prune`, fewer images in one job) or use a larger runner',
    general: true,
  },
  {
    pattern:
      /unauthorized|authentication required|denied: |access denied|no basic auth credentials|403 Forbidden|401 Unauthorized/i,
    message: 'the registry refused the credentials',
    hint: "log in before this step, or check the step's inputs 'username' and 'password' and what they may do",
  },
  {
    pattern: /exec format error/i,
    message: "this machine can't run programs of that platform",
    hint: 'install emulation before this step (docker/setup-qemu-action), or use a runner of that platform',
  },
  {
    pattern: /Cannot connect to the Docker daemon|error during connect|Is the docker daemon running/i,
    message: 'the engine does not answer any more',
    hint: "look at the engine's own log, and run the job again",
  },
  {
    pattern:
      /dial tcp .*(?:no such host|connection refused|i\/o timeout)|TLS handshake timeout|network is unreachable/i,
    message: 'the network did not answer',
    hint: 'check the host name and the network of the runner, and run the job again',
  },
];

/** A message without a final stop, with the engine's own last words where they say more. */
export function explainFailure(stderr: string, status: number): Failure {
  if (status === 130) return { message: 'it was cancelled', general: true };
  const words = lastWords(stderr);
  if (status === 124) return { message: `its time was up${words === '' ? '' : ` (${words})`}` };
  const match = known.find(({ pattern }) => pattern.test(stderr));
  if (match !== undefined) {
    const { message, hint, general = false } = match;
    return { message: `${message}${words === '' ? '' : ` (${words})`}`, hint, general };
  }
  return { message: words === '' ? `exit status ${status}` : words };
}

/** The last error line, without the engine's prefixes. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:Run|See) '(?:docker|podman)/.test(line));
  const line = lines.findLast((text) => /^(?:ERROR|Error)\b/i.test(text)) ?? lines.at(-1) ?? '';
  return line
    .replace(/^(?:(?:ERROR|Error|docker|Error response from daemon|failed to solve):\s*)+/, '')
    .replace(/\.$/, '');
}
