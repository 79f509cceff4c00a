/** Every rule, in the order of the documentation. */
import { dockerRules } from './docker/index.ts';
import { fleetRules } from './fleet/index.ts';
import { hadolintRules } from './hadolint/index.ts';
import type { Rule } from './rule.ts';

export type { BaseConfig, Finding, Rule, RuleContext, RuleFinding, RuleImage, RuleOptions } from './rule.ts';

export const rules: readonly Rule[] = [...fleetRules, ...dockerRules, ...hadolintRules];
