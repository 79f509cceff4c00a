import { describe, expect, it } from '@jest/globals';
import { renderTemplate } from '../../../../src/checks/formats/goss/template.ts';
import type { GoValue } from '../../../../src/checks/formats/goss/values.ts';
import { formatProblem, problemsOf } from '../../../../src/problems.ts';

const data = new Map<string, GoValue>([
  [
    'Vars',
    new Map<string, GoValue>([
      ['list', ['a', 'b']],
      [
        'map',
        new Map([
          ['y', 2],
          ['x', 1],
        ]),
      ],
      ['name', 'Web'],
    ]),
  ],
  ['Env', new Map([['OS', 'debian']])],
]);

function render(text: string): string {
  return renderTemplate(text, 'goss.yaml', data, (name) => (name === 'OS' ? 'debian' : undefined)).text;
}

function problem(text: string): string {
  try {
    return `'${render(text)}'`;
  } catch (error) {
    return problemsOf(error).map(formatProblem).join('\n');
  }
}

describe('a template', () => {
  it.each([
    ['{{ range $key, $value := .Vars.map }}{{ $key }}={{ $value }};{{ end }}', 'x=1;y=2;'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{/* nothing */}}{{- /* at all */ -}} x', 'x'],
    ['{{ if eq .Env.OS "debian" "ubuntu" }}apt{{ else }}dnf{{ end }}', 'apt'],
    ['{{ if false }}1{{ else if true }}2{{ else }}3{{ end }}', '2'],
    ['{{ with .Vars.list }}{{ index . 1 }}{{ else }}none{{ end }}', 'b'],
    ['{{ range .Vars.list }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ end }}', 'a'],
    ['{{ $x := 1 }}{{ range .Vars.list }}{{ $x = add $x 1 }}{{ end }}{{ $x }}', '3'],
    ['{{ or (index .Vars "none") "other" }}', 'other'],
    ['{{ (dict "a" (list 1 2)).a }}', '[1 2]'],
    ['{{ "}}" }}', '}}'],
    ['{{ getEnv "OS" }}{{ getEnv "NONE" "-" }}', 'debian-'],
  ])('%s is %p', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it.each([
    ['a: b\nc: {{ .Env.NONE }}', /^goss\.yaml:2:7: there is no 'NONE'; set it in the environment of the job/],
    ['{{ .Vars.nmae }}', /^goss\.yaml:1:4: there is no 'nmae'; known are list, map, name/],
    ['{{ template "x" }}', /^goss\.yaml:1:4: 'template' is not read in templates here; write out what it stands for/],
    ['{{ readFile "/etc/x" }}', /^goss\.yaml:1:4: 'readFile' reads a file of the container, which is not started yet/],
    ['\n  {{ genPrivateKey "rsa" }}', /^goss\.yaml:2:6: the function 'genPrivateKey' is not known here; known are and/],
    ['{{ if true }}x', /^goss\.yaml:1:1: this has no '\{\{end\}\}'/],
    ['x{{ end }}', /^goss\.yaml:1:5: there is nothing that this 'end' could belong to/],
    ['{{ 1 2 }}', /^goss\.yaml:1:6: '2' can't stand here/],
    ['{{ x', /^goss\.yaml:1:1: '\{\{' has no '\}\}'/],
    ['{{ }}', /^goss\.yaml:1:1: this action is empty/],
    ['{{ eq 1 "a" }}', /^goss\.yaml:1:4: eq: 1 and a can't be compared/],
    ['{{ div 1 0 }}', /^goss\.yaml:1:4: div: this divides by zero/],
    ['{{ range until 90000 }}{{ range until 90000 }}{{ end }}{{ end }}', /more than 100000 rounds/],
    ['{{ .Vars.constructor }}', /there is no 'constructor'/],
    ['{{ constructor }}', /the function 'constructor' is not known/],
  ])('%p is refused at its place', (text, expected) => {
    expect(problem(text)).toMatch(expected);
  });

  it('knows where each part of what it makes comes from', () => {
    const text = 'one {{ .Vars.name }} two\n{{ if true }}three{{ end }}';
    const rendered = renderTemplate(text, 'goss.yaml', data, () => undefined);
    expect(rendered.text).toBe('one Web two\nthree');
    const from = (part: string): number => rendered.origin(rendered.text.indexOf(part));
    expect(from('one')).toBe(0);
    expect(from('eb')).toBe(text.indexOf('{{'));
    expect(from('two')).toBe(text.indexOf('two'));
    expect(from('hree')).toBe(text.indexOf('hree'));
  });
});
