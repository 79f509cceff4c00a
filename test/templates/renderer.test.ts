import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { createRenderer, diskLoader, type TemplateFunction, textLoader } from '../../src/templates/index.ts';

const main = 'docker/web/Dockerfile.j2';

interface Case {
  readonly files?: Record<string, string>;
  readonly variables?: Record<string, unknown>;
  readonly functions?: Record<string, TemplateFunction>;
}

function render(template: string, { files = {}, variables = {}, functions = {} }: Case = {}) {
  const loader = textLoader({ ...files, [main]: template });
  return createRenderer(loader, { folders: ['docker/web', 'docker/_macros'] })(main, variables, functions);
}

function problems(template: string, rest: Case = {}): string[] {
  try {
    render(template, rest);
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
  return [];
}

describe('a rendered template', () => {
  it('escapes nothing', () => {
    expect(render('RUN {{ x }}', { variables: { x: 'a && "b" <c>' } }).text).toBe('RUN a && "b" <c>');
  });

  it('loses one line feed at its end, not more', () => {
    expect(render('a\n\n').text).toBe('a\n');
  });

  it('has no carriage returns', () => {
    expect(render('a\r\nb\r\n').text).toBe('a\nb');
  });

  it('includes from its own folder, then from the template folders', () => {
    const files = { 'docker/_macros/a': 'shared a\n', 'docker/_macros/b': 'shared b\n', 'docker/web/a': 'own a\n' };
    expect(render("{% include 'a' %}, {% include 'b' %}", { files }).text).toBe('own a, shared b');
  });

  it('imports macros, and fills the blocks of the template that it extends', () => {
    const files = {
      'docker/_macros/m.j2': '{% macro apt(names) %}apt-get install {{ names | join(" ") }}{% endmacro %}',
      'docker/_macros/base.j2': 'FROM x\n{% block body %}{% endblock %}\nUSER app',
    };
    const template =
      "{% extends 'base.j2' %}{% import 'm.j2' as m %}{% block body %}RUN {{ m.apt(['a', 'b']) }}{% endblock %}";
    expect(render(template, { files }).text).toBe('FROM x\nRUN apt-get install a b\nUSER app');
    expect(render("{% import 'm.j2' as m %}RUN {{ m.apt(['a', 'b']) }}", { files }).text).toBe(
      'RUN apt-get install a b',
    );
  });

  it('may ask whether a name is defined', () => {
    expect(
      render("{% if x is defined %}a{% else %}b{% endif %}{{ y.z | default('c') }}", { variables: { y: {} } }).text,
    ).toBe('bc');
  });

  it('walks through the items of a map', () => {
    expect(
      render('{% for k, v in m.items() %}{{ k }}={{ v }};{% endfor %}', { variables: { m: { a: 1, b: 2 } } }).text,
    ).toBe('a=1;b=2;');
  });
});

describe('captured text', () => {
  it.each([
    ['{% set x %}a{{ 1 }}\n{% endset %}{{ x | length }}', '3'],
    ['{% macro m(a) %}x{{ a }}{% endmacro %}{{ m(1) | upper }}', 'X1'],
    ['{% macro m() %}[{{ caller() | upper }}]{% endmacro %}{% call m() %}a{{ 1 }}{% endcall %}', '[A1]'],
    ['{% filter upper %}a{{ 1 }}{% endfilter %}', 'A1'],
    ["{% set x %}a{% endset %}{% if x == 'a' %}same{% endif %}", 'same'],
  ])('%j is what it says, whatever is done with it', (template, expected) => {
    expect(render(template).text).toBe(expected);
  });
});

describe('an undefined name', () => {
  it('is reported with file, line and column, and all of them at once', () => {
    expect(
      problems('FROM {{ bse }}\n{% if missing %}{% endif %}\n{{ base.nme }}', { variables: { base: { name: 1 } } }),
    ).toEqual([
      `${main}:1:9: 'bse' is undefined (did you mean 'base'?)`,
      `${main}:2:7: 'missing' is undefined; set it under 'vars' in images.yaml`,
      `${main}:3:9: there is no 'nme' in this dict (did you mean 'name'?)`,
    ]);
  });

  it('is reported where it is passed on, not where it would be used', () => {
    expect(problems('{{ names | join(" ") | upper }}')).toEqual([
      `${main}:1:4: 'names' is undefined; set it under 'vars' in images.yaml`,
    ]);
  });

  it('is reported in the file that has it', () => {
    expect(problems("\n{% include 'a' %}", { files: { 'docker/web/a': '\n\n{{ x }}' } })).toEqual([
      `docker/web/a:3:4: 'x' is undefined; set it under 'vars' in images.yaml`,
    ]);
  });
});

describe('a broken template', () => {
  it('has its line', () => {
    expect(problems('a\n{% if x %}b')).toEqual([
      expect.stringMatching(/^docker\/web\/Dockerfile\.j2:2(:\d+)?: .*endif/),
    ]);
  });

  it('has the line of a filter that does not exist', () => {
    expect(problems('a\nb {{ 1 | nope }}')).toEqual([`${main}:2:10: there is no filter 'nope'`]);
  });

  it('has the line of a call that fails', () => {
    const functions = {
      image_spec: () => {
        throw new Error('no such image');
      },
    };
    expect(problems('a\n{{ image_spec("x") }}', { functions })).toEqual([
      expect.stringMatching(/^docker\/web\/Dockerfile\.j2:2:\d+: no such image$/),
    ]);
  });

  it('does not exist', () => {
    expect(() => createRenderer(textLoader({}), { folders: ['docker/web'] })(main, {})).toThrow('does not exist');
  });

  it('includes itself', () => {
    expect(problems("{% include 'Dockerfile.j2' %}")).toEqual([
      expect.stringMatching(/:1:12: .*nested more than \d+ deep here; look for one that leads to itself$/),
    ]);
  });
});

describe('what a template can reach', () => {
  it.each(['../api/x', '/etc/passwd', '../../../etc/passwd', 'docker/api/x', './../api/x'])('is not %s', (name) => {
    const found = problems(`a\n{% include '${name}' %}`, { files: { 'docker/api/x': 'secret' } });
    expect(found).toEqual([expect.stringMatching(/^docker\/web\/Dockerfile\.j2:2:\d+: .*(outside|does not exist)/)]);
  });

  it.each([
    'constructor',
    '__proto__',
    'x.constructor',
    'x.toString',
    '"".constructor',
    'f.constructor',
    'f.call',
    'x["__proto__"]',
  ])('is not %s', (expression) => {
    expect(problems(`{{ ${expression} }}`, { variables: { x: {} }, functions: { f: () => 'f' } })).toHaveLength(1);
  });

  describe('on disk', () => {
    let root = '';
    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), 'templates-'));
      mkdirSync(join(root, 'repository/docker/web'), { recursive: true });
      mkdirSync(join(root, 'repository/docker/api'));
      writeFileSync(join(root, 'secret'), 'secret');
      writeFileSync(join(root, 'repository/docker/api/x'), 'secret');
      symlinkSync('../../../secret', join(root, 'repository/docker/web/out'));
      symlinkSync('../api/x', join(root, 'repository/docker/web/across'));
    });
    afterAll(() => rmSync(root, { recursive: true }));

    it.each(['out', 'across'])('is not what the symbolic link %s leads to', (name) => {
      writeFileSync(join(root, 'repository', main), `{% include '${name}' %}`);
      const loader = diskLoader(join(root, 'repository'));
      expect(() => createRenderer(loader, { folders: ['docker/web'] })(main, {})).toThrow(/outside|does not exist/);
    });
  });
});
