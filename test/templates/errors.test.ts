import { describe, expect, it } from '@jest/globals';
import { formatProblem, type Problem, problemsOf } from '../../src/problems.ts';
import { createRenderer, textLoader } from '../../src/templates/index.ts';

const main = 'docker/web/Dockerfile.j2';

function problems(template: string, files: Record<string, string> = {}, variables = {}): readonly Problem[] {
  const render = createRenderer(textLoader({ ...files, [main]: template }), { folders: ['docker/web', 'docker/_m'] });
  try {
    render(main, variables);
  } catch (error) {
    return problemsOf(error);
  }
  return [];
}

function lines(template: string, files?: Record<string, string>, variables?: object): string[] {
  return problems(template, files, variables).map((problem) => formatProblem(problem).replace('docker/web/', ''));
}

describe('an error', () => {
  it('has one line, an excerpt with a caret, and the way that led there', () => {
    const files = {
      'docker/_m/m.j2': '{% macro apt(names) %}\n\tRUN apt-get install {{ pakages }}\n{% endmacro %}',
      'docker/web/part': "{% import 'm.j2' as m with context %}\nx {{ m.apt([]) }}",
    };
    expect(problems("\n{% include 'part' %}", files, { packages: [] })).toEqual([
      expect.objectContaining({
        message: "'pakages' is undefined (did you mean 'packages'?)",
        place: { file: 'docker/_m/m.j2', line: 2, column: 25 },
        details: [
          '2 | \tRUN apt-get install {{ pakages }}',
          '  | \t                       ^',
          'called at docker/web/part:2:8',
          'included at docker/web/Dockerfile.j2:2:12',
        ],
      }),
    ]);
  });

  it('is told once for each place, and what only follows from it is not told', () => {
    const template =
      '{% set x = nope ~ "a" %}{{ x }}{% if x %}{% endif %}\n{% for i in [1, 2] %}{{ i.a }}{% endfor %}\n{% from "gone" import a %}{{ a }}';
    expect(lines(template)).toEqual([
      "Dockerfile.j2:1:12: 'nope' is undefined; set it under 'vars' in images.yaml",
      expect.stringMatching(/^Dockerfile\.j2:2:27: there is no 'a' in /),
      expect.stringMatching(/^Dockerfile\.j2:3:9: template 'gone' does not exist; looked for docker\/web\/gone, /),
    ]);
  });

  it('that is raised ends the template', () => {
    expect(lines("{{ a }}{{ raise_exception('base is needed') }}{{ b }}")).toEqual([
      "Dockerfile.j2:1:4: 'a' is undefined; set it under 'vars' in images.yaml",
      'Dockerfile.j2:1:11: base is needed',
    ]);
  });

  it.each([
    ["{{ 1 + 'a' }}", 6],
    ['{{ [1, 2][x] }}', 11],
    ["{{ 'a' | join(nope) | upper }}", 15],
    ['{{ m(1, b=2) }}', 4],
    ['{{ (a.b).c }}', 7],
    ['{% for x, y in [[1]] %}{% endfor %}', 8],
    ["{{ 'abc' | round }}", 12],
    ['{{ 5 is divisibleby }}', 9],
    ['{% set ns.x = 1 %}', 8],
    ['{{ x[1:2] }}', 4],
    ['{{ "é😀" ~ nope }}', 12],
    ['{% set a, b = [1, 2, 3] %}', 8],
    ['{{ 1 // 0 }}', 6],
  ])('of %j has the column %i', (template, column) => {
    const variables = { a: {}, m: {}, x: 'x', ns: 1 };
    if (template.includes('x[1:2]')) delete (variables as { x?: unknown }).x;
    expect(problems(template, {}, variables).map(({ place }) => [place?.line, place?.column])).toEqual([[1, column]]);
  });
});

describe('a text that is no template', () => {
  it.each([
    [
      'a\n  {% if x %}b',
      "2:14: the template ends, but 'if' of line 2 is still open; close it with 'elif' or 'else' or 'endif'",
    ],
    [
      '{% for x in y %}\n{% endif %}',
      "2:4: 'endif' does not belong here: 'for' of line 1 is open, which goes on with 'endfor' or 'else'",
    ],
    ['{% endif %}', "1:4: 'endif' closes nothing: no tag is open here"],
    ['{% iff x %}', "1:4: there is no tag 'iff' (did you mean 'if'?)"],
    ['{{ a b }}', "1:6: '}}' is expected, but there is 'b'"],
    ['{{ a', '1:1: this tag has no end; end it with }}'],
    ['{{ (a }}', "1:7: '}' does not close what is open; ')' is expected"],
    ['{{ f(', "1:1: ')' is missing before the end of the template; end it with ) and }}"],
    ['{{ a) }}', "1:5: ')' closes nothing"],
    ["{{ 'a }}", "1:4: the text that begins with ' has no end; end it with '"],
    ['{{ a ? b }}', "1:6: '?' means nothing here"],
    ['{# x', '1:1: this comment has no end; end it with #}'],
    ['\n{% raw %}x', "2:1: 'raw' has no end; end it with {% endraw %}"],
    ['{% macro m(a=1, b) %}{% endmacro %}', "1:17: argument 'b' needs a default, since one before it has one"],
    ['{% break %}', "1:4: 'break' is outside of a loop"],
    ['{{ x | uper }}', "1:8: there is no filter 'uper' (did you mean 'upper'?)"],
    ['{{ x is defned }}', "1:9: there is no test 'defned' (did you mean 'defined'?)"],
    ['{% block a %}{% endblock %}{% block a %}{% endblock %}', "1:31: block 'a' is there twice"],
    ['{% set none = 1 %}', '1:8: this can not be assigned to; names can'],
    ['{{ }}', "1:4: a value is expected, but there is the end of the expression, '}}'"],
  ])('%j', (template, expected) => {
    expect(lines(template)).toEqual([`Dockerfile.j2:${expected}`]);
  });

  it('is told in its own file, with the way that led there', () => {
    expect(problems("{% include 'part' %}", { 'docker/web/part': '\n{{ }}' })).toEqual([
      expect.objectContaining({
        place: { file: 'docker/web/part', line: 2, column: 4 },
        details: ['2 | {{ }}', '  |    ^', 'included at docker/web/Dockerfile.j2:1:12'],
      }),
    ]);
  });
});
