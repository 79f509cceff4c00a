import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { projectRoot } from '../processes/index.ts';

/** What `descriptions/rest.json` holds; written by `scripts/github-descriptions.mjs`. */
interface Descriptions {
  operations: Record<string, Operation>;
  webhooks: Record<string, object>;
  definitions: Record<string, object>;
}

interface Operation {
  parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: object }[];
  body?: { properties?: object; additionalProperties?: unknown };
  bodyRequired?: boolean;
  /** Schema of the JSON answer for each status; null for none. */
  responses: Record<string, object | null>;
}

export interface MatchedOperation {
  /** `METHOD /template` */
  name: string;
  params: Record<string, string>;
}

export interface RestRequest {
  params: Record<string, string>;
  query: Record<string, string>;
  /** Undefined for an empty body. */
  body: unknown;
}

/** Says where requests, answers and events break what GitHub published. */
export interface Checker {
  match(method: string, path: string): MatchedOperation | undefined;
  /** Problems of the parameters and the body; none when the list is empty. */
  requestProblems(operation: string, request: RestRequest): string[];
  answerProblems(operation: string, status: number, body: unknown): string[];
  eventProblems(event: string, payload: unknown): string[];
}

/** Statuses that GitHub gives for every operation, in the shape `basic-error`. */
const anywhere = new Set([400, 401, 403, 404, 415, 422, 429, 500, 502, 503]);

const pages = ['page', 'per_page'].map((name) => ({
  name,
  in: 'query' as const,
  required: false,
  schema: { type: 'integer', minimum: 1, ...(name === 'per_page' ? { maximum: 100 } : {}) },
}));

/** What GitHub takes although its description leaves it out: the same list of an organization has both. */
const undescribed: Readonly<Record<string, Operation['parameters']>> = {
  'GET /users/{username}/packages/{package_type}/{package_name}/versions': pages,
};

let shared: Checker | undefined;

/** One for the whole process: it holds nothing but compiled schemas, which take a while. */
export function createChecker(): Checker {
  shared ??= readChecker();
  return shared;
}

function readChecker(): Checker {
  const file = join(projectRoot(), 'local/github/descriptions/rest.json');
  const descriptions: Descriptions = JSON.parse(readFileSync(file, 'utf8'));
  for (const [name, { parameters }] of Object.entries(descriptions.operations)) {
    parameters.push(...(undescribed[name] ?? []));
  }
  const templates = Object.keys(descriptions.operations).map((name) => ({ name, pattern: pattern(name) }));
  const options = { strict: false, allErrors: true, logger: false } as const;
  const exact = new Ajv(options);
  // Parameters come as text.
  const coercing = new Ajv({ ...options, coerceTypes: true });
  for (const ajv of [exact, coercing]) formats.default(ajv);
  const compiled = new Map<object, ValidateFunction>();

  function problems(ajv: Ajv, schema: object, value: unknown, what: string): string[] {
    let validate = compiled.get(schema);
    if (validate === undefined) {
      validate = ajv.compile({ ...schema, definitions: descriptions.definitions });
      compiled.set(schema, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => {
      const detail = error.keyword === 'additionalProperties' ? ` ("${error.params.additionalProperty}")` : '';
      return `${what}${error.instancePath}: ${error.message}${detail}`;
    });
  }

  function operation(name: string): Operation {
    const found = descriptions.operations[name];
    if (found === undefined) throw new Error(`${name} is no operation of local/github/descriptions/rest.json`);
    return found;
  }

  return {
    match(method, path) {
      for (const { name, pattern } of templates) {
        const match = pattern.exec(`${method} ${path}`);
        if (match === null) continue;
        const params = Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value ?? '')]);
        return { name, params: Object.fromEntries(params) };
      }
      return undefined;
    },
    requestProblems(name, { params, query, body }) {
      const { parameters, body: schema, bodyRequired } = operation(name);
      const found = Object.keys(query)
        .filter((key) => !parameters.some((parameter) => parameter.in === 'query' && parameter.name === key))
        .map((key) => `query: "${key}" is no parameter of this operation`);
      for (const parameter of parameters) {
        const value = parameter.in === 'path' ? params[parameter.name] : query[parameter.name];
        if (value !== undefined) {
          const wrapped = wrap(parameter);
          found.push(...problems(coercing, wrapped, { [parameter.name]: value }, parameter.in));
        } else if (parameter.required) found.push(`${parameter.in}: "${parameter.name}" is missing`);
      }
      if (schema === undefined) {
        if (body !== undefined) found.push('body: this operation takes none');
      } else if (body !== undefined) found.push(...problems(exact, closed(schema), body, 'body'));
      else if (bodyRequired === true) found.push('body: is missing');
      return found;
    },
    answerProblems(name, status, body) {
      const schema = operation(name).responses[status];
      if (schema === undefined) {
        return anywhere.has(status)
          ? problems(exact, basicError, body, 'answer')
          : [`answer: status ${status} is not described`];
      }
      if (schema === null) return body === undefined ? [] : ['answer: has a body where none is described'];
      return problems(exact, schema, body, 'answer');
    },
    eventProblems(event, payload) {
      const schema = descriptions.webhooks[event];
      if (schema === undefined) return [`event ${event} is not described`];
      return problems(exact, schema, payload, 'payload');
    },
  };
}

const basicError = { $ref: '#/definitions/basic-error' };

/** Schemas are compiled once per object, so what is derived from one must stay the same object. */
const derived = new WeakMap<object, object>();

function wrap(parameter: { name: string; schema: object }): object {
  return derive(parameter, () => ({ type: 'object', properties: { [parameter.name]: parameter.schema } }));
}

/** GitHub refuses keys of a body that it does not know, though its description does not say so. */
function closed(schema: NonNullable<Operation['body']>): object {
  return derive(schema, () => ({ additionalProperties: false, ...schema }));
}

function derive(source: object, make: () => object): object {
  const made = derived.get(source) ?? make();
  derived.set(source, made);
  return made;
}

/** These parameters may hold slashes. */
const greedy = new Set(['path', 'ref', 'branch', 'basehead', 'tree_sha']);

function pattern(name: string): RegExp {
  const source = name
    .replace(/\/\{path\}$/, '(?:/{path})?')
    .replace(/\./g, '\\.')
    .replace(/\{(\w+)\}/g, (_, key: string) => (greedy.has(key) ? `(?<${key}>.*)` : `(?<${key}>[^/]+)`));
  return new RegExp(`^${source}$`);
}
