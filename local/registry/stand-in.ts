/**
 * A registry in this process: the OCI distribution API 1.1 with tokens, referrers, and faults on demand, which a real
 * one does not have to offer. What it answers is compared with a real registry by the tests' common contract.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { onExit } from '../processes/index.ts';
import { type AuthKind, createAuth, type StandInUser } from './stand-in-auth.ts';
import { createFaults, type Faults, finish } from './stand-in-faults.ts';
import { createStore, RefusedError, type Store } from './stand-in-store.ts';

export type { AuthKind, StandInUser } from './stand-in-auth.ts';
export type { Fault, Faults } from './stand-in-faults.ts';

export interface StandInOptions {
  /** Default `none`. */
  auth?: AuthKind;
  /** Default: one, `user` with the password `secret`, who may do everything. */
  users?: readonly StandInUser[];
  /** Repositories that may be read without a login. */
  anonymous?: RegExp;
  /** Whether it has the referrers API; default true. */
  referrers?: boolean;
  /** Whether it allows deletion; default true. */
  deletion?: boolean;
  /** Seconds that its tokens are good for; default 300. */
  tokenLifetime?: number;
  /** Where blobs are read from: GET answers with a redirect there, and the digest at the end. */
  redirectBlobsTo?: string;
  /** Whether manifests are answered with the optional header for their digest; default true. */
  digestHeader?: boolean;
  now?: () => number;
  log?: (line: string) => void;
}

export interface StandInRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** 0 until it is answered. */
  status: number;
}

