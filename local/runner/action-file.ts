import { convertActionTemplate } from '@actions/workflow-parser/actions/index';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { parseTemplate } from './parse.ts';

/** An action that runs on Node.js, from its `action.yml`. */
export interface NodeAction {
  name: string;
  /** Input names with their defaults; defaults may be expressions. */
  inputs: Map<string, TemplateToken | undefined>;
  main: string;
  post?: string;
  /** Condition of the post step. */
  postIf: string;
}

/**
 * Reads an `action.yml` with GitHub's own parser.
 * @returns the action, or all problems, each `file:line:column: …`
 */
export function readAction(file: string, content: string): { action?: NodeAction; problems: string[] } {
  const { root, context, problems } = parseTemplate('action', file, content);
  if (root === undefined || problems().length > 0) return { problems: problems() };
  const template = convertActionTemplate(context, root);
  if (problems().length > 0) return { problems: problems() };
  const { runs } = template;
  if (runs.using !== 'node24') {
    return { problems: [`${file}:1:1: an action that runs with '${runs.using}' is not supported; use node24`] };
  }
  if (runs.pre !== undefined) {
    return { problems: [`${file}:1:1: 'runs.pre' is not supported; do the work in 'runs.main'`] };
  }
  return {
    action: {
      name: template.name,
      inputs: new Map((template.inputs ?? []).map((input) => [input.id, input.default])),
      main: runs.main,
      ...(runs.post === undefined ? {} : { post: runs.post }),
      postIf: runs.postIf ?? 'always()',
    },
    problems: [],
  };
}
