import { describe, expect, it } from '@jest/globals';
import { callsOf } from '../../src/dockerfile/commands.ts';
import { parseDockerfile } from '../../src/dockerfile/index.ts';
import { shellCommands } from '../../src/dockerfile/shell.ts';

const commands = (text: string): readonly (readonly string[])[] =>
  shellCommands({ text, marks: [{ offset: 0, line: 1, column: 1 }] }).map(({ words }) =>
    words.map((word) => word.text),
  );

const calls = (run: string): readonly string[] =>
  callsOf(parseDockerfile(`FROM a\n${run}`)).map(({ name, args }) => [name, ...args.map(({ text }) => text)].join(' '));

describe('shell commands', () => {
  it.each([
    ['a b && c || d; e | f & g', [['a', 'b'], ['c'], ['d'], ['e'], ['f'], ['g']]],
    ['A=1 B="x y" a', [['a']]],
    [`a 'b c' "d e" f\\ g`, [['a', 'b c', 'd e', 'f g']]],
    ['a >x 2>&1 <y b', [['a', 'b']]],
    ['if a; then b; else c; fi', [['a'], ['b'], ['c']]],
    ['! a; { b; }; (c; d)', [['a'], ['b'], ['c'], ['d']]],
    ['a $(b c) `d`', [['b', 'c'], ['d'], ['a', '$(b c)', '`d`']]],
    [
      'a "$(b "c d")"',
      [
        ['b', 'c d'],
        ['a', '$(b "c d")'],
      ],
    ],
    ['a $((1 + 2)) ${x:-y z}', [['a', '$((1 + 2))', '${x:-y z}']]],
    ['a # b\nc', [['a'], ['c']]],
    ['a#b', [['a#b']]],
    ['a <<E\nb\nE\nc', [['a'], ['c']]],
    ['a \\\n  b', [['a', 'b']]],
    ["a 'unclosed", [['a', 'unclosed']]],
  ])('%j', (script, expected) => {
    expect(commands(script)).toEqual(expected);
  });
});

describe('calls of programs', () => {
  it.each([
    ['RUN /usr/bin/apt-get update', ['apt-get update']],
    ['RUN sudo -E -u root DEBIAN_FRONTEND=noninteractive apt-get update', ['apt-get update']],
    ['RUN env A=1 timeout -k 5 30 pip install x', ['pip install x']],
    ['RUN bash -euxc "apt-get update && pip install x"', ['apt-get update', 'pip install x']],
    ['RUN ["pip", "install", "x"]', ['pip install x']],
    ['RUN ["/bin/sh", "-c", "a; b"]', ['a', 'b']],
    ['RUN <<EOF\na\nb\nEOF', ['a', 'b']],
    ['RUN bash -e <<EOF\na\nEOF', ['bash -e', 'a']],
    ['RUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF', []],
    ['RUN cat <<EOF > /x\na\nEOF', ['cat']],
    ['ONBUILD RUN a', ['a']],
    ['SHELL ["powershell", "-Command"]\nRUN a', []],
  ])('%j', (run, expected) => {
    expect(calls(run)).toEqual(expected);
  });
});
