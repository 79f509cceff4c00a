/** The shape of a rule. A new one is a file of its own in one of the folders here, and a line in that folder's index. */
import type { Severity } from '../../problems.ts';
import type { ContextFiles } from '../context-files.ts';
import type { LabelFormat } from '../label-formats.ts';
import type { Position } from '../source.ts';
import type { Instruction, ParsedDockerfile } from '../types.ts';

export interface Rule {
  /** Part of the interface for users: ignore comments and options name it. */
  readonly id: string;
  /** What it is unless it is set otherwise; `off` for one that has to be asked for. */
  readonly severity: Severity | 'off';
  /** Why the rule is there, in one line without final stop. */
  readonly summary: string;
  /** A Dockerfile that breaks the rule, and the same one put right; tests hold the rule to both. */
  readonly bad: string;
  readonly good: string;
  /** What the examples need around them. */
  readonly example?: Example;
  /** A rule that says the same: to ignore one is to ignore both, and only one of their findings is shown. */
  readonly sameAs?: string;
  /** A check of Docker's that `# check=experimental=` asks for. */
  readonly experimental?: true;
  check(context: RuleContext): readonly RuleFinding[];
}

export interface Example {
  /** In what surroundings the examples are, for readers. */
  readonly note?: string;
  /** Files of the build context, each with its content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: Partial<RuleOptions>;
  readonly bases?: Readonly<Record<string, BaseConfig>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** All that a rule may look at. */
export interface RuleContext {
  readonly dockerfile: ParsedDockerfile;
  readonly image: RuleImage;
  readonly files: ContextFiles;
  readonly options: RuleOptions;
  readonly fleet: FleetNames;
  /** Whether a reference is of the fleet's namespace. */
  isFleetReference(reference: string): boolean;
  /** What is known of an image that a stage begins with; `undefined` when nothing is. */
  baseConfig(reference: string): BaseConfig | undefined;
  /** The line of the template that a line of the Dockerfile comes from, where that is known. */
  templateLine(line: number): string | undefined;
}

export interface FleetNames {
  /** `registry/namespace`: where the fleet's images are published. */
  readonly namespace: string;
  /** Further places, as `registry/namespace`, that get copies. */
  readonly copies: readonly string[];
}

/** The parts of an image's configuration that the builder goes on with. */
export interface BaseConfig {
  /** Its `ENV`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its `SHELL`. */
  readonly shell?: readonly string[];
  /** Its `ONBUILD` triggers. */
  readonly triggers?: readonly string[];
  /** `os/architecture[/variant]` that it is for. */
  readonly platform?: string;
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
  /** Registries that stages may begin with, `*` for any text in a name; none means any registry. */
  readonly trustedRegistries: readonly string[];
  /** Labels that an image must have, with the format of their values. */
  readonly labels: Readonly<Record<string, LabelFormat>>;
  /** Whether an image may have no other labels than those. */
  readonly strictLabels: boolean;
  /** Whether comments of the form `# hadolint ignore=` count for nothing. */
  readonly disableIgnorePragma: boolean;
}

/** In lines of the rendered Dockerfile. */
export interface RuleFinding extends Position {
  readonly message: string;
  readonly hint?: string;
  /** Where it isn't the rule's own. */
  readonly severity?: Severity;
  /** The instruction whose `# check=` comment can leave the finding out; none does unless given. */
  readonly subject?: Instruction;
  /** Line that the rule of the same meaning reports, where it isn't this one. */
  readonly repeats?: number;
}

export interface Finding extends Position {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
}
