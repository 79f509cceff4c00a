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

/** Files and folders whose places can't be chosen, the inner ones first. */
const places = [
  '/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint',
  '/var/lib/kubelet/device-plugins/kubelet.sock',
  '/var/lib/cni/results',
  '/var/lib/cni',
  '/var/lib/kubelet/device-plugins',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/run/containerd/runc/k8s.io',
  '/run/containerd/runc',
  '/run/containerd/s',
  '/run/containerd',
];

/** Puts everything back, when the process ends, as it is now. */
export async function leaveNoTraces(): Promise<void> {
  const kept = await Promise.all(
    settings.map(async (name) => {
      const file = `/proc/sys/${name}`;
      return { file, value: await readFile(file, 'utf8').catch(() => undefined) };
    }),
  );
  const there = await Promise.all(
    places.map((place) =>
      access(place).then(
        () => true,
        () => false,
      ),
    ),
  );
  onExit(async () => {
    for (const { file, value } of kept) if (value !== undefined) await writeFile(file, value);
    for (const [index, place] of places.entries()) {
      if (there[index] === true) continue;
      // A folder that is not empty is somebody else's by now.
      await rm(place)
        .catch(() => rmdir(place))
        .catch(() => {});
    }
  });
}
