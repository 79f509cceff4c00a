/** A package that is installed in the image, or must not be. */
import * as v from 'valibot';
import { map } from '../../documents/index.ts';
import type { Check, TextRule } from '../check.ts';
import { type Package, readPackages } from '../packages.ts';
import { breaches } from '../text-rule.ts';
import { defineKind } from './kind.ts';
import { text, textRule } from './schemas.ts';

const packageSchema = v.union([
  v.string(),
  map({ name: v.string(), installed: v.optional(v.boolean()), version: v.optional(text) }),
]);

export interface PackageCheck {
  readonly name: string;
  readonly installed: boolean;
  readonly version: TextRule;
}

export const packages = defineKind('package', packageSchema, (written) => {
  const { name, installed = true, version } = typeof written === 'string' ? { name: written } : written;
  return packageCheck({ name, installed, version: textRule(version) });
});

export function packageCheck(check: PackageCheck): Check {
  return {
    title: `package ${check.name} is ${check.installed ? '' : 'not '}installed`,
    ports: [],
    looksAt: 'files',
    run: async (subject) => packageBreaches(check, await readPackages(subject)),
  };
}

/** Pure. */
export function packageBreaches({ name, installed, version }: PackageCheck, all: readonly Package[]): string[] {
  const found = all.filter((one) => one.name === name);
  if (!installed) return found.map((one) => `${name} ${one.version} is installed`);
  if (found.length === 0) return [`${name} is not installed`];
  // Of several architectures one will do.
  const wrong = found.map((one) => breaches(one.version, version, 'its version'));
  return wrong.find((breach) => breach.length === 0) ?? wrong[0] ?? [];
}
