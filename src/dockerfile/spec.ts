/** The spec phase for one rendered image: what the rules find, as checks for the record and problems for people. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult, RenderedImage, TestedImage } from '../images/records.ts';
import { repositoryOf, tryReference } from '../images/reference.ts';
import { placeInTemplate } from '../images/template-lines.ts';
import { fail, type Problem, type Severity } from '../problems.ts';
import { knownConfigs } from './base-configs.ts';
import { checkDockerfile, noOptions } from './check.ts';
import { type ContextFiles, openContext } from './context-files.ts';
import { parseDockerfile } from './parse.ts';
import { type Finding, type RuleOptions, rules } from './rules/index.ts';
import type { FailOn } from './rules-file.ts';

export interface SpecOptions {
  readonly rules?: Partial<RuleOptions>;
  /** The mildest severity that fails the image; `error` unless given. */
  readonly failOn?: FailOn;
  /** `registry/namespace` of the fleet; where the image itself is published unless given. */
  readonly fleet?: string;
  /** Further places, as `registry/namespace`, that get copies of the fleet's images. */
  readonly copies?: readonly string[];
  /** Images of the same repository, which others may build on. */
  readonly siblings?: readonly RenderedImage[];
  /** Folder of the repository, where templates are; without it they are not looked at. */
  readonly workspace?: string;
}

export interface SpecResult {
  readonly findings: readonly Finding[];
  /** For annotations, at the template's line where that is known. */
  readonly problems: readonly SpecProblem[];
  /** Those that fail the image. */
  readonly failing: readonly SpecProblem[];
  readonly tested: TestedImage;
}

export type SpecProblem = Problem & { readonly rule: string; readonly severity: Severity };

function readRendered({ name, dockerfile }: RenderedImage): string {
  try {
    return readFileSync(dockerfile, 'utf8');
  } catch (cause) {
    return fail(`the rendered Dockerfile of ${name} can't be read any more`, {
      hint: 'keep the files of the render step until the end of the job, and test in the same job',
      cause,
    });
  }
}

/** Reads the rendered Dockerfile and looks into the build context, unless `files` is given. Runs nothing. */
export function runSpec(image: RenderedImage, options: SpecOptions = {}, files?: ContextFiles): SpecResult {
  const started = performance.now();
  const { fleet = namespaceOf(image), copies = [], failOn = 'error', siblings = [], workspace } = options;
  const findings = checkDockerfile({
    dockerfile: parseDockerfile(readRendered(image), image.template),
    image,
    files: files ?? openContext(image.context, image.dockerfile),
    options: { ...noOptions, ...options.rules },
    fleet: { namespace: fleet, copies },
    isFleetReference: (text) => isWithin(fleet, text),
    baseConfig: knownConfigs(siblings),
    templateLine: templateReader(image, workspace),
  });
  const problems = findings.map((finding) => problemOf(image, finding));
  const fails = ({ severity }: { severity: Severity }): boolean => isAsSevere(severity, failOn);
  return {
    findings,
    problems,
    failing: problems.filter(fails),
    tested: testedImage(image, findings, fails, performance.now() - started),
  };
}

const ranks = { none: 3, error: 2, warning: 1, notice: 0 } as const;

function isAsSevere(severity: Severity, failOn: FailOn): boolean {
  return ranks[severity] >= ranks[failOn];
}

/** The lines of the templates that a Dockerfile was made of. */
function templateReader(image: RenderedImage, workspace: string | undefined): (line: number) => string | undefined {
  const texts = new Map<string, readonly string[]>();
  return (line) => {
    const place = placeInTemplate(image, line);
    if (workspace === undefined || place.line === undefined) return undefined;
    const path = join(workspace, place.file);
    const text = texts.get(path) ?? (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
    texts.set(path, text);
    return text[place.line - 1];
  };
}

/** Names may have slashes of their own. */
function namespaceOf({ repository, name }: RenderedImage): string {
  return repository.slice(0, repository.endsWith(`/${name}`) ? -name.length - 1 : repository.lastIndexOf('/'));
}

function isWithin(fleet: string, text: string): boolean {
  const reference = tryReference(text);
  return reference !== undefined && repositoryOf(reference).startsWith(`${fleet}/`);
}

function problemOf(image: RenderedImage, { rule, severity, line, column, message, hint }: Finding): SpecProblem {
  const place = placeInTemplate(image, line);
  const where = place.line === undefined ? ` (line ${line}, column ${column} of the rendered Dockerfile)` : '';
  return { message: `${message}${where} [${rule}]`, place, rule, severity, ...(hint === undefined ? {} : { hint }) };
}

/** A check for each rule that found something, and one for all others. */
function testedImage(
  image: RenderedImage,
  findings: readonly Finding[],
  fails: (finding: Finding) => boolean,
  durationMs: number,
): TestedImage {
  const broken = Map.groupBy(findings, ({ rule }) => rule);
  const others = rules.filter(({ id, severity }) => severity !== 'off' && !broken.has(id)).length;
  const checks: readonly CheckResult[] = [...broken].map(([title, own]) => ({
    title,
    status: own.some(fails) ? 'failed' : 'passed',
    message: own.map(({ line, column, message }) => `line ${line}:${column}: ${message}`).join('\n'),
    durationMs: 0,
  }));
  return {
    name: image.name,
    status: findings.some(fails) ? 'failed' : 'passed',
    reason: summaryOf(findings),
    checks: [
      ...checks,
      {
        title: `${others} ${broken.size > 0 ? 'other ' : ''}rules`,
        status: broken.has('parse') ? 'skipped' : 'passed',
        durationMs: Math.round(durationMs),
      },
    ],
  };
}

function summaryOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'keeps all rules';
  const count = (severity: Severity, word: string): string => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  return [count('error', 'error'), count('warning', 'warning'), count('notice', 'notice')].filter(Boolean).join(', ');
}
