import { describe, expect, it } from '@jest/globals';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { createRenderer, openStore, textLoader } from '../../src/templates/index.ts';

const main = 'docker/web/Dockerfile.j2';
const image =
  "FROM base\n{% set web_packages = ['curl', 'git'] %}\n{% block packages %}RUN {{ web_packages | customizable('packages') | join(' ') }}{% endblock %}\n{% block footer %}{% endblock %}END";

interface Case {
  readonly override?: readonly string[];
  readonly macros?: readonly string[];
  readonly variables?: Record<string, unknown>;
}

function render(files: Record<string, string>, { override = [], macros = [], variables = {} }: Case) {
  const store = openStore(textLoader(files));
  const start = createRenderer(store, { folders: ['docker/web', 'docker/_m'], macros });
  return start(main, { image_name: 'web', ...variables }, {}, { override, sources: true });
}

describe('a template override', () => {
  const files = {
    [main]: image,
    'operator/a.j2':
      "{% extends parent_template %}\n{% set web_packages_append = ['vim'] %}\n{% block footer %}\nRUN a\n{% endblock %}",
    'operator/b.j2':
      "{% extends parent_template %}\n{% set web_packages_remove = ['git'] %}\n{% block more %}{% endblock %}",
    'operator/c.j2': '\n{{ 1 + }}',
  };

  it('changes blocks and lists of the template that it extends', () => {
    const { text, sources } = render(files, { override: ['operator/a.j2'] });
    expect(text).toBe('FROM base\n\nRUN curl git vim\n\nRUN a\nEND');
    expect(sources.map(({ file, line }) => `${file}:${line}`)).toEqual([
      `${main}:1`,
      `${main}:2`,
      `${main}:3`,
      'operator/a.j2:3',
      'operator/a.j2:4',
      `${main}:4`,
    ]);
  });

  it('can be one of several', () => {
    const { text } = render(files, { override: ['operator/a.j2', 'operator/b.j2'] });
    expect(text).toContain('RUN curl vim\n');
  });

  it('is told apart from others where it is broken, or not there', () => {
    const problems = (override: string[]): string[] => {
      try {
        render(files, { override });
      } catch (error) {
        return problemsOf(error).map(formatProblem);
      }
      return [];
    };
    expect(problems(['operator/a.j2', 'operator/c.j2'])).toEqual([
      expect.stringMatching(/^operator\/c\.j2:2:8: a value/),
    ]);
    expect(problems(['operator/d.j2'])).toEqual([
      "operator/d.j2: there is no such file; create it, or correct 'template-override'",
    ]);
  });
});

describe('customizable', () => {
  it.each([
    [{}, 'curl git'],
    [{ web_packages_override: ['a'] }, 'a'],
    [{ web_packages_append: ['a'], web_packages_remove: ['curl'] }, 'git a'],
    [{ web_packages_remove: ['none'] }, 'curl git'],
  ])('with %j', (variables, expected) => {
    expect(render({ [main]: image }, { variables }).text).toContain(`RUN ${expected}\n`);
  });

  it('leaves what the variables hold as it is', () => {
    const variables = { list: ['a'], web_packages_append: ['b'] };
    const template = "{{ list | customizable('packages') }}";
    expect(render({ [main]: template }, { variables }).text).toBe("['a', 'b']");
    expect(render({ [main]: template }, { variables }).text).toBe("['a', 'b']");
  });
});

describe('macro files', () => {
  const files = {
    'docker/_m/all.j2': '{% macro greet() %}hello {{ who }}{% endmacro %}{% set _own = 1 %}{% set answer = 42 %}',
    'docker/_m/m.j2': '{% macro m() %}{{ greet() }}!{% endmacro %}',
  };

  it('give every template their macros and variables, which see the variables of the image', () => {
    const template = "{% import 'm.j2' as m %}{{ greet() }} {{ m.m() }} {{ answer }} {{ _own is defined }}";
    const { text } = render(
      { ...files, [main]: template },
      { macros: ['docker/_m/all.j2'], variables: { who: 'you' } },
    );
    expect(text).toBe('hello you hello you! 42 False');
  });

  it('have to be there', () => {
    expect(() => render({ [main]: '' }, { macros: ['docker/_m/gone.j2'] })).toThrow(
      "docker/_m/gone.j2: there is no such file; create it, or correct 'macros' in images.yaml",
    );
  });

  it('stand behind the variables of the image', () => {
    const variables = { answer: 'mine' };
    expect(render({ ...files, [main]: '{{ answer }}' }, { macros: ['docker/_m/all.j2'], variables }).text).toBe('mine');
  });
});

it('namespace is a text of the image and, called, the function of Jinja2', () => {
  const template = '{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ namespace }} {{ ns.a }}';
  expect(render({ [main]: template }, { variables: { namespace: 'ghcr.io/acme' } }).text).toBe('ghcr.io/acme 2');
});
