/** One HTTP exchange, without redirects, retries or tokens: those are the transport's. */
import type { IncomingHttpHeaders } from 'node:http';
import { finished, type Readable } from 'node:stream';
import { createConnections } from '../http-connections.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  /** Milliseconds without any traffic after which the exchange is given up. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Has to be read to its end or destroyed. */
  readonly body: Readable;
}

export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** Connections are kept open between requests. */
export function createHttp(): Http {
  const { moduleFor, agentFor } = createConnections();

  return ({ method, url, headers, body, idleMs, signal }) =>
    new Promise((resolve, reject) => {
      const request = moduleFor(url.protocol).request(url, {
        method,
        headers,
        agent: agentFor(url.protocol),
        timeout: idleMs,
        ...(signal === undefined ? {} : { signal }),
      });
      request.on('timeout', () => request.destroy(new IdleError(idleMs)));
      request.on('response', (response) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response }),
      );
      request.on('error', reject);
      if (body === undefined) {
        request.end();
      } else if (body instanceof Uint8Array) {
        request.end(body);
      } else {
        finished(body, { writable: false }, (error) => {
          if (error != null) request.destroy(error);
        });
        // An answer before the end of the body (a refusal) leaves the rest unread.
        request.on('close', () => body.destroy());
        body.pipe(request);
      }
    });
}

/** Nothing was heard from the other side for too long. */
class IdleError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(idleMs: number) {
    super(`no answer within ${idleMs / 1000} s`);
  }
}

/**
 * Reads a body into memory.
 * @throws RangeError for one of more than `limit` bytes
 */
export async function readBody(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) {
      body.destroy();
      throw new RangeError(`more than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** One value of a header that may come as a list. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
