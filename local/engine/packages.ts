import {
  archiveMirror,
  cacheFolder,
  distributionSources,
  type Machine,
  type Unpacked,
  unpackPackages,
} from '../packages/index.ts';

const ENGINE = ['docker.io', 'containerd'];
const CLIENT = ['docker-cli', 'docker-buildx'];

/** Why this machine's distribution has no packages for an engine; undefined when it has. */
export function unsupported(machine: Machine): string | undefined {
  if (!['debian', 'ubuntu'].includes(machine.distribution)) return `${machine.name} is neither Debian nor Ubuntu`;
  if (archiveMirror(machine.sources, machine.codename) === undefined) {
    return `apt's sources name no archive of ${machine.name}`;
  }
  return undefined;
}

/**
 * Docker's engine and client with buildx.
 *
 * Debian 12 has no buildx, so there they come from Debian 13, whose packages run with Debian 12's C library; not
 * `runc`, which has to be the machine's own. Later releases of Debian, and Ubuntu, have all in their own archive.
 */
export async function dockerPackages(
  machine: Machine,
  part: 'client' | 'engine',
  options: { log(line: string): void; cache?: string },
): Promise<Unpacked> {
  const target = { cache: cacheFolder(options), log: options.log };
  const mirror = archiveMirror(machine.sources, machine.codename);
  if (mirror === undefined) throw new Error(`apt's sources name no archive of ${machine.name}`);
  if (machine.codename === 'bookworm') {
    const sources = [{ ...mirror, suites: ['trixie'], components: ['main'] }];
    return unpackPackages({ sources, packages: [...ENGINE, ...CLIENT], dependencies: 'none' }, target);
  }
  const sources = distributionSources(machine.sources, machine.codename);
  // Ubuntu's docker.io has the client in it.
  const client = machine.distribution === 'ubuntu' ? ['docker-buildx', 'docker.io'] : CLIENT;
  const packages = part === 'client' ? client : [...new Set([...ENGINE, ...client])];
  return unpackPackages({ sources, packages, dependencies: 'missing' }, target);
}
