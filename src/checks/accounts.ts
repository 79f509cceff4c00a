/** The users and groups of a container: https://man7.org/linux/man-pages/man5/passwd.5.html and group.5.html */
import type { ContainerState } from '../engine/index.ts';
import type { Subject } from './check.ts';
import { readContainerText } from './container-files.ts';
import { once } from './once.ts';

type Reader = Pick<Subject, 'container' | 'timeoutMs'>;

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const knownUsers = new WeakMap<ContainerState, Promise<readonly User[]>>();
const knownGroups = new WeakMap<ContainerState, Promise<readonly Group[]>>();

/** Asked once a container. */
export function readUsers(reader: Reader): Promise<readonly User[]> {
  return once(knownUsers, reader.container, async () =>
    parseUsers((await readContainerText(reader, '/etc/passwd')) ?? ''),
  );
}

/** Asked once a container. */
export function readGroups(reader: Reader): Promise<readonly Group[]> {
  return once(knownGroups, reader.container, async () =>
    parseGroups((await readContainerText(reader, '/etc/group')) ?? ''),
  );
}

/** Pure. */
export function parseUsers(passwd: string): User[] {
  return fields(passwd, 7).map(([name = '', , uid, gid, , home = '', shell = '']) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
    shell,
  }));
}

/** Pure. */
export function parseGroups(group: string): Group[] {
  return fields(group, 4).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter((member) => member !== ''),
  }));
}

function fields(text: string, least: number): string[][] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((parts) => parts.length >= least);
}
