/** What a command in the container prints, and how it ends. */
import * as v from 'valibot';
import { integer, map } from '../../documents/index.ts';
import { execute } from '../../engine/index.ts';
import type { Check, Subject, TextRule } from '../check.ts';
import { breaches, shown } from '../text-rule.ts';
import { defineKind } from './kind.ts';
import { argumentsOf, text, textRule, words } from './schemas.ts';

export const commandSchema = v.union([
  v.string(),
  v.array(v.string()),
  map({
    run: words,
    user: v.optional(v.string()),
    status: v.optional(integer),
    stdout: v.optional(text),
    stderr: v.optional(text),
  }),
]);

export interface CommandCheck {
  readonly run: readonly string[];
  readonly user?: string;
  readonly status: number;
  readonly stdout: TextRule;
  readonly stderr: TextRule;
}

export const command = defineKind('command', commandSchema, readCommand);

export function readCommand(written: v.InferOutput<typeof commandSchema>): Check {
  const {
    run,
    user,
    status = 0,
    stdout,
    stderr,
  } = typeof written === 'string' || Array.isArray(written) ? { run: written } : written;
  return commandCheck({
    run: argumentsOf(run),
    status,
    stdout: textRule(stdout),
    stderr: textRule(stderr),
    ...(user === undefined ? {} : { user }),
  });
}

export function commandCheck(check: CommandCheck): Check {
  const { run, status } = check;
  const words = run[0] === 'sh' && run[1] === '-c' ? run.slice(2) : run;
  return {
    title: `\`${words.join(' ')}\` ends with ${status}`,
    ports: [],
    looksAt: 'process',
    run: (subject) => runCommand(check, subject),
  };
}

async function runCommand(
  { run, user, status, stdout, stderr }: CommandCheck,
  { container, timeoutMs }: Subject,
): Promise<string[]> {
  const result = await execute(container, run, { timeoutMs, ...(user === undefined ? {} : { user }) });
  if (result.status === 124) return [`it did not end within ${timeoutMs / 1000} s`];
  const ended =
    result.status === status
      ? []
      : [
          `it ended with ${result.status}, expected ${status}; standard error is ${shown(result.stderr || result.stdout)}`,
        ];
  return [
    ...ended,
    ...breaches(result.stdout, stdout, 'standard output'),
    ...breaches(result.stderr, stderr, 'standard error'),
  ];
}
