/** The shape of a rule. A new one is a file of its own in this folder, and a line in `index.ts`. */
import type { Severity } from '../../problems.ts';
import type { ContextFiles } from '../context-files.ts';
import type { Position } from '../source.ts';
import type { ParsedDockerfile } from '../types.ts';

export interface Rule {
  /** Lower case words with dashes; part of the interface for users: ignore comments and options name it. */
  readonly id: string;
  readonly severity: Severity;
  /** Why the rule is there, in one line without final stop. */
  readonly summary: string;
  /** A Dockerfile that breaks the rule, and the same one put right; tests hold the rule to both. */
  readonly bad: string;
  readonly good: string;
  check(context: RuleContext): readonly RuleFinding[];
}

/** All that a rule may look at. */
export interface RuleContext {
  readonly dockerfile: ParsedDockerfile;
  readonly image: RuleImage;
  readonly files: ContextFiles;
  readonly options: RuleOptions;
  /** Whether a reference is of the fleet's namespace. */
  isFleetReference(reference: string): boolean;
}

export interface RuleImage {
  readonly name: string;
  /** Stage that is built; the last one unless given. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platforms: readonly string[];
}

export interface RuleOptions {
  /** Repositories that images may stand on besides Debian and the fleet, e.g. `docker.io/library/alpine`, `scratch`. */
  readonly allowedBases: readonly string[];
  /** Packages that may have an exact version. */
  readonly allowedVersions: readonly string[];
  /** Another severity for a rule, by id. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
}

/** In lines of the rendered Dockerfile. `severity` where it isn't the rule's own. */
export interface RuleFinding extends Position {
  readonly message: string;
  readonly hint?: string;
  readonly severity?: Severity;
}

export interface Finding extends RuleFinding {
  readonly rule: string;
  readonly severity: Severity;
}
