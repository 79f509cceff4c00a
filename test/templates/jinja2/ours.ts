/** Renders a request of the oracle with this project's renderer. */

import { formatProblem, problemsOf } from '../../../src/problems.ts';
import { createRenderer, textLoader } from '../../../src/templates/index.ts';
import { decode } from './data.ts';
import type { Answer, Request } from './oracle.ts';

const folder = 'docker/web';

export function renderOurs({ templates, main, data = {} }: Request): Answer {
  const texts = Object.fromEntries(Object.entries(templates).map(([name, text]) => [`${folder}/${name}`, text]));
  const render = createRenderer(textLoader(texts), { folders: [folder] });
  const raise = (message: unknown): never => {
    throw new Error(String(message));
  };
  try {
    const { text } = render(`${folder}/${main}`, decode(data) as Record<string, unknown>, { raise_exception: raise });
    return { output: text };
  } catch (error) {
    return { error: 'Problems', message: problemsOf(error).map(formatProblem).join('\n') };
  }
}
