/** Which packages an image has, read from the package managers' own files: none of them has to be there to be asked. */
import type { ContainerState } from '../engine/index.ts';
import type { Subject } from './check.ts';
import { readContainerText } from './container-files.ts';
import { once } from './once.ts';

type Reader = Pick<Subject, 'container' | 'timeoutMs'>;

export interface Package {
  readonly name: string;
  readonly version: string;
}

/** Where they are kept, and how they are read: dpkg's first, then apk's. */
const databases: readonly { readonly path: string; readonly parse: (text: string) => Package[] }[] = [
  { path: '/var/lib/dpkg/status', parse: parseDpkgStatus },
  { path: '/lib/apk/db/installed', parse: parseApkInstalled },
];

const known = new WeakMap<ContainerState, Promise<readonly Package[]>>();

/** What is installed; asked once a container. Rejects where no package database is found. */
export function readPackages(reader: Reader): Promise<readonly Package[]> {
  return once(known, reader.container, () => read(reader));
}

async function read(reader: Reader): Promise<readonly Package[]> {
  for (const { path, parse } of databases) {
    const text = await readContainerText(reader, path);
    if (text !== undefined) return parse(text);
  }
  throw new Error(`the image has no package database: neither ${databases.map(({ path }) => path).join(' nor ')}`);
}

/** https://manpages.debian.org/bookworm/dpkg/dpkg-query.1.en.html#status. Pure. */
export function parseDpkgStatus(text: string): Package[] {
  return paragraphs(text).flatMap((fields) => {
    const [name, version] = [fields.get('Package'), fields.get('Version')];
    const installed = fields.get('Status')?.split(' ').at(-1) === 'installed';
    return installed && name !== undefined && version !== undefined ? [{ name, version }] : [];
  });
}

/** https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2. Pure. */
export function parseApkInstalled(text: string): Package[] {
  return paragraphs(text).flatMap((fields) => {
    const [name, version] = [fields.get('P'), fields.get('V')];
    return name !== undefined && version !== undefined ? [{ name, version }] : [];
  });
}

/** Paragraphs of `Name: value` lines; continued lines are left out. */
function paragraphs(text: string): Map<string, string>[] {
  return text.split(/\n{2,}/).map(
    (paragraph) =>
      new Map(
        paragraph.split('\n').flatMap((line): [string, string][] => {
          const [, name, value] = /^([A-Za-z-]+):\s?(.*)$/.exec(line) ?? [];
          return name === undefined || value === undefined ? [] : [[name, value]];
        }),
      ),
  );
}
