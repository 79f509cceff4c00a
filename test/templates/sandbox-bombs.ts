/** Templates that ask for too much time, memory or output; run in a worker by sandbox-limits.test.ts. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type Attempt, attempt } from './sandbox.ts';

/** What a template of each name asks for; all but the last group have to be refused. */
export const bombs: Readonly<Record<string, string>> = {
  'a long range': '{% for i in range(1000000000) %}{% endfor %}',
  'a range as a list': '{{ range(1000000000)|list|length }}',
  'a repeated text': '{{ ("a" * 1000000000)|length }}',
  'a repeated list': '{{ ([0] * 1000000000)|length }}',
  'a repeated tuple': '{{ ((0,) * 1000000000)|length }}',
  'a text doubled again and again':
    '{% set ns = namespace(t="ab") %}{% for i in range(100) %}{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t|length }}',
  'a text joined to itself':
    '{% set ns = namespace(t="ab") %}{% for i in range(100) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t|length }}',
  'a list added to itself':
    '{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l|length }}',
  'a list extended by itself':
    '{% set l = [1] %}{% for i in range(100) %}{% do l.extend(l) %}{% endfor %}{{ l|length }}',
  'a list that grows while a loop runs over it': '{% set l = [1] %}{% for x in l %}{% do l.append(x) %}{% endfor %}',
  'loops in loops':
    '{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}',
  'much output': '{% for a in range(99999) %}{{ "x" * 1000 }}{% endfor %}',
  'much output from a set': '{% set t %}{% for a in range(99999) %}{{ "x" * 10000 }}{% endfor %}{% endset %}',
  'much output from a macro':
    '{% macro m() %}{% for a in range(99999) %}{{ "x" * 10000 }}{% endfor %}{% endmacro %}{{ m() }}',
  'a macro that calls itself': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  'macros that call each other':
    '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}',
  'a macro that calls itself twice':
    '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}',
  'a caller that calls itself':
    '{% macro m() %}{{ caller() }}{% endmacro %}{% macro r() %}{% call m() %}{{ r() }}{% endcall %}{% endmacro %}{{ r() }}',
  'a template that includes itself': "{% include 'Dockerfile.j2' %}",
  'a template that imports itself': "{% import 'Dockerfile.j2' as m with context %}",
  'a template that extends itself': "{% extends 'Dockerfile.j2' %}",
  'a block that shows itself': '{% block b %}{{ self.b() }}{% endblock %}',
  'a recursive loop without end': '{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}',
  'a power': '{{ 2 ** 1000000000 }}',
  'a power of a power': '{{ 9 ** (9 ** (9 ** 9)) }}',
  'a product of powers':
    '{% set ns = namespace(n=3) %}{% for i in range(64) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}',
  'a large integer as text': '{{ (10 ** 300000) ~ "" }}',
  'a text as a large integer': '{{ ("9" * 9000000)|int % 7 }}',
  'a wide format': '{{ "%1000000000d" % 1 }}',
  'a wide format from arguments': '{{ "%*d" % (1000000000, 1) }}',
  'a precise format': '{{ "%.1000000000f" % 1 }}',
  'a wide format method': '{{ "{:>1000000000}".format(1) }}',
  'a wide nested format': '{{ "{:>{w}}".format(1, w=1000000000) }}',
  'a precise format method': '{{ "{:.1000000000f}".format(1.5) }}',
  'a wide center': '{{ "a"|center(1000000000) }}',
  'a wide center method': '{{ "a".center(1000000000) }}',
  'a wide ljust': '{{ "a".ljust(1000000000) }}',
  'a wide zfill': '{{ "1".zfill(1000000000) }}',
  'wide tabs': '{{ ("\\t" * 1000).expandtabs(1000000000) }}',
  'a wide indent': '{{ ("a\\n" * 1000)|indent(1000000000) }}',
  'a text replaced by longer ones':
    '{% set ns = namespace(t="aa") %}{% for i in range(100) %}{% set ns.t = ns.t|replace("a", "aaaa") %}{% endfor %}{{ ns.t|length }}',
  'a method that replaces by longer texts':
    '{% set ns = namespace(t="aa") %}{% for i in range(100) %}{% set ns.t = ns.t.replace("a", "aaaa") %}{% endfor %}{{ ns.t|length }}',
  'nothing replaced by much': '{{ ("a" * 1000000).replace("", "b" * 1000000)|length }}',
  'a join of long texts': '{{ (["a" * 10000] * 100000)|join("b" * 10000)|length }}',
  'a join by a long text': '{{ ("x" * 1000000)|join("y" * 1000000)|length }}',
  'wide slices': '{{ [1]|slice(1000000000)|list|length }}',
  'wide batches': '{{ [1]|batch(1000000000, 0)|list }}',
  'a wrap into single characters, again and again':
    '{% for i in range(99999) %}{% set x = ("a" * 100000)|wordwrap(1) %}{% endfor %}',
  'sorting in a loop': '{% for i in range(99999) %}{% set x = range(99999)|sort %}{% endfor %}',
  'sums of lists': '{{ ([[1] * 1000] * 100000)|sum(start=[])|length }}',
  'a generator of generators':
    '{% for i in range(99999) %}{% for x in range(99999)|map("string")|map("upper") %}{% endfor %}{% endfor %}',
  'a search in a long list, again and again':
    '{% set l = range(99999)|list %}{% for i in range(99999) %}{% set x = -1 in l %}{% endfor %}',
  'a count in a long text, again and again':
    '{% set t = "a" * 1000000 %}{% for i in range(99999) %}{% set x = t.count("aab") %}{% endfor %}',
  'a long dict':
    '{% set d = {} %}{% for i in range(99999) %}{% for j in range(99999) %}{% do d.update({i ~ "-" ~ j: i}) %}{% endfor %}{% endfor %}',
  'comparing deep lists':
    '{% set a = namespace(l=[]) %}{% set b = namespace(l=[]) %}{% for i in range(60) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}',
  'printing a list that holds itself many times':
    '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}',
  'JSON of a list that holds itself many times':
    '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}',
  'pretty printing of a list that holds itself many times':
    '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|pprint }}',
  'JSON of a list that holds itself': '{% set l = [1] %}{% do l.append(l) %}{{ l|tojson }}',
  'a tuple as the key of a dict that holds itself many times':
    '{% set ns = namespace(t=(1,)) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}',
  'a function given a list that holds itself many times':
    '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ image_spec(ns.l) }}',
  'brackets in brackets': `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`,
  'lists in lists': `{{ ${'['.repeat(100_000)}${']'.repeat(100_000)} }}`,
  'signs before signs': `{{ ${'-'.repeat(100_000)}1 }}`,
  'nots before nots': `{{ ${'not '.repeat(100_000)}1 }}`,
  'a long chain of operators': `{{ 1${' ** 1'.repeat(100_000)} }}`,
  'conditions in conditions': `{{ ${'1 if '.repeat(50_000)}1 }}`,
  'statements in statements': '{% if 1 %}'.repeat(20_000),
};

