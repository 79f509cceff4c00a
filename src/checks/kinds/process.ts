/** A process that runs in the container, as the engine sees it: the image needs no `ps`. */
import * as v from 'valibot';
import { integer, map } from '../../documents/index.ts';
import { listProcesses } from '../../engine/index.ts';
import { readUsers } from '../accounts.ts';
import type { Check, Subject } from '../check.ts';
import { defineKind } from './kind.ts';
import { regex } from './schemas.ts';

const processSchema = v.union([
  v.string(),
  v.pipe(
    map({
      name: v.optional(v.string()),
      matches: v.optional(regex),
      running: v.optional(v.boolean()),
      user: v.optional(v.union([v.string(), integer])),
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
    v.check(
      ({ name, matches }) => name !== undefined || matches !== undefined,
      'names no process; add name or matches',
    ),
  ),
]);

export interface ProcessCheck {
  /** Name of the executable, as the kernel keeps it: its first 15 characters. */
  readonly name?: string;
  /** Regular expression for the command line. */
  readonly matches?: string;
  readonly running: boolean;
  /** Name or number; each of the processes has to be the user's. */
  readonly user?: string;
  readonly count?: number;
}

export const process = defineKind('process', processSchema, (written) => {
  const { name, matches, running = true, user, count } = typeof written === 'string' ? { name: written } : written;
  return processCheck({
    running,
    ...(name === undefined ? {} : { name }),
    ...(matches === undefined ? {} : { matches }),
    ...(user === undefined ? {} : { user: String(user) }),
    ...(count === undefined ? {} : { count }),
  });
});

export function processCheck(check: ProcessCheck): Check {
  const { name, matches, running, user } = check;
  const what = [...(name === undefined ? [] : [name]), ...(matches === undefined ? [] : [`/${matches}/`])].join(' ');
  return {
    title: `process ${what} ${running ? 'runs' : 'does not run'}${user === undefined ? '' : ` as ${user}`}`,
    ports: [],
    looksAt: 'process',
    run: (subject) => checkProcess(check, subject),
  };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_comm.5.html */
const nameLength = 15;

async function checkProcess(check: ProcessCheck, subject: Subject): Promise<string[]> {
  const { name, matches, running, user, count } = check;
  const all = await listProcesses(subject.container, subject.timeoutMs);
  const found = all.filter(
    (one) =>
      (name === undefined || one.name === name.slice(0, nameLength)) &&
      (matches === undefined || new RegExp(matches, 'mu').test(one.command)),
  );
  if (!running) return found.length === 0 ? [] : [`it runs: ${found.map(({ command }) => command).join('; ')}`];
  const names = [...new Set(all.map((one) => one.name))];
  if (found.length === 0) return [`it does not run; there is ${names.length === 0 ? 'nothing' : names.join(', ')}`];
  const wrong =
    count === undefined || count === found.length ? [] : [`it runs ${found.length} times, expected ${count}`];
  if (user === undefined) return wrong;
  const users = await readUsers(subject);
  const nameOf = (text: string): string => users.find(({ uid }) => String(uid) === text)?.name ?? text;
  const others = found.map((one) => nameOf(one.user)).filter((one) => one !== nameOf(user));
  return others.length === 0 ? wrong : [...wrong, `it runs as ${[...new Set(others)].join(' and ')}, expected ${user}`];
}
