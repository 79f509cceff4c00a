/** Inputs and outputs of an action. */
import { appendFileSync } from 'node:fs';
import * as core from '@actions/core';
import { alternatives, fail } from '../problems.ts';

/** The input's text without surrounding space; empty when it is not set. */
export function text(name: string): string {
  return core.getInput(name);
}

/** As `text`, `undefined` when it is not set. */
export function optional(name: string): string | undefined {
  const value = core.getInput(name);
  return value === '' ? undefined : value;
}

/** @throws ProblemsError when the input is not set */
export function required(name: string): string {
  return optional(name) ?? fail(`input '${name}' is empty`, { hint: `set '${name}' under 'with:' of this step` });
}

/** A secret: masked before anything else happens. */
export function secret(name: string): string | undefined {
  const value = optional(name);
  if (value !== undefined) core.setSecret(value);
  return value;
}

/** One entry a line; empty lines and lines that begin with `#` are left out. */
export function lines(name: string): string[] {
  return core
    .getInput(name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** One entry a line or comma, as docker/build-push-action reads its lists of names. */
export function list(name: string): string[] {
  return lines(name).flatMap((line) =>
    line
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );
}

/** `true` or `false` in YAML 1.2's spellings; the default when not set. */
export function flag(name: string, preset = false): boolean {
  if (core.getInput(name) === '') return preset;
  try {
    return core.getBooleanInput(name);
  } catch (cause) {
    return fail(`input '${name}' is '${text(name)}'`, { hint: "write 'true' or 'false'", cause });
  }
}

/** A whole number from 0 on; the default when not set. */
export function count(name: string, preset: number): number {
  const given = optional(name);
  if (given === undefined) return preset;
  return /^\d{1,9}$/.test(given)
    ? Number(given)
    : fail(`input '${name}' is '${given}'`, { hint: "write a whole number, such as '100'" });
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time as `30m`, `24h` or `2d`, in milliseconds; the default when not set. */
export function period(name: string, preset: number): number {
  const given = optional(name);
  if (given === undefined) return preset;
  const [, number, unit] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  if (number === undefined || (unit !== 'm' && unit !== 'h' && unit !== 'd'))
    return fail(`input '${name}' is '${given}'`, {
      hint: "write minutes, hours or days, such as '30m', '24h' or '2d'",
    });
  return Number(number) * unitMs[unit];
}

/** One of a few words; `undefined` when not set. */
export function choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
  const given = optional(name);
  if (given === undefined) return undefined;
  const known = values.find((value) => value === given);
  return known ?? fail(`input '${name}' is '${given}'`, { hint: `write ${alternatives(values)}` });
}

/**
 * The inputs `registry`, `username` and `password`; `undefined` when neither name nor password is set.
 * @param preset host when `registry` is not set
 */
export function login(preset: string): { registry: string; username: string; password: string } | undefined {
  const username = optional('username');
  const password = secret('password');
  if (username === undefined && password === undefined) return undefined;
  if (username === undefined || password === undefined)
    return fail(`input '${username === undefined ? 'username' : 'password'}' is empty`, {
      hint: "set both 'username' and 'password', or neither",
    });
  return { registry: optional('registry') ?? preset, username, password };
}

/** `KEY=value` lines as a map; the value may hold further equals signs. */
export function pairs(name: string): Record<string, string> {
  return Object.fromEntries(
    lines(name).map((line) => {
      const equals = line.indexOf('=');
      if (equals < 1) fail(`input '${name}': '${line}' has no value`, { hint: 'write one KEY=value a line' });
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

/** Sets an output; anything but text is written as JSON. */
export function setOutput(name: string, value: unknown): void {
  const line = typeof value === 'string' ? value : JSON.stringify(value);
  const file = process.env.GITHUB_OUTPUT ?? '';
  // For a delimiter, @actions/core loads cryptography, which takes longer than all else here; a single line needs none:
  // https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
  if (file === '' || /[\r\n]/.test(line)) core.setOutput(name, value);
  else appendFileSync(file, `${name}=${line}\n`);
}
