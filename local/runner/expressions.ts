import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { type Token, TokenType } from '@actions/expressions/lexer';
import { isBasicExpression, isLiteral, isMapping, isSequence } from '@actions/workflow-parser';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What an expression may use: its contexts by name, and functions besides GitHub's general ones. */
export interface Scope {
  contexts: Record<string, Json>;
  functions?: readonly FunctionDefinition[];
}

/**
 * Value of an expression, without `${{ }}`.
 * @throws Error when it names an unknown context or function, or a function fails
 */
export function evaluateExpression(expression: string, scope: Scope): Json {
  const functions = scope.functions ?? [];
  const parsed = new Parser(lex(expression), Object.keys(scope.contexts), [...functions]).parse();
  const byName = new Map(functions.map((definition) => [definition.name.toLowerCase(), definition]));
  const contexts = new data.Dictionary(
    ...Object.entries(scope.contexts).map(([key, value]) => ({ key, value: toData(value) })),
  );
  return fromData(new Evaluator(parsed, contexts, byName).evaluate());
}

function lex(expression: string): Token[] {
  // The lexer makes one quote of the first doubled one in a text, and leaves the others doubled.
  return new Lexer(expression)
    .lex()
    .tokens.map((token) =>
      token.type === TokenType.STRING ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token,
    );
}

/**
 * Value of a part of a workflow file, all expressions in it evaluated.
 * @throws Error `line:column: …` with the expression that failed
 */
export function evaluate(token: TemplateToken, scope: Scope): Json {
  if (isBasicExpression(token)) {
    try {
      return evaluateExpression(token.expression, scope);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${token.line}:${token.col}: ${token.toDisplayString()}: ${why}`, { cause: error });
    }
  }
  if (isMapping(token)) {
    return Object.fromEntries(
      [...pairs(token)].map(([key, value]) => [asString(evaluate(key, scope)), evaluate(value, scope)]),
    );
  }
  if (isSequence(token)) return Array.from({ length: token.count }, (_, index) => evaluate(token.get(index), scope));
  if (isLiteral(token)) return (token as unknown as { value?: string | number | boolean }).value ?? null;
  throw new Error(`${token.line}:${token.col}: ${token.typeName()} is not supported here`);
}

/** Keys and values of a mapping of a workflow file. */
export function* pairs(token: TemplateToken | undefined): Generator<[TemplateToken, TemplateToken]> {
  if (token === undefined || !isMapping(token)) return;
  for (let index = 0; index < token.count; index++) {
    const pair = token.get(index);
    yield [pair.key, pair.value];
  }
}

/** A mapping of a workflow file as strings, as `env`, `with` and `outputs` are. */
export function evaluateStrings(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  if (token === undefined) return {};
  const value = evaluate(token, scope);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asString(item)])) : {};
}

/** Text of a value where an expression stands in a string. */
export function asString(value: Json): string {
  return toData(value).coerceString();
}

/** Whether a value counts as true in `if:`. */
export function isTruthy(value: Json): boolean {
  return !(value === null || value === false || value === '' || value === 0 || Number.isNaN(value));
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Any value that JSON can hold, as its type says; what JSON cannot hold is left out. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

export function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
}

function fromData(value: data.ExpressionData): Json {
  if (value instanceof data.Array) return value.values().map(fromData);
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromData(pair.value)]));
  }
  if (value instanceof data.Null) return null;
  return (value as data.StringData | data.NumberData | data.BooleanData).value;
}
