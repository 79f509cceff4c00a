/**
 * Renders templates with Jinja2 and with this project, and prints both answers:
 *
 *     npx --no node test/templates/jinja2/try.ts '{{ x * 2 }}' '{"x": [1]}' '{"trim_blocks": true}' [name=text ...]
 *
 * Node.js 24 is needed. The first text is the template `main`. `-` instead of it reads one template a line.
 */
import { readFileSync } from 'node:fs';
import { comparable, same } from './compare.ts';
import { type Answer, type Request, startOracle } from './oracle.ts';
import { renderOurs } from './ours.ts';

const [main = '-', data = '{}', options = '{}', ...others] = process.argv.slice(2);
const files = others.map((pair): [string, string] => [
  pair.slice(0, pair.indexOf('=')),
  withLineFeeds(pair.slice(pair.indexOf('=') + 1)),
]);
const texts = main === '-' ? readFileSync(0, 'utf8').split('\n').filter(Boolean) : [main];
const requests = texts.map(
  (text): Request => ({
    templates: { ...Object.fromEntries(files), main: withLineFeeds(text) },
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
  const agrees = same(got, expected);
  console.log(`${agrees ? 'same   ' : 'DIFFERS'} ${texts[index]}`);
  console.log(`  Jinja2 ${oracle.version}: ${show(expected)}`);
  console.log(`  ours:         ${show(got)}`);
  if (!agrees) process.exitCode = 1;
}

function show(answer: Answer): string {
  return 'output' in answer ? comparable(answer) : `${answer.error}: ${answer.message}`;
}

/** `\n` in an argument is a line feed, `\r` a carriage return. */
function withLineFeeds(text: string): string {
  return text.replace(/(?<!\\)\\n/g, '\n').replace(/(?<!\\)\\r/g, '\r');
}
