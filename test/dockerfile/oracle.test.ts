import { describe, expect, it } from '@jest/globals';
import { allCases, compareAll, differs, explained, findTools } from '../../local/lint-oracle/index.ts';
import { projectRoot } from '../../local/processes/index.ts';

const tools = findTools(projectRoot());
const required = process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined;

describe('verdicts beside BuildKit and hadolint', () => {
  (tools === undefined && !required ? it.skip : it)(
    'are the same, but for the differences that are explained',
    () => {
      if (tools === undefined) throw new Error('BuildKit or hadolint is missing; run .ci/tools');
      // `npm run lint:oracle` has the mixed ones too.
      const written = allCases.filter(({ name }) => !name.startsWith('mixed '));
      const different = compareAll(tools, written).filter(differs);
      expect(different.map(({ oracle, one }) => `${oracle}: ${one.name}`).toSorted()).toEqual(
        Object.keys(explained).toSorted(),
      );
    },
    300_000,
  );

  it('are asked for on at least 200 Dockerfiles, each rule among them', () => {
    expect(new Set(allCases.map(({ dockerfile }) => dockerfile)).size).toBeGreaterThanOrEqual(200);
    expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length);
  });
});
