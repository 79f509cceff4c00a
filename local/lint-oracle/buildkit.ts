/** BuildKit's verdicts, through the program in `buildkit/`. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { BaseConfig } from '../../src/dockerfile/index.ts';
import type { Case } from './case.ts';

export interface BuildKitVerdict {
  readonly warnings: readonly { readonly rule: string; readonly line: number; readonly text: string }[];
  /** Why the builder would stop. */
  readonly error?: string;
}

export function askBuildKit(program: string, all: readonly Case[]): readonly BuildKitVerdict[] {
  const input = all.map(({ dockerfile, dockerignore, target, buildArgs, bases = {} }) => ({
    dockerfile,
    dockerignore,
    target,
    buildArgs,
    bases: Object.fromEntries(Object.entries(bases).map(([reference, config]) => [reference, imageConfig(config)])),
  }));
  const { status, stdout, stderr } = spawnSync(program, { input: JSON.stringify(input), encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md, with Docker's fields. */
function imageConfig({ environment, shell, triggers, platform = 'linux/amd64' }: BaseConfig): unknown {
  const [os, architecture, variant] = platform.split('/');
  return {
    os,
    architecture,
    variant,
    config: {
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      Shell: shell,
      OnBuild: triggers,
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update('layer').digest('hex')}`] },
  };
}
