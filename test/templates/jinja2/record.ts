/** Writes what Jinja2 gives for each snippet into the table: `node test/templates/jinja2/record.ts` on Node.js 24. */
import { readFileSync, writeFileSync } from 'node:fs';
import { startOracle } from './oracle.ts';
import { readTopics, withAnswers } from './snippets.ts';

const oracle = await startOracle();
let count = 0;
for (const { file, snippets } of readTopics()) {
  const answers = await oracle.render(snippets.map(({ request }) => request));
  const text = readFileSync(file, 'utf8');
  const written = withAnswers(text, answers);
  if (written !== text) writeFileSync(file, written);
  count += snippets.length;
}
oracle.stop();
console.log(`${count} snippets, answers of Jinja2 ${oracle.version}`);
