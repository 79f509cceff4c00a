import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, defaultFieldResolver, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { projectRoot } from '../processes/index.ts';
import { connection, type PageArguments } from './graphql-connection.ts';
import { objectLoaders } from './graphql-objects.ts';
import { type RepositoryFilter, repositoryFields, selectRepositories } from './graphql-repository.ts';
import { canRead, type Identity, loginOf } from './identity.ts';
import { isOrganization, nodeId, stableId } from './representations.ts';
import { findRepository, type Repository, type World } from './world.ts';

let schema: GraphQLSchema | undefined;

/** GitHub's public schema; read at the first query, since that takes a while. */
function gitHubSchema(): GraphQLSchema {
  schema ??= buildSchema(
    readFileSync(join(projectRoot(), 'node_modules/@octokit/graphql-schema/schema.graphql'), 'utf8'),
    { assumeValidSDL: true },
  );
  return schema;
}

export interface GraphQLRequest {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
}

export interface GraphQLAnswer {
  status: number;
  body: unknown;
  /** Name of the operation, where it has one. */
  operation?: string;
}

/**
 * Executes a query over GitHub's own schema. What the schema has and this stand-in does not is an error and a
 * violation, never a silent null.
 */
export async function answerGraphQL(world: World, identity: Identity, request: GraphQLRequest): Promise<GraphQLAnswer> {
  if (identity.kind === 'anonymous') {
    return { status: 401, body: { message: 'This endpoint requires you to be authenticated.', status: '401' } };
  }
  if (typeof request.query !== 'string') {
    return {
      status: 200,
      body: { errors: [{ message: 'A query attribute must be specified and must be a string.' }] },
    };
  }
  const fail = (errors: readonly GraphQLError[]): GraphQLAnswer => {
    world.violations.push(...errors.map(({ message }) => `GraphQL: ${message}`));
    return { status: 200, body: { errors: errors.map(gitHubError) } };
  };
  let document: ReturnType<typeof parse>;
  try {
    document = parse(request.query);
  } catch (error) {
    if (error instanceof GraphQLError) return fail([error]);
    throw error;
  }
  const invalid = validate(gitHubSchema(), document);
  if (invalid.length > 0) return fail(invalid);
  const operationName = typeof request.operationName === 'string' ? request.operationName : undefined;
  const result = await execute({
    schema: gitHubSchema(),
    document,
    rootValue: rootFields(world, identity),
    ...(operationName !== undefined && { operationName }),
    ...(isRecord(request.variables) && { variableValues: request.variables }),
    fieldResolver: (source, args, context, info) => {
      const known = typeof source === 'object' && source !== null && info.fieldName in source;
      if (known) return defaultFieldResolver(source, args, context, info);
      const message = `the stand-in does not know ${info.parentType.name}.${info.fieldName}`;
      world.violations.push(`GraphQL: ${message}`);
      throw new GraphQLError(message);
    },
  });
  const unexpected = (result.errors ?? []).filter(({ extensions }) => extensions.type === undefined);
  world.violations.push(...unexpected.map(({ message }) => `GraphQL: ${message}`));
  const operation = operationName ?? nameOf(document);
  return {
    status: 200,
    body: { data: result.data ?? null, ...(result.errors && { errors: result.errors.map(gitHubError) }) },
    ...(operation !== undefined && { operation }),
  };
}

function nameOf(document: ReturnType<typeof parse>): string | undefined {
  return document.definitions.flatMap((part) => ('name' in part && part.name ? [part.name.value] : []))[0];
}

/** GitHub puts the type of an error beside its message. */
function gitHubError(error: GraphQLError): Record<string, unknown> {
  const { type, ...extensions } = error.extensions;
  return {
    ...(type !== undefined && { type }),
    ...(error.path && { path: error.path }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
    ...(error.locations && { locations: error.locations }),
    message: error.message,
  };
}

function notFound(kind: string, rest: string): GraphQLError {
  return new GraphQLError(`Could not resolve to a ${kind} with the ${rest}.`, { extensions: { type: 'NOT_FOUND' } });
}

function rootFields(world: World, identity: Identity): Record<string, unknown> {
  const loaders = objectLoaders();
  const represent = (repository: Repository): Record<string, unknown> =>
    repositoryFields({ world, identity, loaders, owner: ownerFields }, repository);

  function ownerFields(login: string): Record<string, unknown> {
    const organization = isOrganization(world, login);
    const id = stableId(login);
    return {
      __typename: organization ? 'Organization' : 'User',
      id: nodeId(organization ? 'O' : 'U', id),
      databaseId: id,
      login,
      name: login,
      url: `${world.urls.server}/${login}`,
      repositories: (args: RepositoryFilter & PageArguments) =>
        connection('repositories', selectRepositories(world, identity, login, args).map(represent), args),
      repository: ({ name }: { name: string }) => findOne(login, name),
    };
  }

  function findOne(owner: string, name: string): Record<string, unknown> {
    const repository = findRepository(world, owner, name);
    if (repository === undefined || !canRead(identity, repository)) {
      throw notFound('Repository', `name '${owner}/${name}'`);
    }
    return represent(repository);
  }

  function knownLogin(login: string): string | undefined {
    if (isOrganization(world, login)) return world.owner;
    const owners = [...world.repositories.values()].map(({ owner }) => owner);
    return [...owners, loginOf(identity)].find((owner) => owner.toLowerCase() === login.toLowerCase());
  }

  function findNode(id: string): Record<string, unknown> {
    const found = [...world.repositories.values()].find((repository) => nodeId('R', repository.id) === id);
    if (found !== undefined && canRead(identity, found)) return represent(found);
    throw new GraphQLError(`Could not resolve to a node with the global id of '${id}'`, {
      extensions: { type: 'NOT_FOUND' },
    });
  }

  return {
    viewer: () => ownerFields(loginOf(identity)),
    organization: ({ login }: { login: string }) => {
      if (isOrganization(world, login)) return ownerFields(world.owner);
      throw notFound('Organization', `login of '${login}'`);
    },
    user: ({ login }: { login: string }) => {
      const known = knownLogin(login);
      if (known !== undefined && !isOrganization(world, known)) return ownerFields(known);
      throw notFound('User', `login of '${login}'`);
    },
    repositoryOwner: ({ login }: { login: string }) => {
      const known = knownLogin(login);
      return known === undefined ? null : ownerFields(known);
    },
    repository: ({ owner, name }: { owner: string; name: string }) => findOne(owner, name),
    node: ({ id }: { id: string }) => findNode(id),
    nodes: ({ ids }: { ids: string[] }) =>
      ids.map((id) => {
        try {
          return findNode(id);
        } catch (error) {
          // One wrong id leaves the other nodes as they are.
          return error;
        }
      }),
    rateLimit: () => ({
      cost: 1,
      limit: identity.kind === 'job' ? 1000 : 5000,
      used: 1,
      remaining: (identity.kind === 'job' ? 1000 : 5000) - 1,
      resetAt: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
