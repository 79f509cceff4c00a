/** Requests to registries: tokens, redirects, retries, time limits and bounded concurrency on top of plain HTTP. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { fail, ProblemsError } from '../problems.ts';
import { apiRoot, follow, type Repository } from './addresses.ts';
import type { CredentialSource } from './credentials.ts';
import {
  type Access,
  errorDetail,
  overloaded,
  RegistryStatusError,
  refused,
  unexpected,
  unreachable,
  wrongPassword,
} from './errors.ts';
import { createHttp, type HttpResponse, header, readBody } from './http.ts';
import { createLimit } from './limit.ts';
import {
  backoff,
  type Clock,
  isTransientError,
  isTransientStatus,
  longestRetryAfterMs,
  retryAfter,
} from './retries.ts';
import { createTokens, TokenRefusedError } from './tokens.ts';

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly repository: Repository;
  readonly access: Access;
  /** Repositories of the same registry that a mount reads from. */
  readonly reads?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a way to open a stream, which is sent once for each attempt. */
  readonly body?: Uint8Array | (() => Promise<Readable>);
  /** What the request does, for errors: `read the tags of …`. */
  readonly purpose: string;
  /** Statuses that the caller understands; others are errors. */
  readonly expect: readonly number[];
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export interface StreamedAnswer {
  readonly status: number;
  readonly body: Readable;
}

export interface Transport {
  /** Sends, and reads the answer of at most `limit` bytes into memory; repeats what failed for the moment. */
  send(request: RegistryRequest, limit?: number): Promise<Answer>;
  /**
   * Sends, and gives the answer as it arrives; the body of an error is read for its message. `through` is what the body
   * is piped into: it fails with the error of a connection that breaks.
   */
  open(request: RegistryRequest, through: () => Transform): Promise<StreamedAnswer>;
  /** One attempt of `send`; to be used in `retrying`, where more than one request has to be repeated together. */
  attempt(request: RegistryRequest): Promise<Answer>;
  retrying<T>(task: () => Promise<T>): Promise<T>;
}

export interface TransportOptions {
  readonly credentials: CredentialSource;
  readonly userAgent: string;
  readonly concurrency: number;
  readonly retries: number;
  /** Milliseconds without any traffic before a request is given up. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const errorBodyLimit = 64 * 1024;
const answerLimit = 1024 * 1024;
const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** How much longer an upload may be silent: many registries move the whole blob before they answer. */
const uploadPatience = 5;

/** Something that may be gone at the next attempt. */
class TransientError extends ProblemsError {
  readonly waitMs: number | undefined;

  constructor({ problems }: ProblemsError, waitMs?: number) {
    super(problems);
    this.waitMs = waitMs;
  }
}

export function createTransport(options: TransportOptions): Transport {
  const { clock, log, signal, idleMs } = options;
  const http = createHttp();
  const limit = createLimit(options.concurrency);

  /** One exchange on the wire. Bodies are opened before a slot is taken: opening one may need a slot itself. */
  const exchange = async (
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: RegistryRequest['body'],
  ): Promise<HttpResponse> => {
    signal?.throwIfAborted();
    const opened = typeof body === 'function' ? await body() : body;
    // An error while it waits for a slot is found when it is sent.
    if (opened !== undefined && !(opened instanceof Uint8Array)) opened.on('error', () => {});
    return limit(async () => {
      const began = clock.now();
      // A query may hold a signature that gives access.
      const where = `${method} ${url.origin}${url.pathname}`;
      try {
        const all = { 'user-agent': options.userAgent, ...headers };
        const response = await http({
          method,
          url,
          headers: all,
          idleMs: typeof body === 'function' ? idleMs * uploadPatience : idleMs,
          signal,
          ...(opened === undefined ? {} : { body: opened }),
        });
        log(`${where}: ${response.status} in ${clock.now() - began} ms`);
        return response;
      } catch (error) {
        log(`${where}: ${error instanceof Error ? error.message : error}`);
        signal?.throwIfAborted();
        throw connectionError(url.host, error);
      }
    });
  };

  const readAnswer = async (host: string, { body }: HttpResponse, most: number): Promise<Buffer> => {
    try {
      return await readBody(body, most);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RangeError) return fail(`registry ${host} answered with ${error.message}`, { cause: error });
      throw connectionError(host, error);
    }
  };

