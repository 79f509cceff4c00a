/** One Dockerfile that is put before our rules and before the tools they follow. */
import type { BaseConfig, RuleOptions } from '../../src/dockerfile/index.ts';

export interface Case {
  readonly name: string;
  readonly dockerfile: string;
  readonly dockerignore?: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Configurations of base images, by canonical reference; of others nothing but `PATH` is set. */
  readonly bases?: Readonly<Record<string, BaseConfig>>;
  /** Content of a `.hadolint.yaml`. */
  readonly hadolint?: string;
  readonly options?: Partial<RuleOptions>;
}

/** A verdict: `rule@line`, the line being the first of the instruction. */
export type Verdict = string;

/** Cases from pairs of name and Dockerfile. */
export function cases(list: Readonly<Record<string, string | Omit<Case, 'name'>>>): readonly Case[] {
  return Object.entries(list).map(([name, value]) =>
    typeof value === 'string' ? { name, dockerfile: value } : { name, ...value },
  );
}
