/** Services, as goss asks for them: systemd where its command is there, else what the distribution had before. */
import { execute } from '../../../engine/index.ts';
import type { Subject } from '../../check.ts';
import { readContainerFile, readContainerText } from '../../container-files.ts';
import type { Facts } from './facts.ts';
import { namesIn, runInside } from './fallbacks.ts';
import type { Resource } from './resource.ts';
import { TextList } from './values.ts';

type Manager = 'systemd' | 'upstart' | 'openrc' | 'init';

export function serviceFacts({ name }: Resource, subject: Subject): Facts {
  if (name.includes('/'))
    return { enabled: async () => false, running: async () => false, runlevels: async () => new TextList([]) };
  const manager = managerOf(subject);
  // Each property waits for it in its turn.
  manager.catch(() => {});
  const succeeds = async (...command: string[]): Promise<string | undefined> => {
    const { status, stdout } = await runInside(subject, command);
    return status === 0 ? stdout : undefined;
  };
  return {
    async enabled() {
      const kind = await manager;
      if (kind === 'systemd') return (await succeeds('systemctl', '-q', 'is-enabled', name)) !== undefined;
      if (kind === 'upstart') return await upstartEnabled(name, subject);
      return (await runLevels(name, kind, subject)).length > 0;
    },
    async running() {
      const kind = await manager;
      if (kind === 'systemd') return (await succeeds('systemctl', '-q', 'is-active', name)) !== undefined;
      const said = await succeeds('service', name, 'status');
      return said !== undefined && (kind !== 'upstart' || /running|online/.test(said));
    },
    runlevels: async () => new TextList(await runLevels(name, await manager, subject)),
  };
}

async function managerOf(subject: Subject): Promise<Manager> {
  const { container, timeoutMs } = subject;
  const { status } = await execute(container, ['systemctl', '--version'], { timeoutMs });
  if (status !== 126 && status !== 127) return 'systemd';
  const there = async (path: string): Promise<boolean> => (await readContainerFile(subject, path)) !== undefined;
  if ((await readContainerText(subject, '/etc/lsb-release'))?.includes('Ubuntu')) return 'upstart';
  if ((await there('/etc/redhat-release')) || (await there('/etc/system-release'))) return 'init';
  if (await there('/etc/alpine-release')) return 'openrc';
  return (await there('/etc/arch-release')) ? 'systemd' : 'init';
}

async function upstartEnabled(name: string, subject: Subject): Promise<boolean> {
  const override = (await readContainerText(subject, `/etc/init/${name}.override`)) ?? '';
  if (/^manual/m.test(override)) return false;
  const job = (await readContainerText(subject, `/etc/init/${name}.conf`)) ?? '';
  return /^\s*start on/m.test(job) || (await runLevels(name, 'init', subject)).length > 0;
}

async function runLevels(name: string, manager: Manager, subject: Subject): Promise<string[]> {
  if (manager === 'systemd') return [];
  const openrc = manager === 'openrc';
  const folder = openrc ? '/etc/runlevels' : '/etc';
  const found: string[] = [];
  for (const entry of await namesIn(subject, folder)) {
    const level = openrc ? entry : /^rc([0-9]+)\.d$/.exec(entry)?.[1];
    if (level === undefined) continue;
    const names = await namesIn(subject, `${folder}/${entry}`);
    if (names.some((link) => (openrc ? link === name : /^S\d\d/.test(link) && link.slice(3) === name)))
      found.push(level);
  }
  return found;
}
