/** What our own rules say of a case. */

import { parseIgnoreFile } from '../../src/dockerfile/ignore-file.ts';
import {
  checkDockerfile,
  createContextFiles,
  type Finding,
  noOptions,
  type ParsedDockerfile,
  parseDockerfile,
  type RuleOptions,
} from '../../src/dockerfile/index.ts';
import { canonicalReference, tryReference } from '../../src/images/reference.ts';
import type { Case } from './case.ts';

export interface Judged {
  readonly parsed: ParsedDockerfile;
  readonly findings: readonly Finding[];
}

/** With every file there that an instruction may ask for. */
export function judge(
  { dockerfile, dockerignore = '', target, buildArgs = {}, bases = {}, options = {} }: Case,
  severities: RuleOptions['severities'],
): Judged {
  const parsed = parseDockerfile(dockerfile);
  const findings = checkDockerfile({
    dockerfile: parsed,
    image: { name: 'case', ...(target === undefined ? {} : { target }), buildArgs, platforms: ['linux/amd64'] },
    files: createContextFiles({ kind: () => 'file', names: () => [] }, parseIgnoreFile(dockerignore)),
    options: { ...noOptions, ...options, severities: { ...severities, ...options.severities } },
    fleet: { namespace: 'registry.invalid/fleet', copies: [] },
    isFleetReference: () => false,
    templateLine: () => undefined,
    baseConfig: (reference) =>
      tryReference(reference) === undefined
        ? undefined
        : (bases[canonicalReference(reference)] ?? { environment: {}, platform: 'linux/amd64' }),
  });
  return { parsed, findings };
}

/** The first line of the instruction that a line is part of. */
export function instructionLine({ instructions }: ParsedDockerfile, line: number): number {
  return instructions.find((instruction) => line >= instruction.line && line <= instruction.endLine)?.line ?? line;
}
