/** The programs of a Kubernetes cluster, built from their published Go modules into `.cache/tools`. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, run, runOk } from '../processes/index.ts';

/** Where Kubernetes' own build writes its version; the modules do not know it. */
const versionVariable = 'k8s.io/component-base/version.gitVersion';

const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kubectl'];

/**
 * Folder with the programs; built when their source or versions are new, which takes ten minutes of
 * processor time.
 * @returns `undefined` where there is neither what was built nor Go to build it with
 */
export async function provideKubernetes(log: (line: string) => void): Promise<string | undefined> {
  const source = join(projectRoot(), 'local', 'cluster', 'kubernetes');
  const files = await Promise.all(['main.go', 'go.mod', 'go.sum'].map((name) => readFile(join(source, name))));
  const key = createHash('sha256').update(Buffer.concat(files)).digest('hex').slice(0, 12);
  const folder = join(projectRoot(), '.cache', 'tools', `kubernetes-${key}`);
  const done = join(folder, 'built');
  if ((await readFile(done, 'utf8').catch(() => '')) === key) return folder;

  if ((await run('go', ['version'])).status !== 0) return undefined;
  const version = /k8s\.io\/kubernetes (v\S+)/.exec(String(files[1]))?.[1];
  const linkerFlags = `-s -w -X ${versionVariable}=${version}`;
  log('building Kubernetes from its Go modules: this takes some minutes, once');
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, GOFLAGS: '-mod=readonly -buildvcs=false' };
  await runOk('go', ['build', '-trimpath', `-ldflags=${linkerFlags}`, '-o', join(folder, 'kubernetes'), '.'], {
    cwd: source,
    env,
  });
  for (const name of names) await symlink('kubernetes', join(folder, name)).catch(ignoreExisting);
  await writeFile(done, key);
  return folder;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
