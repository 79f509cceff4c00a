import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import Ajv2020 from 'ajv/dist/2020.js';
import { Parser } from 'tap-parser';
import type { TestRecord } from '../../src/images/records.ts';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { jsonReport } from '../../src/reports/json-report.ts';
import { junitReport } from '../../src/reports/junit.ts';
import { tapReport } from '../../src/reports/tap.ts';
import { checkReports, writeReports } from '../../src/reports/write-reports.ts';

const folder = mkdtempSync(join(tmpdir(), 'image-cascade-reports-'));
afterAll(() => rmSync(folder, { recursive: true }));

const record: TestRecord = {
  images: [
    {
      name: 'web',
      status: 'failed',
      reason: '1 of 3 checks failed',
      id: 'sha256:1',
      checks: [
        { title: 'is up', status: 'passed', durationMs: 1234 },
        { title: 'page #1 \\ <title>', status: 'failed', message: 'first "line" & \u0007\nsecond', durationMs: 10 },
        { title: 'later', status: 'skipped', message: 'not #now', durationMs: 0 },
      ],
    },
    { name: 'base', status: 'passed', reason: 'it has no tests', checks: [] },
  ],
};

/** The schema that Jenkins publishes, where the tools of the checks have it. */
const xsd = join(process.cwd(), '.cache/tools/junit/junit-10.xsd');
const required = process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined;

describe('a JUnit report', () => {
  const xml = junitReport('integration', record);

  it('has a suite for each image and a case for each check', () => {
    const root = parseXml(xml).root;
    const inner = (element: XmlElement | null): XmlElement[] =>
      element?.children.filter((child): child is XmlElement => child instanceof XmlElement) ?? [];
    expect(root?.attributes).toMatchObject({ tests: '4', failures: '1', time: '1.244' });
    const [web = null, base = null] = inner(root);
    expect(web?.attributes).toMatchObject({ name: 'web', tests: '3', failures: '1', skipped: '1', errors: '0' });
    const [first, second = null, third = null] = inner(web);
    expect(first?.attributes).toEqual({ name: 'is up', classname: 'integration.web', time: '1.234' });
    expect(second?.attributes.name).toBe('page #1 \\ <title>');
    const [failure] = inner(second);
    expect(failure?.attributes.message).toBe('first "line" & \ufffd');
    expect(failure?.text).toBe('first "line" & \ufffd\nsecond');
    expect(inner(third).map(({ attributes }) => attributes)).toEqual([{ message: 'not #now' }]);
    expect(inner(base).map(({ attributes }) => attributes.name)).toEqual(['base']);
  });

  (existsSync(xsd) || required ? it : it.skip)('is as its schema says', () => {
    const file = join(folder, 'junit.xml');
    writeFileSync(file, xml);
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', xsd, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  });
});

describe('a TAP report', () => {
  it('is read as it is meant', () => {
    const events: string[] = [];
    const parser = new Parser({ strict: true });
    const seen = (prefix: string) => (point: { ok: boolean; name: string; skip: boolean | string; diag?: unknown }) =>
      events.push(
        `${prefix}${point.ok ? 'ok' : 'not ok'} ${point.name} ${point.skip} ${JSON.stringify(point.diag ?? null)}`,
      );
    parser.on('child', (child) => child.on('assert', seen('  ')));
    parser.on('assert', seen(''));
    let ok: boolean | undefined;
    parser.on('complete', (results) => {
      ok = results.ok;
    });
    parser.end(tapReport(record));
    expect(ok).toBe(false);
    expect(events).toEqual([
      '  ok is up false null',
      '  not ok page #1 \\ <title> false {"message":"first \\"line\\" & \\u0007\\nsecond"}',
      '  ok later not #now null',
      'not ok web false {"message":"1 of 3 checks failed"}',
      'ok base false null',
    ]);
  });
});

describe('a JSON report', () => {
  it('is as its schema says', () => {
    const schema: object = JSON.parse(readFileSync('schemas/report.schema.json', 'utf8'));
    const validate = new Ajv2020.default({ strict: false }).compile(schema);
    const report: unknown = JSON.parse(jsonReport('spec', record));
    expect(validate(report)).toBe(true);
    expect(report).toMatchObject({ version: 1, phase: 'spec', passed: 1, failed: 1, skipped: 0 });
    expect(validate({ ...(report as object), images: [{}] })).toBe(false);
  });
});

describe('report files', () => {
  it('are written where they are asked for, in the format of their name', async () => {
    const files = ['out/junit.xml', 'out/results.TAP', 'report.json', 'found.sarif'];
    const written = await writeReports(files, folder, 'spec', record, async () => 'SARIF');
    expect(written).toEqual(files.map((file) => join(folder, file)));
    expect(written.map((file) => readFileSync(file, 'utf8').slice(0, 9))).toEqual([
      '<?xml ver',
      'TAP versi',
      '{\n  "vers',
      '"SARIF"\n',
    ]);
  });

  it('have to say their format, and one that the phase has', () => {
    const problems = (files: readonly string[]): string[] => {
      try {
        checkReports(files, 'integration');
        return [];
      } catch (error) {
        return problemsOf(error).map(formatProblem);
      }
    };
    expect(problems(['a.xml', 'b.tap'])).toEqual([]);
    expect(problems(['junit', 'c.sarif'])).toEqual([
      "input 'report': 'junit' does not tell its format; write a path that ends with .xml (JUnit), .tap, .json or .sarif",
      "input 'report': 'c.sarif' is for findings in files, which only the phase spec has; write a path that ends with .xml (JUnit), .tap or .json",
    ]);
  });
});
