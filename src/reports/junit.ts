/**
 * Results of tests as JUnit XML, in the form that Jenkins, GitLab and others read:
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
import { XMLBuilder } from 'fast-xml-parser';
import type { CheckResult, TestedImage, TestRecord } from '../images/records.ts';
import type { TestPhase } from './phase.ts';

/** A suite for each image, a case for each check. Pure. */
export function junitReport(phase: TestPhase, { images }: TestRecord): string {
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
  });
  const all = images.flatMap(casesOf);
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': `image-cascade ${phase}`,
      ...counts(all),
      testsuite: images.map((image) => suite(phase, image)),
    },
  };
  return builder.build(document);
}

function suite(phase: TestPhase, image: TestedImage): Record<string, unknown> {
  const cases = casesOf(image);
  return {
    '@name': text(image.name),
    ...counts(cases),
    '@skipped': String(count(cases, 'skipped')),
    testcase: cases.map(({ title, status, message, durationMs }) => ({
      '@name': text(title),
      '@classname': text(`${phase}.${image.name}`),
      '@time': seconds(durationMs),
      ...(status === 'failed' ? { failure: { '@message': text(firstLine(message)), '#text': text(message) } } : {}),
      ...(status === 'skipped'
        ? { skipped: message === undefined ? {} : { '@message': text(firstLine(message)) } }
        : {}),
    })),
  };
}

/** An image without checks has one case: the verdict on it. */
function casesOf({ name, status, reason, checks }: TestedImage): readonly CheckResult[] {
  return checks.length > 0 ? checks : [{ title: name, status, message: reason, durationMs: 0 }];
}

function counts(cases: readonly CheckResult[]): Record<string, string> {
  return {
    '@tests': String(cases.length),
    '@failures': String(count(cases, 'failed')),
    '@errors': '0',
    '@time': seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
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
  return value.toWellFormed().replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
