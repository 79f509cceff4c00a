import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { comparable } from './compare.ts';
import { type Answer, noJinja2, type Oracle, pythonWithJinja2, startOracle } from './oracle.ts';
import { renderOurs } from './ours.ts';
import { readTopics } from './snippets.ts';
import { describeWith } from './tools.ts';

const topics = readTopics();
const python = pythonWithJinja2();

describe.each(topics)('snippets: $name', ({ snippets }) => {
  it.each(snippets.map((snippet) => ({ ...snippet, title: snippet.text.replaceAll('\n', ' ⏎ ') })))(
    'line $line: $title',
    ({ request, answer }) => {
      expect(comparable(renderOurs(request))).toBe(comparable(answer));
    },
  );
});

describeWith(python !== undefined, noJinja2)('the recorded answers', () => {
  let oracle: Oracle;
  beforeAll(async () => {
    oracle = await startOracle(python);
  });
  afterAll(() => oracle?.stop());

  it.each(topics)('of $name are those of the Jinja2 that is installed', async ({ snippets }) => {
    const answers = await oracle.render(snippets.map(({ request }) => request));
    const told = (answer: Answer | undefined, text: string): string => `${text}\n=> ${comparable(answer)}`;
    expect(snippets.map(({ answer, text }) => told(answer, text))).toEqual(
      snippets.map(({ text }, index) => told(answers[index], text)),
    );
  });
});

it('the table has at least 600 snippets, no two the same', () => {
  const texts = topics.flatMap(({ snippets }) => snippets.map(({ request }) => JSON.stringify(request)));
  expect(texts.length).toBeGreaterThanOrEqual(600);
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});
