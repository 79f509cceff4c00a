/** What keeps a fleet of images buildable, secure and small. */
import type { Rule } from '../rule.ts';
import { rule as copySourceExists } from './copy-source-exists.ts';
import { rule as debianOrFleetBase } from './debian-or-fleet-base.ts';
import { rule as fleetNamespace } from './fleet-namespace.ts';
import { rule as noExactVersions } from './no-exact-versions.ts';
import { rule as noForeignLatest } from './no-foreign-latest.ts';
import { rule as parse } from './parse.ts';

export const fleetRules: readonly Rule[] = [
  parse,
  copySourceExists,
  debianOrFleetBase,
  fleetNamespace,
  noExactVersions,
  noForeignLatest,
];
