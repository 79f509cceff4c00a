/**
 * The table of snippets: files of paragraphs, each a template and what Jinja2 gave for it.
 *
 *     ## a heading of the snippets that follow
 *
 *     @data {"x": [1, 2]}
 *     {{ x * 2 }}
 *     => "[1, 2, 1, 2]"
 *
 * `@data` and `@options` in a paragraph of their own hold for the rest of the file. `@file NAME` begins another
 * template, `@main` the one that is rendered. A template that begins with a double quote is a JSON string. The line with
 * the answer is written by record.ts: a JSON string, or `error` with Jinja2's own words.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Options, Request } from './oracle.ts';

export interface Snippet {
  readonly heading: string;
  /** Of the paragraph, from 1. */
  readonly line: number;
  /** The paragraph without its answer. */
  readonly text: string;
  readonly request: Request;
  /** `undefined` where none was recorded yet. */
  readonly answer: Answer | undefined;
}

export interface Topic {
  readonly name: string;
  readonly file: string;
  readonly snippets: readonly Snippet[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), 'snippets');

export function readTopics(): Topic[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      return { name: basename(name, '.txt'), file, snippets: parseSnippets(readFileSync(file, 'utf8')) };
    });
}

export function parseSnippets(text: string): Snippet[] {
  const snippets: Snippet[] = [];
  let heading = '';
  let shared: Settings = {};
  let line = 1;
  for (const paragraph of text.split('\n\n')) {
    const began = line;
    line += paragraph.split('\n').length + 1;
    if (paragraph.trim() === '') continue;
    if (paragraph.startsWith('## ')) {
      heading = paragraph.slice('## '.length).trim();
      continue;
    }
    const { settings, templates, answer, rest } = readParagraph(paragraph.replace(/^\n+|\n+$/g, ''));
    if (Object.keys(templates).length === 0) shared = { ...shared, ...settings };
    else {
      const { data = {}, options = {} } = { ...shared, ...settings };
      snippets.push({ heading, line: began, text: rest, request: { templates, main: 'main', data, options }, answer });
    }
  }
  return snippets;
}

/** The text with other answers, in the order of the snippets. */
export function withAnswers(text: string, answers: readonly Answer[]): string {
  let next = 0;
  return text
    .split('\n\n')
    .map((paragraph) => {
      const lines = paragraph.split('\n');
      const only = lines.every((line) => line === '' || /^(?:## |@data |@options )/.test(line));
      const answer = only ? undefined : answers[next++];
      if (answer === undefined) return paragraph;
      const kept = lines.filter((line) => !line.startsWith('=> '));
      while (kept.at(-1) === '') kept.pop();
      const trailing = paragraph.endsWith('\n') ? '\n' : '';
      return `${[...kept, `=> ${formatAnswer(answer)}`].join('\n')}${trailing}`;
    })
    .join('\n\n');
}

export function formatAnswer(answer: Answer): string {
  return 'output' in answer
    ? JSON.stringify(answer.output)
    : `error ${answer.error}: ${answer.message.replaceAll('\n', ' ')}`;
}

interface Settings {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly options?: Options;
}

interface Paragraph {
  readonly settings: Settings;
  readonly templates: Readonly<Record<string, string>>;
  readonly answer: Answer | undefined;
  readonly rest: string;
}

function readParagraph(paragraph: string): Paragraph {
  const settings: { data?: Readonly<Record<string, unknown>>; options?: Options } = {};
  const parts = new Map<string, string[]>();
  let name = 'main';
  let answer: Answer | undefined;
  const rest: string[] = [];
  for (const line of paragraph.split('\n')) {
    if (line.startsWith('=> ')) {
      answer = readAnswer(line.slice('=> '.length));
      continue;
    }
    rest.push(line);
    const [, word, value = ''] = /^@(data|options|file|main)\b ?(.*)$/.exec(line) ?? [];
    if (word === 'data') settings.data = JSON.parse(value);
    else if (word === 'options') settings.options = JSON.parse(value);
    else if (word === 'file') name = value;
    else if (word === 'main') name = 'main';
    else parts.set(name, [...(parts.get(name) ?? []), line]);
  }
  const templates = Object.fromEntries(
    [...parts].map(([key, lines]) => {
      const text = lines.join('\n');
      return [key, text.startsWith('"') ? String(JSON.parse(text)) : text];
    }),
  );
  return { settings, templates, answer, rest: rest.join('\n') };
}

function readAnswer(text: string): Answer {
  if (text.startsWith('"')) return { output: String(JSON.parse(text)) };
  const [, error = '', message = ''] = /^error (\w+): ?(.*)$/.exec(text) ?? [];
  return { error, message };
}
