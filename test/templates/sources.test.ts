import { describe, expect, it } from '@jest/globals';
import { createRenderer, textLoader } from '../../src/templates/index.ts';

const main = 'docker/web/Dockerfile.j2';

/** The lines of a rendered text that are not empty, each with the place it comes from. */
function linesOf(template: string, files: Record<string, string> = {}, variables = {}): string[] {
  const render = createRenderer(textLoader({ ...files, [main]: template }), { folders: ['docker/web', 'docker/_m'] });
  const { text, sources } = render(main, variables, {}, { sources: true });
  expect(text).toBe(render(main, variables).text);
  expect(sources).toHaveLength(text.split('\n').length);
  return text.split('\n').flatMap((line, index) => {
    const source = sources[index];
    return line === '' ? [] : [`${source?.file.replace('docker/', '')}:${source?.line} ${line}`];
  });
}

describe('each line of a rendered text comes from', () => {
  it('the line of its template', () => {
    const template = 'FROM x\n{# one\ntwo #}\n{% for n in [1, 2] -%}\nRUN {{ n }}\n{% endfor %}\n{{ two }}\nEND\n\n';
    expect(linesOf(template, {}, { two: 'a\nb' })).toEqual([
      'web/Dockerfile.j2:1 FROM x',
      'web/Dockerfile.j2:5 RUN 1',
      'web/Dockerfile.j2:5 RUN 2',
      'web/Dockerfile.j2:7 a',
      'web/Dockerfile.j2:7 b',
      'web/Dockerfile.j2:8 END',
    ]);
  });

  it('the file that is included', () => {
    expect(linesOf("FROM x\n{% include 'part' %}\nEND", { 'docker/_m/part': '\nRUN a\nRUN b\n' })).toEqual([
      'web/Dockerfile.j2:1 FROM x',
      '_m/part:2 RUN a',
      '_m/part:3 RUN b',
      'web/Dockerfile.j2:3 END',
    ]);
  });

  it('the macro that gives it, wherever that is called', () => {
    const files = {
      'docker/_m/m': '{% macro apt(names) %}\nRUN apt-get update\nRUN install {{ names }}\n{% endmacro %}',
    };
    expect(linesOf("FROM x\n{% import 'm' as m %}\n{% set x = m.apt('a') %}\n{{ x }}{{ m.apt('b') }}", files)).toEqual([
      'web/Dockerfile.j2:1 FROM x',
      '_m/m:2 RUN apt-get update',
      '_m/m:3 RUN install a',
      '_m/m:2 RUN apt-get update',
      '_m/m:3 RUN install b',
    ]);
  });

  it('the line of the expression where what it gave was changed', () => {
    expect(linesOf('\n{% macro m() %}\nrun x\n{% endmacro %}\n{{ m() | upper }}')).toEqual([
      'web/Dockerfile.j2:5 RUN X',
    ]);
  });

  it('the block of the template that has it', () => {
    const files = {
      'docker/_m/base': 'FROM x\n{% block a %}\nRUN base\n{% endblock %}\n{% block b %}{% endblock %}\nEND',
    };
    const template = "{% extends 'base' %}\n{% block a %}\nRUN before\n{{ super() }}\n{% endblock %}";
    expect(linesOf(template, files)).toEqual([
      '_m/base:1 FROM x',
      'web/Dockerfile.j2:3 RUN before',
      '_m/base:3 RUN base',
      '_m/base:6 END',
    ]);
  });

  it('a set block, a filter block and a call block', () => {
    const template =
      '{% set x %}\nRUN a\n{% endset %}{% macro m() %}{{ caller() }}{% endmacro %}\n{{ x }}\n{% call m() %}\nRUN b\n{% endcall %}\n{% filter trim %}RUN c{% endfilter %}';
    expect(linesOf(template)).toEqual([
      'web/Dockerfile.j2:2 RUN a',
      'web/Dockerfile.j2:6 RUN b',
      'web/Dockerfile.j2:8 RUN c',
    ]);
  });
});

it('of text that is empty, there is one line', () => {
  expect(linesOf('')).toEqual([]);
});
