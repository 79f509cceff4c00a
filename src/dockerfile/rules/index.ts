/** Every rule, in the order of the documentation. */
import { rule as copySourceExists } from './copy-source-exists.ts';
import { rule as debianOrFleetBase } from './debian-or-fleet-base.ts';
import { rule as noExactVersions } from './no-exact-versions.ts';
import { rule as parse } from './parse.ts';
import type { Rule } from './rule.ts';

export type { Finding, Rule, RuleContext, RuleFinding, RuleImage, RuleOptions } from './rule.ts';

export const rules: readonly Rule[] = [parse, copySourceExists, debianOrFleetBase, noExactVersions];
