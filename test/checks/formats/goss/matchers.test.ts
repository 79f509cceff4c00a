import { describe, expect, it } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import { parseMounts } from '../../../../src/checks/formats/goss/facts.ts';
import { parseGjsonPath } from '../../../../src/checks/formats/goss/gjson.ts';
import { readMatcher } from '../../../../src/checks/formats/goss/matchers.ts';
import { missingPatterns, readPattern } from '../../../../src/checks/formats/goss/patterns.ts';
import { parseRange, parseVersion } from '../../../../src/checks/formats/goss/semver.ts';
import { fromNode, type GoValue, printed, TextList } from '../../../../src/checks/formats/goss/values.ts';

function value(yaml: string, json = false): GoValue {
  const parsed = parseDocument(yaml, { version: '1.2' });
  return fromNode(parsed.contents, parsed, json);
}

/** `pass`, `fail`, or the reason why nothing could be compared. */
function verdict(matcher: string, actual: GoValue): string {
  const read = readMatcher(value(matcher), [], (path, message) => {
    throw new Error(`${path.join('.')}: ${message}`);
  });
  try {
    return read.matches(actual) ? 'pass' : 'fail';
  } catch (error) {
    return String(error);
  }
}

describe('a matcher of goss', () => {
  it.each([
    ['a', 'a', 'pass'],
    ["'42'", 42, 'pass'],
    ['42', '42', 'pass'],
    ['42', ' 42\n', 'pass'],
    ['true', 'true', 'fail'],
    ['0644', '0644', 'fail'],
    ['{ have-prefix: a }', new TextList(['ab', 'c']), 'pass'],
    ['{ have-suffix: "b\\nc" }', new TextList(['ab', 'c']), 'pass'],
    ['{ contain-substring: "3" }', 1234, 'pass'],
    ['{ match-regexp: "^[[:alpha:]]+$" }', 'word', 'pass'],
    ['{ have-len: 2 }', 'ä', 'pass'],
    ['{ have-len: 1 }', 5, 'Error: 5 has no length'],
    ['[b, a]', new TextList(['a', 'b', 'c']), 'pass'],
    ['[a, a]', new TextList(['a', 'b']), 'fail'],
    ['[a]', 'a', 'Error: a is no list'],
    ['{ consist-of: [{ have-prefix: a }, ab] }', new TextList(['ab', 'ac']), 'pass'],
    ['{ contain-element: b }', 'a\nb', 'pass'],
    ['{ contain-element: { gt: 3 } }', new TextList(['x', '5']), 'pass'],
    ['{ contain-element: { gt: 3 } }', new TextList(['x']), "Error: 'x' is no number"],
    ['{ equal: [a] }', new TextList(['a']), 'fail'],
    ['{ equal: 1.0 }', 1, 'fail'],
    ['{ equal: null }', null, 'Error: there is nothing to compare'],
    ['{ not: { gt: 5 } }', 'many', "Error: 'many' is no number"],
    ['{ or: [many, { gt: 5 }] }', 'many', 'pass'],
    ['{ and: [] }', 'a', 'pass'],
    ['{ or: [] }', 'a', 'fail'],
    ['{ semver-constraint: ">=1.2.0 <2.0.0" }', '1.4.0', 'pass'],
    ['{ semver-constraint: ">=1.2.0" }', '1.4', 'Error: 1.4 is no version'],
    ['{ gjson: { "a.b": { gt: 1 } } }', '{"a": {"b": 2}}', 'pass'],
    ['{ gjson: { c: 1 } }', '{"a": 1}', 'Error: there is nothing at c'],
    ['{ gjson: { a: { have-key: b } } }', '{"a": {"b": 2}}', 'pass'],
    ['{ gjson: { a: 1 } }', '{', "Error: '{' is no JSON"],
    ['{ have-patterns: ["/^b/", "!c"] }', new TextList(['a', 'b']), 'pass'],
  ])('%s says of %p: %s', (matcher, actual, expected) => {
    expect(verdict(matcher, actual)).toBe(expected);
  });

  it('is refused where it can never say anything', () => {
    const wrong: string[] = [];
    const written = [
      '{ have-prefix: 5 }',
      '{ nearly: a }',
      '{ not: a, and: [] }',
      '{}',
      "{ match-regexp: '(' }",
      '{ gjson: { "a.*": 1, "#(a=1)": 2 } }',
      '{ and: [{ lt: a }] }',
    ];
    for (const one of written)
      readMatcher(value(one), [], (path, message) => wrong.push(`${path.join('.')}: ${message}`));
    expect(wrong).toEqual([
      'have-prefix: needs a text',
      expect.stringMatching(/^nearly: is no matcher; known are equal, have-prefix/),
      ": has 2 matchers; write one, or put them into a list under 'and' or 'or'",
      expect.stringMatching(/^: is an empty map; write one of equal/),
      expect.stringMatching(/^match-regexp: '\(' is no regular expression/),
      expect.stringMatching(/^gjson\.a\.\*: has '\*', which is not read here/),
      expect.stringMatching(/^gjson\.#\(a=1\): has '#\(', which is not read here/),
      'and.0.lt: needs a number',
    ]);
  });
});

describe('values', () => {
  it('are read as Go reads YAML', () => {
    const text = '[0644, 0o17, 0x1F, 0b11, 1_000, 089, 1.50, 1e3, "5", yes, ~, True, .5]';
    expect(printed(value(text))).toBe('[420 15 31 3 1000 89 1.5 1000 5 yes <nil> true 0.5]');
    expect(printed(value('{ b: &x { y: 1 }, a: { <<: *x, z: 2 } }'))).toBe('map[a:map[y:1 z:2] b:map[y:1]]');
  });

  it('are floats in JSON', () => {
    expect(value('5', true)).toEqual({ value: 5 });
    expect(value('5')).toBe(5);
  });

  it('are printed as Go prints them', () => {
    expect(printed(value('[1e21, 0.00001, 1e-7, true, [a, {b: 1}]]'))).toBe('[1e+21 1e-05 1e-07 true [a map[b:1]]]');
  });
});

describe('patterns', () => {
  const missing = (text: string, ...patterns: string[]): string[] => missingPatterns(text, patterns.map(readPattern));

  it('look at each line', () => {
    expect(missing('foo bar\r\nmoo\n', 'foo', '/^m.o$/', '/bar$/', '!ftw', '!/^ERROR/')).toEqual([]);
    expect(missing('foo bar\nmoo', '/foo.*moo/s', '!foo', 'cow')).toEqual(['/foo.*moo/s', '!foo', 'cow']);
  });

  it('may begin with the signs that have a meaning', () => {
    expect(missing('!odd\n/path/', '\\!odd', '\\/path')).toEqual([]);
  });

  it('may be empty, of an empty text as well', () => {
    expect(missing('', '')).toEqual([]);
  });
});

describe('ranges of versions', () => {
  const fits = (range: string, version: string): boolean | undefined => {
    const [test, parsed] = [parseRange(range), parseVersion(version)];
    return test === undefined || parsed === undefined ? undefined : test(parsed);
  };

  it.each([
    ['>1.0.0 <2.0.0 !=1.5.0', '1.4.9', true],
    ['>1.0.0 <2.0.0 !=1.5.0', '1.5.0', false],
    ['>5.0.0 || < 1.5.0', '1.0.1', true],
    ['>1.0.0-rc.10', '1.0.0-rc.9', false],
    ['<1.0.0', '1.0.0-rc.1', true],
    ['1.x', '1.9.0', true],
    ['>1.4.x', '1.4.2', false],
    ['1.0.0', '1.0.0+build', true],
    ['newest', '1.0.0', undefined],
    ['>1.0.0', '01.0.0', undefined],
    ['>1.0.0', '1.0', undefined],
  ])('%s, %s: %p', (range, version, expected) => {
    expect(fits(range, version)).toBe(expected);
  });
});

describe('paths of gjson', () => {
  it('are keys and indexes', () => {
    expect(parseGjsonPath('a.0.b\\.c.#')).toEqual(['a', '0', 'b.c', '#']);
    expect(parseGjsonPath('@this')).toEqual([]);
  });

  it.each(['a*', 'a|b', '#(x==1)', '@reverse', 'a.{b,c}', ''])('%p is refused, not taken for a key', (path) => {
    expect(() => parseGjsonPath(path)).toThrow();
  });
});

describe('the table of mounts', () => {
  it('is read with its escapes', () => {
    const line = '36 35 98:0 / /mnt/a\\040b rw,noatime shared:1 - ext4 /dev/root rw,errors=continue';
    expect(parseMounts(`${line}\n`)).toEqual([
      {
        point: '/mnt/a b',
        options: 'rw,noatime',
        type: 'ext4',
        source: '/dev/root',
        superOptions: 'rw,errors=continue',
      },
    ]);
  });
});

// The library that reads YAML here, and Go's, agree on nothing else that is looked at.
it('a plain word stays a word', () => {
  expect(value('[no, on, 2001, 1:30]')).toEqual(parse('[no, on, 2001, 1:30]'));
});
