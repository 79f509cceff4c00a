import { describe, expect, it } from '@jest/globals';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { createRenderer, textLoader } from '../../src/templates/index.ts';

const main = 'docker/web/Dockerfile.j2';

function problems(template: string, files: Record<string, string> = {}): string[] {
  const loader = textLoader({ ...files, [main]: template });
  const render = createRenderer(loader, { folders: ['docker/web'], limits: { timeMs: 200, output: 100_000 } });
  try {
    render(main, {});
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
  return [];
}

const endless = "{% for a in range(99999) %}{% for b in range(99999) %}{{ '' }}{% endfor %}{% endfor %}";

describe('a template is stopped', () => {
  it.each([
    ['that takes too long', endless, /:1:\d+: this template takes longer than 0\.2 s; look for a loop/],
    [
      'that gives too much',
      "{% for a in range(99999) %}{{ 'abcdefgh' }}{% endfor %}",
      /gives more than 100,000 characters/,
    ],
    ['whose range is too long', '{{ range(100001) | list }}', /100,?000/],
    ['that repeats a text too often', "{{ 'a' * 20000000 }}", /:1:8: .*would be made here/],
    [
      'that doubles a text',
      '{% set ns = namespace(a="a") %}{% for i in range(99) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}',
      /would be made here/,
    ],
    ['whose macro calls itself', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /nested more than 300 deep/],
    ['whose block shows itself', '{% block a %}{{ self.a() }}{% endblock %}', /nested more than 300 deep/],
    ['whose loop calls itself', '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}', /nested more than 300 deep/],
    ['that extends itself', "{% extends 'Dockerfile.j2' %}", /nested more than 300 deep/],
    ['that imports itself', "{% import 'Dockerfile.j2' as m with context %}", /nested more than 300 deep/],
    ['that is nested too deeply itself', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`, /nested too deeply/],
  ])('%s', (_, template, expected) => {
    expect(problems(template)).toEqual([expect.stringMatching(expected)]);
  });

  it('also one that two others lead to', () => {
    expect(problems("{% include 'a' %}", { 'docker/web/a': "{% include 'Dockerfile.j2' %}" })).toEqual([
      expect.stringMatching(/nested more than 300 deep/),
    ]);
  });
});
