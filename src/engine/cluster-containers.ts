/** Containers of a pod in a cluster: what can be done in there depends on what the image brings along. */
import { posix } from 'node:path';
import { fail } from '../problems.ts';
import type { RunResult, Streamed } from '../processes.ts';
import { type ClusterPod, clusterArguments, clusterFailure, runKubectl } from './cluster.ts';
import type { ContainerProcess } from './containers.ts';

function execArguments({ pod }: ClusterPod, container: string, command: readonly string[]): string[] {
  return ['exec', pod, '--container', container, '--', ...command];
}

/** Runs a command in a running container, as the user that it runs as: a cluster knows no other way. */
export async function executeInPod(
  pod: ClusterPod,
  container: string,
  command: readonly string[],
  options: { readonly user?: string; readonly timeoutMs: number },
): Promise<RunResult> {
  if (options.user !== undefined)
    fail("in a cluster a command can't be run as another user than the container's own", {
      hint: "leave out the check's user, or play the pod with podman",
    });
  const result = await runKubectl(pod, execArguments(pod, container, command), { timeoutMs: options.timeoutMs });
  return executed(result);
}

/** The outcome of the command alone, as Docker has it: kubectl adds words of its own to standard error. Pure. */
export function executed({ status, stdout, stderr }: RunResult): RunResult {
  const own = /(?:^|\n)command terminated with exit code \d+\n?$/;
  if (own.test(stderr))
    return { status, stdout, stderr: stderr.replace(own, (text) => (text[0] === '\n' ? '\n' : '')) };
  if (/executable file not found/i.test(stderr)) return { status: 127, stdout, stderr };
  if (/OCI runtime exec failed|failed to start exec/i.test(stderr)) return { status: 126, stdout, stderr };
  return { status, stdout, stderr };
}

/** See `copyOut`. */
export function copyOutOfPod(pod: ClusterPod, container: string, path: string, signal: AbortSignal): Streamed {
  const whole = posix.resolve('/', path);
  const [folder, name] = whole === '/' ? ['/', '.'] : [posix.dirname(whole), posix.basename(whole)];
  const args = execArguments(pod, container, ['tar', '-cf', '-', '-C', folder, '--', name]);
  const options = { env: pod.env, signal };
  const { output, done } = pod.processes.stream('kubectl', [...clusterArguments(pod), ...args], options);
  return { output, done: done.then(copied) };
}

function copied(result: RunResult): RunResult {
  const { status, stderr } = executed(result);
  // These words have to differ from those for a file that is not there.
  if (status === 127 || status === 126)
    return { ...result, stderr: 'in a cluster files are read with the `tar` of the image, which has none' };
  return { ...result, stderr };
}

/**
 * One line a process: user id, name, command line. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 * Processes may end while they are read; the reading shell leaves itself out.
 */
const listing = `
for folder in /proc/[0-9]*; do
  [ "$folder" = "/proc/$$" ] && continue
  uid=
  while read -r key value rest; do [ "$key" = Uid: ] && uid=$value && break; done < "$folder/status"
  read -r name < "$folder/comm" && command=$(tr '\\0' ' ' < "$folder/cmdline") && printf '%s\\t%s\\t%s\\n' "$uid" "$name" "$command"
done 2> /dev/null
:`;

/** As the container itself sees them. */
export async function listPodProcesses(
  pod: ClusterPod,
  container: string,
  timeoutMs: number,
): Promise<ContainerProcess[]> {
  const result = await executeInPod(pod, container, ['sh', '-c', listing], { timeoutMs });
  if (result.status === 126 || result.status === 127)
    fail('in a cluster processes are listed with the `sh` and `tr` of the image, which has none');
  if (result.status !== 0) fail(`listing its processes: ${clusterFailure(result)}`);
  return parseListing(result.stdout);
}

/** Pure. */
export function parseListing(text: string): ContainerProcess[] {
  return text.split('\n').flatMap((line) => {
    const [user, name, ...command] = line.split('\t');
    return user && name ? [{ user, name, command: command.join('\t').trim() }] : [];
  });
}
