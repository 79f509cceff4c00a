/** What differs between two builds of the same thing, and is therefore left out of the content id; each with its reason. */

export interface Exclusion {
  /** A path from the root without leading slash; `/**` at the end: all below it, the folder itself counts. */
  readonly path: string;
  readonly reason: string;
}

/** Made by the engine when a container starts, and hidden by its mounts: nothing of an image shows there. */
export const hidden: readonly Exclusion[] = [
  { path: '.dockerenv', reason: 'Docker marks its containers with it' },
  { path: 'run/.containerenv', reason: 'Podman marks its containers with it' },
  { path: 'etc/hosts', reason: 'the engine mounts its own' },
  { path: 'etc/hostname', reason: 'the engine mounts its own' },
  { path: 'etc/resolv.conf', reason: 'the engine mounts its own' },
  { path: 'etc/mtab', reason: 'the engine links it to /proc/mounts' },
  { path: 'dev', reason: 'the engine mounts it' },
  { path: 'dev/**', reason: 'the engine mounts it' },
  { path: 'proc', reason: 'the kernel fills it' },
  { path: 'proc/**', reason: 'the kernel fills it' },
  { path: 'sys', reason: 'the kernel fills it' },
  { path: 'sys/**', reason: 'the kernel fills it' },
];

/**
 * Files whose content does not count. That they are there, their mode and owner do, and so do folders and links: an
 * image that links `/var/log/nginx/access.log` to `/dev/stdout` is another one than before.
 */
export const unread: readonly Exclusion[] = [
  { path: 'var/log/**', reason: 'logs of installations hold times' },
  {
    path: 'var/lib/apt/lists/**',
    reason: 'package lists change several times a day, what is installed from them may not',
  },
  { path: 'var/cache/apt/**', reason: 'an index of the package lists, with their times' },
  { path: 'var/cache/debconf/config.dat-old', reason: 'a backup of what the last installation found' },
  { path: 'var/cache/debconf/templates.dat-old', reason: 'a backup of what the last installation found' },
  { path: 'var/cache/ldconfig/aux-cache', reason: 'holds inode numbers and times' },
  { path: 'var/cache/fontconfig/**', reason: 'holds times of folders' },
  { path: 'var/cache/man/**', reason: 'an index of the manual pages, with their times' },
  { path: 'var/lib/dpkg/status-old', reason: 'a backup of what the last installation found' },
  { path: 'var/lib/dpkg/diversions-old', reason: 'a backup of what the last installation found' },
  { path: 'var/lib/dpkg/statoverride-old', reason: 'a backup of what the last installation found' },
  { path: 'root/.wget-hsts', reason: 'holds the time of the last download' },
];

/** Whether nothing of a path counts. @param path from the root, without leading and final slash */
export const isHidden = matcher(hidden);
/** Whether the content of a file does not count. */
export const isUnread = matcher(unread);

function matcher(exclusions: readonly Exclusion[]): (path: string) => boolean {
  const files = new Set(exclusions.map(({ path }) => path));
  const folders = new Set(
    exclusions.filter(({ path }) => path.endsWith('/**')).map(({ path }) => path.slice(0, -'/**'.length)),
  );
  return (path) => {
    if (files.has(path)) return true;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (folders.has(path.slice(0, slash))) return true;
    }
    return false;
  };
}

/** Blots out what is different at each build in a file whose content counts. */
export type Normalizer = (content: Buffer) => Buffer;

/** Longest file that is normalized in memory; longer ones count as they are. */
export const normalizedLimit = 1024 * 1024;

/** Undefined for files that are the same at each build. */
export function normalizerFor(path: string): Normalizer | undefined {
  if (path === 'etc/shadow' || path === 'etc/shadow-') return withoutPasswordDay;
  if (path === 'etc/machine-id' || path === 'var/lib/dbus/machine-id') return withoutMachineId;
  return undefined;
}

/** machine-id(5): chosen by chance at the installation. An empty one, which the first start fills, is another thing. */
function withoutMachineId(content: Buffer): Buffer {
  return /^[0-9a-f]{32}\n?$/.test(content.toString('latin1')) ? Buffer.from('chosen') : content;
}

/** shadow(5): the third field is the day of the last password change, today for each user that a package adds. */
function withoutPasswordDay(content: Buffer): Buffer {
  const lines = content.toString('latin1').split('\n');
  return Buffer.from(lines.map((line) => line.replace(/^([^:]*:[^:]*:)\d+:/, '$1:')).join('\n'), 'latin1');
}

/** Bytes of a compiled Python file that hold the time of its source: PEP 552, when the flags (bytes 4 to 7) are zero. */
export const pycHeaderLength = 16;

export function isCompiledPython(path: string): boolean {
  return path.endsWith('.pyc');
}

export function withoutSourceTime(header: Buffer): Buffer {
  if (header.length < pycHeaderLength || header.readUInt32LE(4) !== 0) return header;
  return Buffer.from(header).fill(0, 8, 12);
}
