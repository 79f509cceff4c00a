/** HTTP requests to the published ports of a container. */
import type { IncomingHttpHeaders } from 'node:http';
import { request as requestHttp } from 'node:http';
import type { Reachable } from './check.ts';

const bodyLimit = 1024 * 1024;

export interface HttpRequest {
  /** Port of the container. */
  readonly port: number;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Absent: plain HTTP. */
  readonly tls?: {
    /** PEM of the authorities that may have signed; absent: those that Node.js trusts. */
    readonly ca?: string;
    /** Any certificate will do. */
    readonly insecure: boolean;
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most the first megabyte, as UTF-8. */
  readonly body: string;
}

/**
 * Sends one request. Redirects are answers, they are not followed. The name that a certificate has to be for is that
 * of the `Host` header.
 * @throws Error in words for people when there is no answer
 */
export async function ask(request: HttpRequest, { container, timeoutMs }: Reachable): Promise<HttpAnswer> {
  const published = container.ports[`${request.port}/tcp`];
  if (published === undefined) throw new Error(`port ${request.port} is not published: the container does not run`);
  const { method, path, headers, body, tls } = request;
  const host = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'localhost';
  const sender = tls === undefined ? requestHttp : (await import('node:https')).request;
  const options = {
    host: '127.0.0.1',
    port: published,
    method,
    path,
    headers: { ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }), ...headers },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    ...(tls === undefined
      ? {}
      : {
          servername: host.replace(/:\d+$/, ''),
          rejectUnauthorized: !tls.insecure,
          ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        }),
  };
  return await new Promise((resolve, reject) => {
    const sent = sender(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const settle = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8'),
        });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size < bodyLimit) return;
        settle();
        response.destroy();
      });
      response.on('end', settle);
      response.on('error', reject);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(new Error(`nothing within ${timeoutMs / 1000} s`));
      else if (/^ECONN(?:RESET|REFUSED)$/.test(error.code ?? ''))
        reject(
          new Error(
            `the connection was closed (${error.code}); see that something listens on port ${request.port}, and not at 127.0.0.1 only`,
          ),
        );
      else reject(error);
    });
    sent.end(body);
  });
}
