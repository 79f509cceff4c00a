/**
 * Cuts what `local/github` answers out of GitHub's own REST description, without prose:
 *
 *     node scripts/github-descriptions.mjs
 *
 * writes `local/github/descriptions/rest.json`: the operations and webhooks listed below, and every schema that they
 * reach, as JSON Schema (OpenAPI's `nullable` written as a type). The source is the npm package `@octokit/openapi`,
 * fetched into a temporary folder: installed it would take 385 MB.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '23.0.2';
const operations = [
  'GET /rate_limit',
  'GET /repos/{owner}/{repo}',
  'POST /repos/{owner}/{repo}/dispatches',
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
  'GET /repos/{owner}/{repo}/actions/runs',
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/commits/{ref}',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  'GET /users/{username}',
  'GET /orgs/{org}/packages/{package_type}/{package_name}/versions',
  'GET /users/{username}/packages/{package_type}/{package_name}/versions',
  'DELETE /orgs/{org}/packages/{package_type}/{package_name}/versions/{package_version_id}',
  'DELETE /users/{username}/packages/{package_type}/{package_name}/versions/{package_version_id}',
  'POST /orgs/{org}/packages/{package_type}/{package_name}/versions/{package_version_id}/restore',
  'POST /users/{username}/packages/{package_type}/{package_name}/versions/{package_version_id}/restore',
  'GET /repos/{owner}/{repo}/actions/artifacts',
  'DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
  'GET /repos/{owner}/{repo}/actions/caches',
  'DELETE /repos/{owner}/{repo}/actions/caches/{cache_id}',
];
const webhooks = {
  push: 'push',
  repository_dispatch: 'repository-dispatch-sample.collected',
  workflow_dispatch: 'workflow-dispatch',
  'pull_request.opened': 'pull-request-opened',
  'pull_request.synchronize': 'pull-request-synchronize',
};

const validating = new Set([
  'type',
  'required',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'uniqueItems',
]);

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const description = fetchDescription();
const needed = new Map();

const result = {
  source: `@octokit/openapi ${version}`,
  operations: Object.fromEntries(operations.map((name) => [name, operation(name)])),
  webhooks: Object.fromEntries(
    Object.entries(webhooks).map(([event, name]) => [
      event,
      schema(description['x-webhooks'][name].post.requestBody.content['application/json'].schema),
    ]),
  ),
};
const definitions = Object.fromEntries([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
const file = join(root, 'local/github/descriptions/rest.json');
writeFileSync(file, print({ ...result, definitions }));
console.log(`${file}: ${operations.length} operations, ${needed.size} schemas`);

function fetchDescription() {
  const folder = mkdtempSync(join(tmpdir(), 'github-descriptions-'));
  try {
    const packed = execFileSync('npm', ['pack', '--silent', `@octokit/openapi@${version}`], { cwd: folder });
    const member = 'package/generated/api.github.com.json';
    execFileSync('tar', ['xzf', packed.toString().trim(), member], { cwd: folder });
    return JSON.parse(readFileSync(join(folder, member), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function operation(name) {
  const [method, path] = name.split(' ');
  const source = description.paths[path]?.[method.toLowerCase()];
  if (source === undefined) throw new Error(`GitHub's description has no operation ${name}`);
  const body = source.requestBody && resolve(source.requestBody);
  return {
    parameters: (source.parameters ?? []).map(resolve).map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required === true,
      schema: schema(parameter.schema),
    })),
    ...(body && { body: schema(body.content['application/json'].schema), bodyRequired: body.required === true }),
    responses: Object.fromEntries(
      Object.entries(source.responses).map(([status, response]) => {
        const json = resolve(response).content?.['application/json']?.schema;
        return [status, json === undefined ? null : schema(json)];
      }),
    ),
  };
}

function resolve(value) {
  if (value.$ref === undefined) return value;
  return value.$ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node[key], description);
}

/** The parts of a schema that decide about validity. */
function schema(source) {
  if (source.$ref !== undefined) {
    const name = source.$ref.split('/').at(-1);
    if (!needed.has(name)) {
      needed.set(name, null);
      needed.set(name, schema(description.components.schemas[name]));
    }
    return { $ref: `#/definitions/${name}` };
  }
  const kept = {};
  for (const [key, value] of Object.entries(source)) {
    if (key === 'properties') {
      kept.properties = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, schema(part)]));
    } else if (['items', 'additionalProperties', 'not'].includes(key)) {
      kept[key] = typeof value === 'object' ? schema(value) : value;
    } else if (['allOf', 'anyOf', 'oneOf'].includes(key)) {
      kept[key] = value.map(schema);
    } else if (validating.has(key)) {
      kept[key] = value;
    }
  }
  return source.nullable === true ? nullable(kept) : kept;
}

function nullable(kept) {
  if (kept.type === undefined) return { anyOf: [{ type: 'null' }, kept] };
  return {
    ...kept,
    type: [kept.type, 'null'],
    ...(kept.enum && { enum: [...new Set([...kept.enum, null])] }),
  };
}

/** One operation, webhook or schema a line, so that a new version of the description can be reviewed. */
function print(value) {
  const sections = Object.entries(value).map(([name, section]) => {
    if (typeof section !== 'object') return `${JSON.stringify(name)}: ${JSON.stringify(section)}`;
    const lines = Object.entries(section).map(([key, entry]) => `  ${JSON.stringify(key)}: ${JSON.stringify(entry)}`);
    return `${JSON.stringify(name)}: {\n${lines.join(',\n')}\n}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}
