import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AptSource,
  distributionSources,
  type Machine,
  provideTools,
  sourceLine,
  type ToolOptions,
} from '../packages/index.ts';
import { runOk } from '../processes/index.ts';

export const RELEASE = 'bookworm';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Merges /usr from the start; the package that does it afterwards would bring all of Perl along. */
const MERGED_USR = '/usr/share/mmdebstrap/hooks/merged-usr';

/** What Debian's own slim images leave out of packages. */
const LEFT_OUT = ['doc', 'groff', 'info', 'linda', 'lintian', 'locale', 'man'];

const CACHE_SETTINGS = ['Acquire::Languages "none";', 'Dir::Cache::pkgcache "";', 'Dir::Cache::srcpkgcache "";'];

/** An image has no use for what apt keeps to be faster the next time; images of Debian do without it too. */
const APT_CLEAN = 'APT::Keep-Downloaded-Packages "false";\n';

/**
 * The sources that apt in the image gets: on a machine with the same release the machine's own, so that builds reach
 * the mirror that the machine reaches; with another Debian release that release's mirrors; elsewhere none, which leaves
 * the choice to mmdebstrap: Debian's public ones.
 */
export function imageSources(machine: Pick<Machine, 'distribution' | 'codename' | 'sources'>): AptSource[] {
  if (machine.distribution !== 'debian') return [];
  const own = distributionSources(machine.sources, machine.codename).map(({ uris, suites, components }) => ({
    uris,
    suites: suites.map((suite) => suite.replace(machine.codename, RELEASE)),
    components,
  }));
  return own.filter(({ suites }) => suites.every((suite) => suite.startsWith(RELEASE)));
}

/** Whether an image as Debian publishes it can install packages here: public mirror, no settings of the machine needed. */
export function isOrdinary(sources: readonly AptSource[], settings: readonly string[]): boolean {
  const isPublic = (uri: string): boolean => /(?:^|\.)debian\.org$/.test(hostOf(uri));
  return settings.length === 0 && sources.every(({ uris }) => uris.every(isPublic));
}

/**
 * Makes a Debian file system as a tar file: the base system and apt, without documentation, as in Debian's slim images.
 * @param settings lines of apt configuration that the image keeps
 */
export async function makeFileSystem(
  tar: string,
  image: { sources: AptSource[]; settings: string[]; epoch: number },
  options: ToolOptions,
): Promise<void> {
  const tools = {
    mmdebstrap: 'mmdebstrap',
    ...((await exists(KEYRING)) ? {} : { 'debian-archive-keyring': 'debian-archive-keyring' }),
  };
  const { env } = await provideTools(tools, options);
  const settings = [...image.settings, ...CACHE_SETTINGS];
  const clean = `${tar}.apt-clean`;
  await writeFile(clean, APT_CLEAN);
  const args = [
    '--variant=minbase',
    '--format=tar',
    `--keyring=${await packagedFile(KEYRING, env)}`,
    `--hook-dir=${await packagedFile(MERGED_USR, env)}`,
    ...settings.map((line) => `--aptopt=${line}`),
    ...LEFT_OUT.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    '--dpkgopt=path-include=/usr/share/locale/locale.alias',
    // Not an --aptopt: mmdebstrap's own apt has to keep what it downloads.
    `--customize-hook=upload '${clean}' /etc/apt/apt.conf.d/docker-clean`,
    RELEASE,
    tar,
    ...image.sources.flatMap((source) => sourceLine(source).trim().split('\n')),
  ];
  await runOk('mmdebstrap', args, {
    env: { ...env, SOURCE_DATE_EPOCH: String(image.epoch), LC_ALL: 'C.UTF-8' },
    timeoutMs: 600_000,
  });
  await rm(clean);
}

/** A file that a package brings, on the machine or where the package was unpacked. */
async function packagedFile(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const prefixes = (env.PATH ?? '').split(':').flatMap((folder) => /^(.*)\/usr\/s?bin$/.exec(folder)?.[1] ?? []);
  for (const prefix of [...prefixes, '']) {
    if (await exists(join(prefix, path))) return join(prefix, path);
  }
  throw new Error(`${path} is missing: install debian-archive-keyring and mmdebstrap, and run this again`);
}

function hostOf(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).hostname : '';
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
