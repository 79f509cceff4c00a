/** The spec phase for one rendered image: what the rules find, as checks for the record and problems for people. */
import { readFileSync } from 'node:fs';
import type { CheckResult, RenderedImage, TestedImage } from '../images/records.ts';
import { repositoryOf, tryReference } from '../images/reference.ts';
import { placeInTemplate } from '../images/template-lines.ts';
import type { Problem, Severity } from '../problems.ts';
import { checkDockerfile, noOptions } from './check.ts';
import { type ContextFiles, openContext } from './context-files.ts';
import { parseDockerfile } from './parse.ts';
import { type BaseConfig, type Finding, type RuleOptions, rules } from './rules/index.ts';

export interface SpecOptions extends Partial<RuleOptions> {
  /** `registry/namespace` of the fleet; where the image itself is published unless given. */
  readonly fleet?: string;
}

export interface SpecResult {
  readonly findings: readonly Finding[];
  /** For annotations, at the template's line where that is known. */
  readonly problems: readonly (Problem & { readonly severity: Severity })[];
  readonly tested: TestedImage;
}

/** Reads the rendered Dockerfile and looks into the build context, unless `files` is given. Runs nothing. */
export function runSpec(image: RenderedImage, options: SpecOptions = {}, files?: ContextFiles): SpecResult {
  const started = performance.now();
  const { fleet = namespaceOf(image), ...rest } = options;
  const findings = checkDockerfile({
    dockerfile: parseDockerfile(readFileSync(image.dockerfile, 'utf8'), image.template),
    image,
    files: files ?? openContext(image.context, image.dockerfile),
    options: { ...noOptions, ...rest },
    isFleetReference: (text) => isWithin(fleet, text),
    baseConfig: knownConfig,
  });
  const problems = findings.map((finding) => ({ ...problemOf(image, finding), severity: finding.severity }));
  return { findings, problems, tested: testedImage(image, findings, performance.now() - started) };
}

/** Official images of Debian set nothing but `PATH`. */
function knownConfig(text: string): BaseConfig | undefined {
  const reference = tryReference(text);
  return reference !== undefined && /\/library\/debian$/.test(repositoryOf(reference))
    ? { environment: {} }
    : undefined;
}

/** Names may have slashes of their own. */
function namespaceOf({ repository, name }: RenderedImage): string {
  return repository.slice(0, repository.endsWith(`/${name}`) ? -name.length - 1 : repository.lastIndexOf('/'));
}

function isWithin(fleet: string, text: string): boolean {
  const reference = tryReference(text);
  return reference !== undefined && repositoryOf(reference).startsWith(`${fleet}/`);
}

function problemOf(image: RenderedImage, { rule, line, column, message, hint }: Finding): Problem {
  const place = placeInTemplate(image, line);
  const where = place.line === undefined ? ` (line ${line}, column ${column} of the rendered Dockerfile)` : '';
  return { message: `${message}${where} [${rule}]`, place, ...(hint === undefined ? {} : { hint }) };
}

/** A check for each rule that found something, and one for all others. */
function testedImage(image: RenderedImage, findings: readonly Finding[], durationMs: number): TestedImage {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const unread = findings.some(({ rule }) => rule === 'parse');
  const broken = Map.groupBy(findings, ({ rule }) => rule);
  const others = rules.filter(({ id, severity }) => severity !== 'off' && !broken.has(id)).length;
  const checks: readonly CheckResult[] = [...broken].map(([title, own]) => ({
    title,
    status: own.some(({ severity }) => severity === 'error') ? 'failed' : 'passed',
    message: own.map(({ line, column, message }) => `line ${line}:${column}: ${message}`).join('\n'),
    durationMs: 0,
  }));
  return {
    name: image.name,
    status: errors.length > 0 ? 'failed' : 'passed',
    reason: summaryOf(findings),
    checks: [
      ...checks,
      {
        title: `${others} ${broken.size > 0 ? 'other ' : ''}rules`,
        status: unread ? 'skipped' : 'passed',
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
