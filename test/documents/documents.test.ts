import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { checkDocument, closest, documentPlace, integer, map, mapOf, readDocument } from '../../src/documents/index.ts';
import { formatProblem, ProblemsError } from '../../src/problems.ts';

const schema = map({
  name: v.string(),
  kind: v.optional(v.picklist(['small', 'large'])),
  size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  parts: v.optional(v.array(map({ port: integer, title: v.optional(v.string()) }))),
  notes: v.optional(v.union([v.string(), v.array(v.string())])),
  code: v.optional(
    v.pipe(
      v.string(),
      v.check((value) => /^[a-z]+$/.test(value), 'has a digit; use letters only'),
    ),
  ),
});

function problems(text: string, written: v.GenericSchema = schema): string[] {
  try {
    checkDocument(readDocument(text, 'a.yaml'), written);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map(formatProblem);
    throw error;
  }
}

describe('a document', () => {
  it('is the value that the schema describes', () => {
    expect(checkDocument(readDocument('name: x\nparts:\n- port: 80\n', 'a.yaml'), schema)).toEqual({
      name: 'x',
      parts: [{ port: 80 }],
    });
  });

  it('reports everything that is wrong at once, in the order of the file', () => {
    const text = [
      'nam: x',
      'kind: medium',
      'size: 0',
      'parts:',
      '  - prot: 80',
      '    port: eighty',
      'notes: {a: 1}',
      'code: a1',
    ];
    expect(problems(text.join('\n'))).toEqual([
      "a.yaml:1:1: 'name' is missing; add name: <text>",
      "a.yaml:1:1: unknown key 'nam'; did you mean 'name'?",
      "a.yaml:2:7: 'kind' is the text 'medium'; expected one of 'small', 'large'",
      "a.yaml:3:7: 'size' is too small; at least 1",
      "a.yaml:5:5: unknown key 'prot' in 'parts.0'; did you mean 'port'?",
      "a.yaml:6:11: 'parts.0.port' is the text 'eighty'; expected a number",
      "a.yaml:7:8: 'notes' is a map; expected text or a list",
      "a.yaml:8:7: 'code' has a digit; use letters only",
    ]);
  });

  it('names the known keys when none is close', () => {
    expect(problems('name: x\nparts: [{port: 1, whatever: 2}]')).toEqual([
      "a.yaml:2:19: unknown key 'whatever' in 'parts.0'; known are port, title",
    ]);
  });

  it('reports duplicate keys and syntax errors with their line', () => {
    expect(problems('name: x\nkind: small\nname: y\n')).toEqual(['a.yaml:3:1: this key is there twice']);
    expect(problems('name: [x\n')[0]).toMatch(/^a\.yaml:2:1: flow sequence/);
    expect(problems('name: x\n---\nname: y\n')).toEqual([
      "a.yaml:2:1: a second document begins here; keep one, and remove the line '---'",
    ]);
    expect(problems('name: x\ncode: *deploy\n')[0]).toMatch(/^a\.yaml:2:7: '\*deploy' stands for nothing; write/);
  });

  it('takes an empty file for a map without entries', () => {
    expect(problems('# nothing\n')).toEqual(["a.yaml:1:1: 'name' is missing; add name: <text>"]);
  });

  it('knows the place of each part, through aliases too', () => {
    const document = readDocument('a: &x\n  b: [1, 2]\nc: *x\n', 'a.yaml');
    expect(documentPlace(document, ['a', 'b', 1])).toEqual({ file: 'a.yaml', line: 2, column: 10 });
    expect(documentPlace(document, ['c', 'b'], 'key')).toEqual({ file: 'a.yaml', line: 2, column: 3 });
    expect(documentPlace(document, ['a', 'none'])).toEqual({ file: 'a.yaml', line: 2, column: 3 });
  });
});

describe('closest', () => {
  it('finds swapped, missing and additional letters, and nothing else', () => {
    expect(closest('prot', ['file', 'port'])).toBe('port');
    expect(closest('platform', ['platforms', 'target'])).toBe('platforms');
    expect(closest('zzz', ['port'])).toBeUndefined();
  });
});

describe('maps in schemas', () => {
  const maps = map({
    labels: v.optional(mapOf(v.string(), v.string())),
    rule: v.optional(v.union([map({ equals: v.optional(v.string()) }), v.array(v.unknown())])),
  });
  const refused = (text: string): string[] => problems(text, maps);

  it('take no list for a map', () => {
    expect(refused('[]')).toEqual(['a.yaml:1:1: the file is a list; expected a map']);
    expect(refused('labels: [a=b]')).toEqual(["a.yaml:1:9: 'labels' is a list; expected a map"]);
    expect(checkDocument(readDocument('rule: []', 'a.yaml'), maps)).toEqual({ rule: [] });
  });

  it('name every key that is not known, and names that no map can have', () => {
    expect(refused('one: 1\ntwo: 2\n')).toEqual([
      "a.yaml:1:1: unknown key 'one'; known are labels, rule",
      "a.yaml:2:1: unknown key 'two'; known are labels, rule",
    ]);
    expect(refused('labels: { constructor: a }')).toEqual(["a.yaml:1:11: the key 'constructor' can't be used"]);
  });
});