/** What has a limit but is within it, or costs nothing; these have to be rendered in time. */
export const harmless: Readonly<Record<string, string>> = {
  'a long range that is not walked through': '{{ range(99999)|length }}',
  'a list that holds itself': '{% set l = [1] %}{% do l.append(l) %}{{ l }}',
  'a long text of words wrapped': '{{ ("word " * 20000)|wordwrap(79)|length }}',
  'a long text without spaces wrapped': '{{ ("a-" * 50000)|wordwrap(79)|length }}',
  'tags stripped from many brackets': '{{ ("<" * 50000)|striptags|length }}',
  'tags stripped from many comments': '{{ ("<!--" * 20000)|striptags|length }}',
  'links searched in many dots': '{{ ("a." * 20000)|urlize|length }}',
  'links searched in one long word': '{{ ("http://" * 10000)|urlize|length }}',
  'links searched in many brackets': '{{ ("(" * 20000 ~ "http://a.b" ~ ")" * 20000)|urlize|length }}',
  'a long text trimmed': '{{ (" " * 50000 ~ "a" ~ " " * 50000)|trim|length }}',
  'white space before a block': `{{ 1 }}${' '.repeat(50_000)}{%- if 1 %}a{% endif %}`,
  'many line feeds': `${'\n'.repeat(50_000)}{%- if 1 %}a{% endif %}`,
  'many braces': '{ '.repeat(50_000),
  'a long text split': '{{ ("a," * 20000).split(",")|length }}',
  'a title of a long text': '{{ ("a-" * 20000)|title|length }}',
  'words counted in a long text': '{{ ("a " * 50000)|wordcount }}',
};

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const { root } = workerData as { root: string };
  port.on('message', (template: string) => {
    const began = performance.now();
    const made: Attempt = attempt(root, template, 'strict');
    port.postMessage({ ...made, text: made.text.slice(0, 1000), milliseconds: performance.now() - began });
  });
}
