/** What a cluster's parts do to the machine outside of the folders that they are given. */
import { access, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { onExit } from '../processes/index.ts';

/** The kubelet sets up the kernel for itself: `setupKernelTunables` in its container manager. */
const settings = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** Folders whose places can't be chosen, the inner ones first. Those of the kubelet are its alone. */
const folders = [
  { path: '/var/lib/kubelet', shared: false },
  { path: '/var/log/containers', shared: false },
  { path: '/var/lib/cni/results', shared: true },
  { path: '/var/lib/cni', shared: true },
  { path: '/run/containerd/runc/k8s.io', shared: true },
  { path: '/run/containerd/runc', shared: true },
  { path: '/run/containerd/s', shared: true },
  { path: '/run/containerd', shared: true },
];

/** Puts everything back, when the process ends, as it is now. */
export async function leaveNoTraces(): Promise<void> {
  const kept: (readonly [file: string, value: string])[] = [];
  for (const name of settings) {
    const file = `/proc/sys/${name}`;
    const value = await readFile(file, 'utf8').catch(() => undefined);
    if (value !== undefined) kept.push([file, value]);
  }
  const made: typeof folders = [];
  for (const folder of folders) await access(folder.path).catch(() => made.push(folder));
  onExit(async () => {
    for (const [file, value] of kept) await writeFile(file, value);
    for (const { path, shared } of made) {
      // One that is not empty is somebody else's by now.
      if (shared) await rmdir(path).catch(() => {});
      else await rm(path, { recursive: true, force: true });
    }
  });
}
