import { createHash } from 'node:crypto';
import { glob, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onExit, run, runOk } from '../processes/index.ts';
import { aptConfiguration } from './apt-configuration.ts';
import { minimalStatus } from './dpkg-status.ts';
import { type AptSource, sourceLine } from './sources.ts';

export interface Unpacked {
  /** Folder that holds `usr/…` of all the packages. */
  root: string;
}

/**
 * Packages of a distribution, unpacked into a folder of the cache; taken from there when they are there already.
 *
 * @param wanted.dependencies `missing`: with those that they need and the machine lacks. `none`: just these, from a
 *   release that is not the machine's, where apt would want to replace the C library.
 * @param wanted.bare look for what a machine with nothing but the base system would lack
 * @throws Error when apt cannot fetch them
 */
export async function unpackPackages(
  wanted: { sources: AptSource[]; packages: string[]; dependencies: 'missing' | 'none'; bare?: boolean },
  options: { cache: string; log(line: string): void },
): Promise<Unpacked> {
  const key = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 12);
  const final = join(options.cache, `packages-${wanted.packages[0]}-${key}`);
  if (await isThere(final)) return { root: final };

  options.log(`unpacking ${wanted.packages.join(', ')} into ${options.cache} (nothing is installed)`);
  await mkdir(options.cache, { recursive: true });
  // Complete or absent: another run may fill the same cache, and this one may be interrupted.
  const work = await mkdtemp(join(options.cache, '.unpacking-'));
  const discard = onExit(() => rm(work, { recursive: true, force: true }));
  try {
    for (const folder of ['lists/partial', 'archives/partial', 'root'])
      await mkdir(join(work, folder), { recursive: true });
    await writeFile(join(work, 'sources.list'), wanted.sources.map(sourceLine).join(''));
    const status = wanted.bare === true ? join(work, 'status') : undefined;
    if (status !== undefined) await writeFile(status, minimalStatus(await readFile('/var/lib/dpkg/status', 'utf8')));
    const configuration = join(work, 'apt.conf');
    await writeFile(configuration, aptConfiguration(work, status));

    await apt(configuration, ['update'], wanted.sources);
    if (wanted.dependencies === 'none') {
      await apt(configuration, ['download', ...wanted.packages], wanted.sources, join(work, 'archives'));
    } else {
      const install = ['install', '--yes', '--download-only', '--reinstall', ...wanted.packages];
      await apt(configuration, install, wanted.sources);
    }
    const archives = (await readdir(join(work, 'archives'))).filter((name) => name.endsWith('.deb'));
    for (const archive of archives.sort())
      await runOk('dpkg', ['-x', join(work, 'archives', archive), join(work, 'root')]);
    await rename(join(work, 'root'), final).catch(async (error: NodeJS.ErrnoException) => {
      if (!(await isThere(final))) throw error;
    });
  } finally {
    await discard();
  }
  return { root: final };
}

/** Environment in which the commands of unpacked packages run: search paths in front of the ones given. */
export async function environmentOf(
  unpacked: readonly Unpacked[],
  base: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const found = async (patterns: string[]): Promise<string[]> => {
    const folders: string[] = [];
    for (const { root } of unpacked) {
      for (const pattern of patterns) {
        for await (const folder of glob(pattern, { cwd: root })) folders.push(join(root, folder));
      }
    }
    return folders;
  };
  const joined = (folders: string[], given: string | undefined): string =>
    [...folders, ...(given === undefined || given === '' ? [] : [given])].join(':');
  const path = joined(await found(['usr/sbin', 'usr/bin', 'sbin', 'bin']), base.PATH);
  const libraries = await found(['usr/lib/*-linux-gnu*', 'lib/*-linux-gnu*']);
  const perl = await found([
    'etc/perl',
    'usr/share/perl5',
    'usr/share/perl/5*',
    'usr/lib/*/perl/5*',
    'usr/lib/*/perl5/5*',
    'usr/lib/*/perl-base',
  ]);
  const [xtables] = await found(['usr/lib/*/xtables']);
  return {
    ...base,
    PATH: `${path}:/usr/sbin:/sbin`,
    ...(libraries.length > 0 ? { LD_LIBRARY_PATH: joined(libraries, base.LD_LIBRARY_PATH) } : {}),
    ...(perl.length > 0 ? { PERL5LIB: joined(perl, base.PERL5LIB) } : {}),
    ...(xtables !== undefined ? { XTABLES_LIBDIR: xtables } : {}),
  };
}

async function apt(configuration: string, args: string[], sources: AptSource[], cwd?: string): Promise<void> {
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const result = await run('apt-get', ['-c', configuration, '-q', ...args], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (result.status === 0) return;
  const complaints = result.stderr.split('\n').filter((line) => /^(E|W|Err|cannot)/.test(line));
  const places = sources.flatMap((source) => source.uris.map((uri) => `${uri} (${source.suites.join(', ')})`));
  throw new Error(
    `apt-get ${args[0]} failed for ${places.join(', ')}; check that this machine reaches its Debian mirror ` +
      `(\`apt-get update\`) and that its archive keyring is up to date:\n${complaints.slice(0, 10).join('\n')}`,
  );
}

async function isThere(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0;
}