  const retrying = async <T>(task: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await task();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        const waitMs = error.waitMs ?? backoff(attempt);
        // No longer transient: whoever called tries it no further times of their own.
        if (attempt > options.retries || waitMs > longestRetryAfterMs) throw new ProblemsError(error.problems);
        log(`trying again in ${waitMs} ms: ${error.message}`);
        await clock.sleep(waitMs, signal);
      }
    }
  };

  const tokens = createTokens(
    options.credentials,
    ({ method, url, headers, body }) =>
      retrying(async () => {
        const response = await exchange(method, url, headers, body);
        const bytes = await readAnswer(url.host, response, answerLimit);
        if (isTransientStatus(response.status)) throw transientAnswer(url.host, response, bytes);
        return { status: response.status, bytes };
      }),
    clock,
  );

  const authorization = async ({ repository, access, reads }: RegistryRequest): Promise<string | undefined> => {
    try {
      return await tokens.authorization(repository.host, scopesOf(repository, access, reads));
    } catch (error) {
      if (error instanceof TokenRefusedError) throw refused(repository, access, error.login, error.reason);
      throw error;
    }
  };

  /** One attempt: at most one more for a token, and what redirects ask for. */
  const attemptStreamed = async (request: RegistryRequest): Promise<HttpResponse> => {
    const { repository, access, method, body } = request;
    const { origin } = apiRoot(repository.host);
    let url = request.url;
    let asked = false;
    for (let hops = 0; ; ) {
      // A login is the registry's alone, never its storage's or whoever it sends us on to.
      const login = url.origin === origin ? await authorization(request) : undefined;
      const headers = { ...request.headers, ...(login === undefined ? {} : { authorization: login }) };
      const response = await exchange(method, url, headers, body);
      // A password that was sent and refused stays refused: asking again could lock the user out.
      const refusedLogin = login !== undefined && tokens.isBasic(repository.host);
      if (response.status === 401 && url.origin === origin && !asked && !refusedLogin) {
        asked = true;
        tokens.learn(repository.host, scopesOf(repository, access, request.reads), response.headers, login);
        if ((await authorization(request)) !== undefined) {
          response.body.resume();
          continue;
        }
      }
      const location = header(response.headers, 'location');
      if (redirects.has(response.status) && location !== undefined && isRepeatable(request, response.status)) {
        response.body.resume();
        hops += 1;
        if (hops > mostRedirects) fail(`registry ${repository.host} sends requests round in circles`);
        url = follow(url, location);
        continue;
      }
      if (request.expect.includes(response.status)) return response;
      throw await errorFor(request, url, response);
    }
  };

  const transientAnswer = (host: string, { status, headers }: HttpResponse, bytes: Uint8Array): Error => {
    const waitMs = retryAfter(header(headers, 'retry-after'), clock.now());
    const cause = new RegistryStatusError(host, status, errorDetail(bytes));
    return new TransientError(overloaded(host, cause, waitMs), waitMs);
  };

  const errorFor = async (request: RegistryRequest, url: URL, response: HttpResponse): Promise<Error> => {
    const { repository, access, purpose } = request;
    const { host } = repository;
    const bytes = await readAnswer(url.host, response, errorBodyLimit);
    const cause = new RegistryStatusError(host, response.status, errorDetail(bytes));
    if (isTransientStatus(response.status)) return transientAnswer(host, response, bytes);
    if (url.origin === apiRoot(host).origin && (response.status === 401 || response.status === 403)) {
      const login = await tokens.hasLogin(host);
      if (response.status === 401 && login && tokens.isBasic(host)) return wrongPassword(host, cause);
      return refused(repository, access, login, cause);
    }
    return unexpected(purpose, cause);
  };

  const attempt = async (request: RegistryRequest, most = answerLimit): Promise<Answer> => {
    const response = await attemptStreamed(request);
    const bytes = await readAnswer(request.repository.host, response, most);
    return { status: response.status, headers: response.headers, bytes };
  };

  return {
    send: (request, most) => retrying(() => attempt(request, most)),
    open: async (request, through) => {
      const { status, body } = await retrying(() => attemptStreamed(request));
      const passed = through();
      body.on('error', (error) => {
        passed.destroy(signal?.aborted === true ? signal.reason : connectionError(request.repository.host, error));
      });
      passed.on('close', () => body.destroy());
      // Whoever reads it later still gets the error; without a listener it would end the process before.
      passed.on('error', () => {});
      return { status, body: body.pipe(passed) };
    },
    attempt,
    retrying,
  };
}

function scopesOf({ path }: Repository, access: Access, reads: readonly string[] = []): readonly string[] {
  const actions = { read: 'pull', write: 'pull,push', delete: 'delete,pull' }[access];
  return [`repository:${path}:${actions}`, ...reads.map((other) => `repository:${other}:pull`)];
}

/** 301 to 303 turn everything but GET and HEAD into a GET (RFC 9110 section 15.4), and a stream is sent only once. */
function isRepeatable({ method, body }: RegistryRequest, status: number): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return (status === 307 || status === 308) && typeof body !== 'function';
}

function connectionError(host: string, error: unknown): Error {
  // A body that could not be read: the error of whoever gave it.
  if (error instanceof ProblemsError) return error;
  const final = unreachable(host, error);
  return isTransientError(error) ? new TransientError(final) : final;
}
