/** Renders a request of the oracle with this project's renderer. */
import { formatProblem, problemsOf } from '../../../src/problems.ts';
import { createRenderer, openStore, textLoader } from '../../../src/templates/index.ts';
import { decode } from './data.ts';
import type { Answer, Request } from './oracle.ts';

const folder = 'docker/web';

export function renderOurs({ templates, main, data = {}, options = {} }: Request): Answer {
  const texts = Object.fromEntries(Object.entries(templates).map(([name, text]) => [`${folder}/${name}`, text]));
  const store = openStore(textLoader(texts), {
    keepTrailingNewline: options.keep_trailing_newline ?? false,
    lstripBlocks: options.lstrip_blocks ?? false,
    trimBlocks: options.trim_blocks ?? false,
  });
  const render = createRenderer(store, { folders: [folder], undefined: options.undefined ?? 'strict' });
  const variables = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, decode(value)]));
  try {
    return { output: render(`${folder}/${main}`, variables).text };
  } catch (error) {
    return { error: 'Problems', message: problemsOf(error).map(formatProblem).join('\n') };
  }
}
