import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onExit, temporaryFolder } from '../processes/index.ts';
import { createChecker } from './descriptions.ts';
import { createFaults } from './faults.ts';
import { git } from './git.ts';
import { isGitPath, serveGit } from './git-http.ts';
import { answerGraphQL } from './graphql.ts';
import { createTokens, type Identity } from './identity.ts';
import { createPackages } from './packages.ts';
import { contributorLogin, openPullRequest } from './pull-requests.ts';
import { answerRest } from './rest.ts';
import { type Answer, failure } from './rest-answers.ts';
import type { CreatedRepository, GitHubEvent, GitHubOptions, LocalGitHub, RecordedRequest } from './types.ts';
import {
  createRepository,
  deleteRepository,
  editRepository,
  getRepository,
  type Repository,
  type World,
} from './world.ts';

const restPrefix = '/api/v3';
const graphqlPath = '/api/graphql';
const mostBodyBytes = 25 * 1024 * 1024;

/** Starts a GitHub on a free port of 127.0.0.1; it ends with `stop`, or with this process. */
export async function startGitHub(options: GitHubOptions): Promise<LocalGitHub> {
  const folder = await temporaryFolder('github-');
  const tokens = createTokens(options.tokens ?? []);
  const checker = createChecker();
  const faults = createFaults();
  const requests: RecordedRequest[] = [];
  let lastId = 1000;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      world.violations.push(`${request.method} ${request.url}: ${text}`);
      world.log(`${request.method} ${request.url}: ${text}`);
      if (!response.headersSent) send(response, failure(500, text));
      else response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no TCP port');
  const url = `http://127.0.0.1:${address.port}`;

  const world: World = {
    owner: options.owner,
    urls: { server: url, api: `${url}${restPrefix}`, graphql: `${url}${graphqlPath}` },
    folder: folder.path,
    repositories: new Map(),
    pullRequests: [],
    runs: new Map(),
    packages: createPackages(() => ++lastId),
    artifacts: [],
    caches: [],
    tokens,
    violations: [],
    log: options.log,
    emit,
    nextId: () => ++lastId,
  };

  function emit(event: GitHubEvent): void {
    const { action } = event.payload;
    const described = event.name === 'pull_request' ? `${event.name}.${action}` : event.name;
    const problems = checker.eventProblems(described, event.payload);
    world.violations.push(...problems.map((problem) => `event ${described}: ${problem}`));
    options.log(`${event.repository}: ${event.name}${action ? ` (${action})` : ''} on ${event.ref}`);
    options.onEvent(event);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', url);
    const method = request.method ?? 'GET';
    const fault = faults.take(method, pathname);
    const lost = (fault?.reset === true || fault?.status !== undefined) && fault.afterwards !== true;
    if (isGitPath(pathname) && !lost) {
      // The answer streams out of git, so there is nothing left to replace afterwards.
      if (fault !== undefined) throw new Error('a fault `afterwards` cannot be injected into the git protocol');
      return await serveGit(world, request, response, new URL(request.url ?? '/', url));
    }
    const record: RecordedRequest = { method, path: pathname + search };
    if (!isGitPath(pathname)) requests.push(record);
    await fault?.until?.();
    const body = await readBody(request);
    const identity = tokens.identify(request.headers.authorization);
    let answer: Answer | undefined;
    if (!lost) answer = await answerApi(record, request, identity, { pathname, query: searchParams, body });
    if (fault?.reset === true) return void request.socket.destroy();
    if (fault?.status !== undefined) {
      const text = 'This answer is injected by a test.';
      answer = { ...failure(fault.status, text), ...(fault.body !== undefined && { body: fault.body }) };
      answer.headers = fault.headers ?? {};
    }
    send(response, answer ?? failure(404, 'Not Found'), identity);
  }

  async function answerApi(
    record: RecordedRequest,
    request: IncomingMessage,
    identity: Identity | undefined,
    { pathname, query, body }: { pathname: string; query: URLSearchParams; body: Buffer },
  ): Promise<Answer> {
    const isApi = pathname === graphqlPath || pathname.startsWith(`${restPrefix}/`);
    if (!isApi) return failure(404, 'Not Found');
    if (request.headers['user-agent'] === undefined) {
      world.violations.push(`${record.method} ${record.path}: there is no User-Agent header`);
      return failure(403, 'Request forbidden by administrative rules. Send a User-Agent header.');
    }
    if (identity === undefined) return failure(401, 'Bad credentials');
    let json: unknown;
    try {
      json = body.length === 0 ? undefined : JSON.parse(body.toString());
    } catch {
      return failure(400, 'Problems parsing JSON');
    }
    if (pathname === graphqlPath) {
      if (record.method !== 'POST') return failure(404, 'Not Found');
      const result = await answerGraphQL(world, identity, typeof json === 'object' && json !== null ? json : {});
      if (result.operation !== undefined) record.operation = result.operation;
      return result;
    }
    const operation = checker.match(record.method, pathname.slice(restPrefix.length));
    if (operation === undefined) {
      world.violations.push(`${record.method} ${record.path}: this operation is not part of the stand-in`);
      return failure(404, 'Not Found');
    }
    record.operation = operation.name;
    const call = { params: operation.params, query: Object.fromEntries(query), body: json };
    return await answerRest(world, checker, operation.name, { ...call, identity, headers: request.headers });
  }

  function created(repository: Repository): CreatedRepository {
    const { fullName, folder } = repository;
    return { fullName, folder, cloneUrl: `${url}/${fullName}.git` };
  }

  return {
    url,
    apiUrl: world.urls.api,
    graphqlUrl: world.urls.graphql,
    token: tokens.maintainer,
    createRepository: async (name, settings) => created(await createRepository(world, name, settings)),
    createFork: async (name, owner = contributorLogin) => {
      const parent = getRepository(world, name);
      const { defaultBranch, topics } = parent;
      const fork = await createRepository(world, `${owner}/${parent.name}`, { defaultBranch, topics, parent });
      await git(fork.folder, [
        'fetch',
        '--quiet',
        parent.folder,
        '+refs/heads/*:refs/heads/*',
        '+refs/tags/*:refs/tags/*',
      ]);
      return created(fork);
    },
    deleteRepository: (name) => deleteRepository(world, name),
    editRepository: (name, change) => editRepository(world, name, change),
    createJobToken: (repository, permissions = {}) =>
      tokens.addJob(getRepository(world, repository).fullName, permissions),
    createToken: ({ repositories, ...rest }) =>
      tokens.add({
        ...rest,
        ...(repositories && { repositories: repositories.map((name) => getRepository(world, name).fullName) }),
      }),
    openPullRequest: (request) => openPullRequest(world, request),
    recordRun: (run) => {
      const now = new Date().toISOString().replace(/\.\d+/, '');
      const createdAt = run.createdAt ?? world.runs.get(run.id)?.createdAt ?? now;
      world.runs.set(run.id, { ...run, createdAt, updatedAt: run.updatedAt ?? now });
    },
    packages: world.packages,
    artifacts: world.artifacts,
    caches: world.caches,
    requests,
    violations: world.violations,
    faults,
    stop: onExit(async () => {
      server.close();
      server.closeAllConnections();
      await folder.remove();
    }),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > mostBodyBytes)
      throw new Error(`the body of ${request.method} ${request.url} is over ${mostBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Answer, identity?: Identity): void {
  const { status, body, raw, headers } = answer;
  const limit = identity?.kind === 'job' ? 1000 : identity?.kind === 'user' ? 5000 : 60;
  response.writeHead(status, {
    'x-github-request-id': crypto.randomUUID(),
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': limit - 1,
    'x-ratelimit-used': 1,
    'x-ratelimit-resource': 'core',
    'x-ratelimit-reset': Math.floor(Date.now() / 1000) + 3600,
    ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  });
  if (raw === true && (typeof body === 'string' || Buffer.isBuffer(body))) response.end(body);
  else response.end(body === undefined ? undefined : JSON.stringify(body));
}
