/** A user account of the image. */
import * as v from 'valibot';
import { integer, map } from '../../documents/index.ts';
import { type Group, readGroups, readUsers, type User } from '../accounts.ts';
import type { Check } from '../check.ts';
import { defineKind } from './kind.ts';

const userSchema = v.union([
  v.string(),
  map({
    name: v.string(),
    exists: v.optional(v.boolean()),
    uid: v.optional(integer),
    gid: v.optional(integer),
    groups: v.optional(v.array(v.string())),
    home: v.optional(v.string()),
    shell: v.optional(v.string()),
  }),
]);

export interface UserCheck {
  readonly name: string;
  readonly exists: boolean;
  readonly uid?: number;
  readonly gid?: number;
  /** All of these, the primary one included; there may be more. */
  readonly groups: readonly string[];
  readonly home?: string;
  readonly shell?: string;
}

export const user = defineKind('user', userSchema, (written) => {
  const {
    name,
    exists = true,
    uid,
    gid,
    groups = [],
    home,
    shell,
  } = typeof written === 'string' ? { name: written } : written;
  return userCheck({
    name,
    exists,
    groups,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(home === undefined ? {} : { home }),
    ...(shell === undefined ? {} : { shell }),
  });
});

export function userCheck(check: UserCheck): Check {
  return {
    title: `user ${check.name} ${check.exists ? 'is as described' : 'does not exist'}`,
    ports: [],
    looksAt: 'files',
    run: async (subject) => userBreaches(check, await readUsers(subject), await readGroups(subject)),
  };
}

/** Pure. */
export function userBreaches(check: UserCheck, users: readonly User[], groups: readonly Group[]): string[] {
  const found = users.find(({ name }) => name === check.name);
  if (found === undefined) return check.exists ? [`there is no user ${check.name}`] : [];
  if (!check.exists) return [`there is a user ${check.name}`];
  const differs = (what: string, is: string | number, wanted: string | number | undefined): string[] =>
    wanted === undefined || wanted === is ? [] : [`${what} is ${is}, expected ${wanted}`];
  const own = groups
    .filter(({ gid, members }) => gid === found.gid || members.includes(check.name))
    .map(({ name }) => name);
  return [
    ...differs('its uid', found.uid, check.uid),
    ...differs('its gid', found.gid, check.gid),
    ...differs('its home', found.home, check.home),
    ...differs('its shell', found.shell, check.shell),
    ...check.groups
      .filter((group) => !own.includes(group))
      .map((group) => `it is not in the group ${group}, only in ${own.length === 0 ? 'none' : own.join(', ')}`),
  ];
}
