import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './git.ts';
import { canRead, canWrite, type Identity, loginOf } from './identity.ts';
import { receivePush } from './push.ts';
import { findRepository, type Repository, type World } from './world.ts';

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

/** Whether a path belongs to git's smart HTTP protocol. */
export function isGitPath(pathname: string): boolean {
  return gitPath.test(pathname);
}

/**
 * Answers git: who asks is checked as on GitHub, the protocol itself is `git http-backend`'s work.
 * The answer to a push ends after its events went out, so whoever pushed finds their effects.
 */
export async function serveGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, owner = '', name = '', path = ''] = gitPath.exec(url.pathname) ?? [];
  const identity = world.tokens.identify(request.headers.authorization);
  const repository = findRepository(world, owner, name);
  const writes = path === '/git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const refusal = refuse(identity, repository, writes);
  if (refusal !== undefined || repository === undefined || identity === undefined) {
    const [status, text] = refusal ?? [404, 'Repository not found.'];
    const headers = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    request.resume();
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`${text}\n`);
    return;
  }
  if (path !== '/git-receive-pack') {
    const { head, body } = await backend(repository, request, url, path, identity, response);
    if (body === undefined) return;
    response.writeHead(head.status, head.headers).end(body);
    return;
  }
  const answer = await receivePush(world, repository, identity, () =>
    backend(repository, request, url, path, identity, undefined),
  );
  response.writeHead(answer.head.status, answer.head.headers).end(answer.body);
}

function refuse(
  identity: Identity | undefined,
  repository: Repository | undefined,
  writes: boolean,
): [number, string] | undefined {
  if (identity === undefined) return [401, 'Invalid username or token. Password authentication is not supported.'];
  if (repository === undefined || !canRead(identity, repository)) {
    return identity.kind === 'anonymous' ? [401, 'Authentication required.'] : [404, 'Repository not found.'];
  }
  if (!writes) return undefined;
  if (identity.kind === 'anonymous') return [401, 'Authentication required.'];
  if (!canWrite(identity, repository)) {
    return [403, `Permission to ${repository.fullName}.git denied to ${loginOf(identity)}.`];
  }
  if (repository.archived) return [403, 'This repository was archived so it is read-only.'];
  return undefined;
}

interface Head {
  status: number;
  headers: [string, string][];
}

interface BackendAnswer {
  head: Head;
  /** Undefined when it went to the response already. */
  body: Buffer | undefined;
}

/** Runs the CGI program of git for one request; its output streams to `stream` if there is one. */
async function backend(
  repository: Repository,
  request: IncomingMessage,
  url: URL,
  path: string,
  identity: Identity,
  stream: ServerResponse | undefined,
): Promise<BackendAnswer> {
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: repository.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      REMOTE_USER: loginOf(identity),
      REMOTE_ADDR: '127.0.0.1',
      CONTENT_TYPE: request.headers['content-type'],
      CONTENT_LENGTH: request.headers['content-length'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  request.on('close', () => {
    // A client that went away in the middle of its request will never send the rest.
    if (!request.complete) child.kill();
  });
  // Nor will one that left before the end take the rest of a fetch.
  stream?.on('close', () => child.kill());
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });

  let buffered = Buffer.alloc(0);
  let head: Head | undefined;
  let streamed = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (streamed) return;
    buffered = Buffer.concat([buffered, chunk]);
    if (head !== undefined) return;
    const end = buffered.indexOf('\r\n\r\n');
    if (end < 0) return;
    head = parseHead(buffered.toString('latin1', 0, end));
    buffered = buffered.subarray(end + 4);
    if (stream === undefined) return;
    streamed = true;
    stream.writeHead(head.status, head.headers).write(buffered);
    child.stdout.pipe(stream);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`cannot run git http-backend: ${error.message}`, { cause: error })));
    child.on('close', () => resolve());
  });
  if (head === undefined) throw new Error(`git http-backend gave no answer for ${url.pathname}: ${errors.trim()}`);
  return { head, body: streamed ? undefined : buffered };
}

function parseHead(text: string): Head {
  const lines = text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const status = lines.find(([name]) => name.toLowerCase() === 'status');
  return {
    status: status === undefined ? 200 : Number.parseInt(status[1], 10),
    headers: lines.filter(([name]) => name.toLowerCase() !== 'status'),
  };
}
