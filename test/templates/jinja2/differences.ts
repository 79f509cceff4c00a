/**
 * Prints where this project differs from the recorded answers of Jinja2, without Jest: on Node.js 24,
 *
 *     node test/templates/jinja2/differences.ts [TOPIC] [--count]
 */
import { same } from './compare.ts';
import { renderOurs } from './ours.ts';
import { formatAnswer, readTopics } from './snippets.ts';

const [topic] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const onlyCounts = process.argv.includes('--count');
for (const { name, snippets } of readTopics()) {
  if (topic !== undefined && topic !== name) continue;
  let count = 0;
  for (const { request, answer, text, line } of snippets) {
    const ours = renderOurs(request);
    if (answer === undefined || same(ours, answer)) continue;
    count += 1;
    if (onlyCounts) continue;
    console.log(`\n${name}.txt:${line}\n${text}`);
    console.log(`  Jinja2: ${formatAnswer(answer)}\n  ours:   ${formatAnswer(ours)}`);
  }
  console.log(`${name}: ${count} of ${snippets.length} differ`);
  process.exitCode ||= Number(count > 0);
}
