/** The only way to GitHub: one client with retries, waits for GitHub's limits, and errors that say what to do. */
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { fail } from '../problems.ts';
import { createFetch } from './fetch.ts';
import type { Pace } from './pace.ts';

export interface GitHubOptions {
  readonly token: string;
  /** GITHUB_API_URL; default: github.com's. */
  readonly apiUrl?: string | undefined;
  /** GITHUB_GRAPHQL_URL; default: github.com's. */
  readonly graphqlUrl?: string | undefined;
  readonly userAgent?: string;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Keeps many requests within GitHub's points a minute; default: one change a second. */
  readonly pace?: Pace;
  /** Milliseconds of what GitHub's limits count in seconds; for tests. */
  readonly secondMs?: number;
}

export interface GitHub {
  /** Settles when the first request is on its way. What is loaded before that delays it; what is loaded then, does not. */
  readonly started: Promise<void>;
  /** Runs a GraphQL query. What is not there or hidden comes as an error beside the rest of the data. */
  query(query: string, variables: Readonly<Record<string, string>>): Promise<QueryResult>;
  /** One REST request; `route` as `POST /repos/{owner}/{repo}/dispatches`, whose parameters are encoded. */
  request(route: string, parameters: Readonly<Record<string, unknown>>): Promise<Answer>;
}

export interface QueryResult {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly QueryError[];
}

export interface QueryError {
  /** `NOT_FOUND`, `FORBIDDEN`, … */
  readonly type: string;
  readonly message: string;
  /** Where in the data, e.g. `['r3', 'object']`. */
  readonly path: readonly (string | number)[];
}

/** Any answer of GitHub's: a refusal is one, too. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  /** Whether a list goes on: with the same parameters and the next `page`. */
  readonly more: boolean;
}

const userAgentDefault = 'image-cascade';
/** Statuses that stay the same however often one asks; 403 and 429 for too many requests are waited for apart from this. */
const final = [400, 401, 403, 404, 409, 410, 413, 422, 451];
const mostRetries = 3;
/** A job waits this long for a limit to pass; what is left then is for the next reconcile. */
const longestWaitSeconds = 900;

const Client = Octokit.plugin(retry, throttling);
let clients = 0;

/** No request is made before the first call. The token is never logged. */
export function createGitHub(options: GitHubOptions): GitHub {
  const apiUrl = (options.apiUrl || 'https://api.github.com').replace(/\/+$/, '');
  const graphqlUrl = (options.graphqlUrl || 'https://api.github.com/graphql').replace(/\/+$/, '');
  const log = options.log ?? (() => {});
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const fetch = createFetch(start);

  const clientFor = (): Octokit => {
    clients += 1;
    const waits =
      (why: string) =>
      (seconds: number, _request: unknown, _client: unknown, retries: number): boolean => {
        const again = retries < mostRetries && seconds <= longestWaitSeconds;
        log(`GitHub's ${why} is reached; ${again ? `waiting ${seconds} s` : `it passes in ${seconds} s: giving up`}`);
        return again;
      };
    return new Client({
      auth: options.token,
      baseUrl: apiUrl,
      userAgent: options.userAgent ?? userAgentDefault,
      log: { debug: () => {}, info: () => {}, warn: log, error: log },
      request: { fetch, ...(options.signal === undefined ? {} : { signal: options.signal }) },
      retry: { doNotRetry: final, retries: mostRetries, retryAfterBaseValue: options.secondMs ?? 1000 },
      throttle: {
        // What shares an id shares the plugin's limits.
        id: String(clients),
        retryAfterBaseValue: options.secondMs ?? 1000,
        onRateLimit: waits('rate limit'),
        onSecondaryRateLimit: waits('secondary rate limit'),
      },
    });
  };
  const writer = clientFor();

  const send = async (client: Octokit, route: string, parameters: Record<string, unknown>): Promise<Answer> => {
    try {
      const { status, data, headers } = await client.request(route, parameters);
      return { status, data, more: /;\s*rel="?next"?/.test(headers.link ?? '') };
    } catch (error) {
      options.signal?.throwIfAborted();
      // An answer of GitHub's is the caller's to judge; without one nothing can be said about the question.
      if (isObject(error) && isObject(error.response) && typeof error.response.status === 'number')
        return { status: error.response.status, data: error.response.data, more: false };
      return fail(
        `GitHub can't be reached at ${new URL(apiUrl).host}: ${error instanceof Error ? error.message : error}`,
        {
          hint: 'look at https://www.githubstatus.com and at the proxy settings of the runner, then run the job again',
          cause: error,
        },
      );
    }
  };

  return {
    started,
    async request(route, parameters) {
      const { pace } = options;
      if (pace === undefined) return send(writer, route, parameters);
      await pace(route.startsWith('GET ') ? 1 : 5);
      return send(clientFor(), route, parameters);
    },
    async query(query, variables) {
      // The plugin counts queries as writes, one a second. GitHub counts them as reads, so each gets limits of its own.
      const { status, data } = await send(clientFor(), 'POST /graphql', {
        baseUrl: graphqlUrl.replace(/\/graphql$/, ''),
        query,
        variables,
      });
      if (status !== 200 || !isObject(data)) return refuse(status, data);
      return { data: isObject(data.data) ? data.data : {}, errors: queryErrors(data.errors) };
    },
  };
}

function refuse(status: number, data: unknown): never {
  const said = messageOf(data);
  if (status === 401)
    return fail(`GitHub does not accept the token: ${said}`, {
      hint: "set the input 'token' to one that is valid: a job's own token, or that of a GitHub App",
    });
  return fail(`GitHub refuses a query with status ${status}: ${said}`, {
    hint: status === 403 || status === 429 ? 'run the job again later' : 'look at https://www.githubstatus.com',
  });
}

function queryErrors(errors: unknown): readonly QueryError[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(isObject).map(({ type, message, path }) => ({
    type: typeof type === 'string' ? type : '',
    message: typeof message === 'string' ? message : '',
    path: Array.isArray(path) ? path.filter((part) => typeof part === 'string' || typeof part === 'number') : [],
  }));
}

/** GitHub's own words in an error's body. */
export function messageOf(data: unknown): string {
  if (isObject(data) && typeof data.message === 'string') return data.message;
  return typeof data === 'string' && data.trim() !== '' ? data.trim().slice(0, 200) : 'it gives no reason';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