export interface RegistryStandIn {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** All requests so far, in order. */
  readonly requests: StandInRequest[];
  readonly faults: Faults;
  readonly store: Store;
  /** Makes all tokens invalid that were given so far. */
  expireTokens(): void;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Starts one on a free port of 127.0.0.1; it ends with this process at the latest. */
export async function startRegistryStandIn(options: StandInOptions = {}): Promise<RegistryStandIn> {
  const requests: StandInRequest[] = [];
  const faults = createFaults();
  const store = createStore();
  let host = '';
  const auth = createAuth({
    kind: options.auth ?? 'none',
    users: options.users ?? [{ username: 'user', password: 'secret' }],
    ...(options.anonymous === undefined ? {} : { anonymous: options.anonymous }),
    host: () => host,
    now: options.now ?? Date.now,
    lifetime: options.tokenLifetime ?? 300,
  });
  const serve = createRoutes(store, options);

  const answerTo = (call: Call): Answer => {
    if (call.url.pathname === '/token') {
      const { status, body } = auth.token(call.method, call.headers, call.url.searchParams, call.body.toString());
      return json(status, body);
    }
    const path = /^\/v2\/(?:(.+?)\/(?:manifests|blobs|tags|referrers)\/.*)?$/.exec(call.url.pathname);
    if (path === null) throw new RefusedError(404, 'NAME_UNKNOWN', 'no such end point');
    const action = { GET: 'pull', HEAD: 'pull', DELETE: 'delete' }[call.method] ?? 'push';
    const refusal = auth.check(call.headers, path[1] ?? '', action);
    if (refusal !== undefined) {
      const code = refusal.status === 401 ? 'UNAUTHORIZED' : 'DENIED';
      return { ...errorAnswer(refusal.status, code, 'authentication required'), headers: refusal.headers };
    }
    return serve(call);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', `http://${host}`);
    const seen: StandInRequest = { method, path: `${url.pathname}${url.search}`, headers: request.headers, status: 0 };
    requests.push(seen);
    response.on('close', () => options.log?.(`${method} ${seen.path} ${seen.status}`));
    const fault = faults.take(method, seen.path)?.does;
    if (fault !== undefined && 'reset' in fault) {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && 'silence' in fault) return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    let answer: Answer;
    if (fault !== undefined && 'status' in fault) {
      answer = { status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body ?? '') };
    } else {
      try {
        answer = answerTo({ method, url, headers: request.headers, body: Buffer.concat(chunks) });
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        answer = errorAnswer(error.status, error.code, error.message);
      }
    }
    seen.status = answer.status;
    finish(response, fault, answer);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no TCP port');
  host = `127.0.0.1:${address.port}`;

  const stop = onExit(async () => {
    server.close();
    server.closeAllConnections();
    if (server.listening) await once(server, 'close');
  });
  return { host, requests, faults, store, expireTokens: auth.expireAll, stop };
}

function createRoutes(store: Store, options: StandInOptions): (call: Call) => Answer {
  const uploads = new Map<string, Buffer>();

  const manifests = (call: Call, name: string, tagOrDigest: string): Answer => {
    if (call.method === 'PUT') {
      const mediaType = call.headers['content-type'] ?? '';
      const { digest, subject } = store.putManifest(name, tagOrDigest, mediaType, call.body);
      const headers = { location: `/v2/${name}/manifests/${digest}`, 'docker-content-digest': digest };
      const extra = subject === undefined || options.referrers === false ? {} : { 'oci-subject': subject };
      return { status: 201, headers: { ...headers, ...extra }, body: Buffer.alloc(0) };
    }
    if (call.method === 'DELETE') {
      if (options.deletion === false) throw new RefusedError(405, 'UNSUPPORTED', 'The operation is unsupported.');
      if (store.deleteManifest(name, tagOrDigest)) return { status: 202, headers: {}, body: Buffer.alloc(0) };
      throw new RefusedError(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    }
    const found = store.manifest(name, tagOrDigest);
    if (found === undefined) throw new RefusedError(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    const digest: Record<string, string> =
      options.digestHeader === false ? {} : { 'docker-content-digest': found.digest };
    return { status: 200, headers: { 'content-type': found.mediaType, ...digest }, body: found.bytes };
  };

  const blobs = (call: Call, name: string, digest: string): Answer => {
    const found = store.blob(name, digest);
    if (found === undefined) throw new RefusedError(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
    if (options.redirectBlobsTo !== undefined && call.method === 'GET') {
      const location = `${options.redirectBlobsTo}${digest}`;
      return { status: 307, headers: { location }, body: Buffer.alloc(0) };
    }
    const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
    return { status: 200, headers, body: found };
  };

  /** POST begins (or mounts), PATCH adds, PUT ends. */
  const upload = (call: Call, name: string, id: string): Answer => {
    const { searchParams } = call.url;
    if (call.method === 'POST') {
      const digest = searchParams.get('mount');
      if (digest !== null && store.mount(name, digest, searchParams.get('from') ?? '')) return created(name, digest);
      const fresh = randomUUID();
      uploads.set(fresh, Buffer.alloc(0));
      return progress(name, fresh, 0);
    }
    const before = uploads.get(id);
    if (before === undefined) throw new RefusedError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
    const bytes = Buffer.concat([before, call.body]);
    uploads.set(id, bytes);
    if (call.method === 'PATCH') return progress(name, id, bytes.length);
    const digest = searchParams.get('digest') ?? '';
    store.putBlob(name, digest, bytes);
    uploads.delete(id);
    return created(name, digest);
  };

  const tags = (call: Call, name: string): Answer => {
    const all = store.tags(name);
    if (all === undefined) throw new RefusedError(404, 'NAME_UNKNOWN', 'repository name not known to registry');
    const { searchParams } = call.url;
    const last = searchParams.get('last') ?? '';
    const rest = all.filter((tag) => tag > last);
    const page = rest.slice(0, Number(searchParams.get('n') ?? rest.length));
    const next = new URLSearchParams({ last: page.at(-1) ?? '', n: searchParams.get('n') ?? '' });
    const link = page.length < rest.length ? { link: `</v2/${name}/tags/list?${next}>; rel="next"` } : {};
    const answer = json(200, { name, tags: page });
    return { ...answer, headers: { ...answer.headers, ...link } };
  };

  const referrers = (call: Call, name: string, digest: string): Answer => {
    if (options.referrers === false) throw new RefusedError(404, 'NOT_FOUND', 'no such end point');
    const wanted = call.url.searchParams.get('artifactType');
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const found = store
      .referrers(name, digest)
      .filter(({ artifactType }) => wanted === null || artifactType === wanted);
    const filtered: Record<string, string> = wanted === null ? {} : { 'oci-filters-applied': 'artifactType' };
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests: found }));
    return { status: 200, headers: { 'content-type': mediaType, ...filtered }, body };
  };

  return (call) => {
    const { pathname } = call.url;
    if (pathname === '/v2/') return json(200, {});
    const [, name = '', kind, rest = ''] = /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\/(.*)$/.exec(pathname) ?? [];
    if (kind === 'blobs' && rest.startsWith('uploads/')) return upload(call, name, rest.slice('uploads/'.length));
    if (kind === 'blobs') return blobs(call, name, rest);
    if (kind === 'manifests') return manifests(call, name, rest);
    return kind === 'tags' ? tags(call, name) : referrers(call, name, rest);
  };
}

function created(name: string, digest: string): Answer {
  const headers = { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest };
  return { status: 201, headers, body: Buffer.alloc(0) };
}

function progress(name: string, id: string, length: number): Answer {
  const headers = {
    location: `/v2/${name}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, length - 1)}`,
    'docker-upload-uuid': id,
  };
  return { status: 202, headers, body: Buffer.alloc(0) };
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

function errorAnswer(status: number, code: string, message: string): Answer {
  return json(status, { errors: [{ code, message }] });
}
