/** A Kubernetes cluster, as the machine's own `kubectl` and its configuration reach it. Credentials stay in there. */
import { fail } from '../problems.ts';
import type { Processes, RunOptions, RunResult } from '../processes.ts';

export interface Cluster {
  readonly kind: 'kubectl';
  /** Of the configuration. Named in every command, so that all of them reach the same cluster. */
  readonly context: string;
  readonly processes: Processes;
  /** Environment of every command, which says where the configuration is. */
  readonly env: Readonly<Record<string, string>>;
}

/** A pod in a namespace that holds nothing else. */
export interface ClusterPod extends Cluster {
  readonly namespace: string;
  readonly pod: string;
}

/** A cluster that does not answer must not hold up a job. */
const answerMs = 30_000;

/**
 * The cluster that is configured; it is not asked whether it answers.
 * @param wanted its context; absent: the current one
 * @throws ProblemsError that says what is missing
 */
export async function findCluster(
  processes: Processes,
  env: Readonly<Record<string, string>>,
  wanted?: string,
): Promise<Cluster> {
  const run = (args: readonly string[]): Promise<RunResult> =>
    processes.run('kubectl', ['config', ...args], { env, timeoutMs: answerMs });
  const hint = 'set the cluster up before this step, so that `kubectl config current-context` names it (KUBECONFIG)';
  if (wanted === undefined) {
    const current = await run(['current-context']);
    const context = current.stdout.trim();
    if (current.status !== 0 || context === '')
      fail(`there is no cluster to work with: ${clusterFailure(current)}`, { hint });
    return { kind: 'kubectl', context, processes, env };
  }
  const all = await run(['get-contexts', '--output', 'name']);
  if (all.status !== 0) fail(`there is no cluster to work with: ${clusterFailure(all)}`, { hint });
  const contexts = all.stdout.split('\n').filter((line) => line !== '');
  if (!contexts.includes(wanted))
    fail(`kubectl has no context '${wanted}'; there is ${contexts.join(', ') || 'none'}`, { hint });
  return { kind: 'kubectl', context: wanted, processes, env };
}

/** What kubectl's error output means, without what it tells its own developers. Pure. */
export function clusterFailure({ status, stderr }: Pick<RunResult, 'status' | 'stderr'>): string {
  if (status === 127) return 'kubectl is not installed';
  if (status === 130) return 'it was cancelled';
  const words = stderr
    .split('\n')
    // Log lines of its libraries begin with severity and date.
    .filter((line) => line.trim() !== '' && !/^[IWEF]\d{4} |^Warning: /.test(line))
    .map((line) => line.trim().replace(/^(?:error: |Error from server(?: \(\w+\))?: )+/, ''))
    .join('; ');
  if (status === 124) return `its time was up${words === '' ? '' : ` (${words})`}`;
  return words === '' ? `exit status ${status}` : words;
}

/** The arguments that come before those of every command. */
export function clusterArguments(cluster: Cluster | ClusterPod): string[] {
  return ['--context', cluster.context, ...('namespace' in cluster ? ['--namespace', cluster.namespace] : [])];
}

/** Runs kubectl. Never rejects because of an exit status. */
export function runKubectl(
  cluster: Cluster | ClusterPod,
  args: readonly string[],
  options: Omit<RunOptions, 'env'> = {},
): Promise<RunResult> {
  const { processes, env } = cluster;
  return processes.run('kubectl', [...clusterArguments(cluster), ...args], { timeoutMs: answerMs, ...options, env });
}

/**
 * As `runKubectl`, for commands that have to work.
 * @param what begins the error message
 * @returns standard output
 * @throws ProblemsError with kubectl's own words
 */
export async function demandKubectl(
  cluster: Cluster | ClusterPod,
  what: string,
  args: readonly string[],
  options: Omit<RunOptions, 'env'> = {},
): Promise<string> {
  const result = await runKubectl(cluster, args, options);
  if (result.status !== 0) fail(`${what}: ${clusterFailure(result)}`);
  return result.stdout;
}
