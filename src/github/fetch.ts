/**
 * A fetch with just what Octokit asks of one. Node's own takes three times as long to its first request, since it loads
 * a whole HTTP client and TLS even for plain HTTP.
 */
import type { IncomingMessage } from 'node:http';
import { createConnections } from '../http-connections.ts';

export type Fetch = (url: string, options: FetchOptions) => Promise<FetchResponse>;

export interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  text(): Promise<string>;
}

const idleMs = 60_000;
const mostRedirects = 3;
/** Far above GitHub's largest answers. */
const mostBytes = 256 * 1024 * 1024;

/** @param onSent called when a request has been handed to the system */
export function createFetch(onSent: () => void = () => {}): Fetch {
  const { moduleFor, agentFor } = createConnections();

  const exchange = (url: URL, { method, headers, body, signal }: FetchOptions): Promise<FetchResponse> =>
    new Promise((resolve, reject) => {
      const request = moduleFor(url.protocol).request(url, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        agent: agentFor(url.protocol),
        timeout: idleMs,
        ...(signal === undefined ? {} : { signal }),
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${idleMs / 1000} s`)));
      request.on('error', reject);
      request.on('response', (response) =>
        readAll(response).then((text) => resolve(responseOf(url, response, text)), reject),
      );
      request.on('finish', onSent);
      request.end(body);
    });

  return async (address, options) => {
    let url = new URL(address);
    for (let redirects = 0; ; redirects += 1) {
      const response = await exchange(url, options);
      const location = response.headers.get('location');
      if (![301, 302, 307, 308].includes(response.status) || location === undefined) return response;
      // A renamed repository redirects. The token goes to the host it is for, and nowhere else.
      const next = new URL(location, url);
      if (next.origin !== url.origin || redirects === mostRedirects) return response;
      url = next;
    }
  };
}

function responseOf(url: URL, response: IncomingMessage, text: string): FetchResponse {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    url: url.href,
    headers,
    text: () => Promise.resolve(text),
  };
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError(`an answer of more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
