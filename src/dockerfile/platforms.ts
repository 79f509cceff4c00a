/** Platforms as the builder reads them: https://github.com/containerd/platforms. */

export interface ParsedPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

const systems: ReadonlySet<string> = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);
const architectures: ReadonlySet<string> = new Set(
  (
    '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ' +
    'ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'
  ).split(' '),
);

/** `linux/arm64`, `linux`, `arm64`, `linux/arm/v7`; `undefined` for what is no platform. */
export function parsePlatform(text: string): ParsedPlatform | undefined {
  const parts = text.split('/');
  const [first = '', second = '', third = ''] = parts;
  const [, os = ''] = /^([A-Za-z0-9_.-]+)(?:\([^()]*\))?$/.exec(first) ?? [];
  if (os === '' || parts.length > 3 || !parts.slice(1).every((part) => /^[A-Za-z0-9_.-]+$/.test(part)))
    return undefined;
  if (parts.length === 1) {
    const system = normalizeSystem(os);
    if (systems.has(system)) return { os: system, architecture: 'amd64', variant: '' };
    const alone = normalizeArchitecture(os, '');
    return architectures.has(alone.architecture) ? { os: 'linux', ...alone } : undefined;
  }
  return { os: normalizeSystem(os), ...normalizeArchitecture(second, third) };
}

function normalizeSystem(os: string): string {
  const lower = os.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

function normalizeArchitecture(architecture: string, variant: string): Omit<ParsedPlatform, 'os'> {
  const lower = architecture.toLowerCase();
  if (lower === 'i386') return { architecture: '386', variant: '' };
  if (['x86_64', 'x86-64', 'amd64'].includes(lower))
    return { architecture: 'amd64', variant: variant === 'v1' ? '' : variant.toLowerCase() };
  if (lower === 'aarch64' || lower === 'arm64')
    return { architecture: 'arm64', variant: variant === '8' || variant === 'v8' ? '' : variant.toLowerCase() };
  if (lower === 'armhf') return { architecture: 'arm', variant: 'v7' };
  if (lower === 'armel') return { architecture: 'arm', variant: 'v6' };
  return { architecture: lower, variant: variant.toLowerCase() };
}
