import { isString, NoOperationTraceWriter, type TemplateParseResult } from '@actions/workflow-parser';
import { ACTION_ROOT, getActionSchema } from '@actions/workflow-parser/actions/index';
import type { ObjectReader } from '@actions/workflow-parser/templates/object-reader';
import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context';
import { readTemplate } from '@actions/workflow-parser/templates/template-reader';
import { StringToken } from '@actions/workflow-parser/templates/tokens/string-token';
import { WORKFLOW_ROOT } from '@actions/workflow-parser/workflows/workflow-constants';
import { getWorkflowSchema } from '@actions/workflow-parser/workflows/workflow-schema';
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader';

/** What GitHub's parser makes of a file: the root, and every problem as `file:line:column: …`. */
export interface Parsed {
  root: TemplateParseResult['value'];
  context: TemplateContext;
  problems(): string[];
}

/** Reads a workflow, or an `action.yml`, with GitHub's parser and schema. */
export function parseTemplate(kind: 'workflow' | 'action', file: string, content: string): Parsed {
  const [schema, definition] =
    kind === 'workflow' ? [getWorkflowSchema(), WORKFLOW_ROOT] : [getActionSchema(), ACTION_ROOT];
  const context = new TemplateContext(new TemplateValidationErrors(), schema, new NoOperationTraceWriter());
  const fileId = context.getFileId(file);
  const reader = new YamlObjectReader(fileId, content);
  for (const error of reader.errors) context.error(fileId, error.message, error.range);
  const root = reader.errors.length > 0 ? undefined : readTemplate(context, definition, withYamlValues(reader), fileId);
  return {
    root,
    context,
    problems: () =>
      context.errors.getErrors().map((error) => {
        const start = error.range?.start;
        const why = error.rawMessage.replace(/\.$/, '');
        return `${file}:${start?.line ?? 1}:${start?.column ?? 1}: ${why}; GitHub would not run this ${kind}`;
      }),
  };
}

/**
 * The parser serves editors first: it looks for expressions of a scalar of several lines in the text as it stands in
 * the file, indentation and all, which makes positions exact and values wrong. Without that text it takes the value.
 */
function withYamlValues(reader: YamlObjectReader): ObjectReader {
  return {
    allowLiteral() {
      const token = reader.allowLiteral();
      if (token === undefined || !isString(token) || token.range?.start.line === token.range?.end.line) return token;
      return new StringToken(token.file, token.range, token.value, undefined, undefined, token.blockScalarHeader);
    },
    allowSequenceStart: () => reader.allowSequenceStart(),
    allowSequenceEnd: () => reader.allowSequenceEnd(),
    allowMappingStart: () => reader.allowMappingStart(),
    allowMappingEnd: () => reader.allowMappingEnd(),
    validateStart: () => reader.validateStart(),
    validateEnd: () => reader.validateEnd(),
  };
}
