/**
 * Renders templates with Jinja2 and with this project, and prints both answers:
 *
 *     npx --no node test/templates/jinja2/try.ts '{{ x * 2 }}' '{"x": [1]}' '{"trim_blocks": true}' [name=text ...]
 *
 * Node.js 24 is needed. The first text is the template `main`. `-` instead of it reads one template a line.
 */
import { readFileSync } from 'node:fs';
import { type Answer, type Request, startOracle } from './oracle.ts';
import { renderOurs } from './ours.ts';

const [main = '-', data = '{}', options = '{}', ...others] = process.argv.slice(2);
const files = others.map((pair): [string, string] => [
  pair.slice(0, pair.indexOf('=')),
  unescape(pair.slice(pair.indexOf('=') + 1)),
]);
const texts = main === '-' ? readFileSync(0, 'utf8').split('\n').filter(Boolean) : [main];
const requests = texts.map(
  (text): Request => ({
    templates: { ...Object.fromEntries(files), main: unescape(text) },
    main: 'main',
    data: JSON.parse(data),
    options: JSON.parse(options),
  }),
);

const oracle = await startOracle();
const theirs = await oracle.render(requests);
oracle.stop();
for (const [index, request] of requests.entries()) {
  const expected = theirs[index];
  const got = renderOurs(request);
  if (expected === undefined) continue;
  const same = 'output' in expected ? 'output' in got && got.output === expected.output : 'error' in got;
  console.log(`${same ? 'same ' : 'DIFFERS'} ${texts[index]}`);
  console.log(`  Jinja2 ${oracle.version}: ${show(expected)}`);
  console.log(`  ours:         ${show(got)}`);
  if (!same) process.exitCode = 1;
}

function show(answer: Answer): string {
  return 'output' in answer ? JSON.stringify(answer.output) : `${answer.error}: ${answer.message}`;
}

/** `\n` in an argument is a line feed, `\r` a carriage return. */
function unescape(text: string): string {
  return text.replace(/(?<!\\)\\n/g, '\n').replace(/(?<!\\)\\r/g, '\r');
}
