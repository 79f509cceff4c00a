/**
 * Results of tests as JUnit XML, in the form that Jenkins, GitLab and others read:
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
import type { CheckResult, TestedImage, TestRecord } from '../images/records.ts';
import type { TestPhase } from './phase.ts';

/** A suite for each image, a case for each check. Pure. */
export function junitReport(phase: TestPhase, { images }: TestRecord): string {
  const all = images.flatMap(casesOf);
  const suites = element('testsuites', { name: `image-cascade ${phase}`, ...counts(all) }, [
    ...images.flatMap((image) => suite(phase, image)),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suites.join('\n')}\n`;
}

function suite(phase: TestPhase, image: TestedImage): string[] {
  const cases = casesOf(image);
  const settings = { name: image.name, ...counts(cases), skipped: String(count(cases, 'skipped')) };
  return element(
    'testsuite',
    settings,
    cases.flatMap(({ title, status, message, durationMs }) =>
      element('testcase', { name: title, classname: `${phase}.${image.name}`, time: seconds(durationMs) }, [
        ...(status === 'failed'
          ? [`<failure message="${attribute(firstLine(message))}">${text(message)}</failure>`]
          : []),
        ...(status === 'skipped'
          ? element('skipped', message === undefined ? {} : { message: firstLine(message) }, [])
          : []),
      ]),
    ),
  );
}

/** Lines of an element that holds elements, which are indented. */
function element(name: string, attributes: Readonly<Record<string, string>>, inner: readonly string[]): string[] {
  const settings = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const opening = `<${name}${settings.join('')}`;
  if (inner.length === 0) return [`${opening}/>`];
  // Text of a failure may have lines of its own, which stay as they are.
  return [`${opening}>`, ...inner.map((line) => `  ${line}`), `</${name}>`];
}

/** An image without checks has one case: the verdict on it. */
function casesOf({ name, status, reason, checks }: TestedImage): readonly CheckResult[] {
  return checks.length > 0 ? checks : [{ title: name, status, message: reason, durationMs: 0 }];
}

function counts(cases: readonly CheckResult[]): Record<string, string> {
  return {
    tests: String(cases.length),
    failures: String(count(cases, 'failed')),
    errors: '0',
    time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
}

function count(cases: readonly CheckResult[], wanted: CheckResult['status']): number {
  return cases.filter(({ status }) => status === wanted).length;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function firstLine(message = ''): string {
  return message.split('\n')[0] ?? '';
}

/** Without what XML has no way to write: https://www.w3.org/TR/xml/#charsets */
function text(value = ''): string {
  return value
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/g, (space) => `&#${space.codePointAt(0)};`);
}
