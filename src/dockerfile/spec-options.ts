/** Where the options of the spec phase come from: inputs, then `rules.yaml`, then `.hadolint.yaml`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, type Problem, ProblemsError, type Severity } from '../problems.ts';
import { noOptions } from './check.ts';
import { type HadolintConfig, readHadolintConfig } from './hadolint-config.ts';
import type { RuleOptions } from './rules/index.ts';
import { type FailOn, type RulesFile, readRulesFile, severityChoices, unknownRule } from './rules-file.ts';

export interface SpecSettings {
  readonly rules: RuleOptions;
  /** The mildest severity that fails an image. */
  readonly failOn: FailOn;
}

/** What the inputs of the action say. */
export interface SpecInputs {
  readonly allowedBases: readonly string[];
  readonly allowedVersions: readonly string[];
  readonly failOn: FailOn | undefined;
  /** Severity by rule, as it is written. */
  readonly severities: Readonly<Record<string, string>>;
  /** Paths in the repository; `undefined` for the default names, where they are there. */
  readonly rulesFile: string | undefined;
  readonly hadolintFile: string | undefined;
}

/** @throws ProblemsError with every problem of inputs and files */
export function readSpecSettings(workspace: string, inputs: SpecInputs): SpecSettings {
  const file = readFirst<RulesFile>(workspace, 'rules', inputs.rulesFile, ['rules.yaml', 'rules.yml'], readRulesFile);
  const names = ['.hadolint.yaml', '.hadolint.yml'];
  const hadolint = readFirst<HadolintConfig>(
    workspace,
    'hadolint-config',
    inputs.hadolintFile,
    names,
    readHadolintConfig,
  );
  return {
    failOn: inputs.failOn ?? file.failOn ?? hadolint.failOn ?? 'error',
    rules: {
      allowedBases: [...inputs.allowedBases, ...(file.allowedBases ?? [])],
      allowedVersions: [...inputs.allowedVersions, ...(file.allowedVersions ?? [])],
      severities: { ...hadolint.severities, ...file.severities, ...readSeverities(inputs.severities) },
      trustedRegistries: file.trustedRegistries ?? hadolint.trustedRegistries ?? noOptions.trustedRegistries,
      labels: file.labels ?? hadolint.labels ?? noOptions.labels,
      strictLabels: file.strictLabels ?? hadolint.strictLabels ?? noOptions.strictLabels,
      disableIgnorePragma: hadolint.disableIgnorePragma ?? noOptions.disableIgnorePragma,
    },
  };
}

function readFirst<Config extends object>(
  workspace: string,
  input: string,
  given: string | undefined,
  names: readonly string[],
  read: (text: string, file: string) => Config,
): Partial<Config> {
  const name = given ?? names.find((candidate) => existsSync(join(workspace, candidate)));
  if (name === undefined) return {};
  const path = join(workspace, name);
  if (!existsSync(path))
    return fail(`input '${input}': there is no file '${name}'`, { hint: 'give its path in the repository' });
  return read(readFileSync(path, 'utf8'), name);
}

function readSeverities(written: Readonly<Record<string, string>>): Record<string, Severity | 'off'> {
  const severities: Record<string, Severity | 'off'> = {};
  const problems: Problem[] = [];
  for (const [id, text] of Object.entries(written)) {
    const unknown = unknownRule(id.trim());
    const severity = severityChoices.find((choice) => choice === text.trim());
    if (unknown !== undefined) problems.push({ ...unknown, message: `input 'severities': ${unknown.message}` });
    else if (severity === undefined)
      problems.push({
        message: `input 'severities': '${text.trim()}' is no severity`,
        hint: `write ${severityChoices.join(', ')}`,
      });
    else severities[id.trim()] = severity;
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return severities;
}
