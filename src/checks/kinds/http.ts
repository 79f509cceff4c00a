/** HTTP requests to a container's published port. */
import { request } from 'node:http';
import * as z from 'zod/mini';
import type { Check, TextRule } from '../check.ts';
import { breaches, shown } from '../text-rule.ts';
import { defineKind } from './kind.ts';
import { path, port, text, textRule } from './schemas.ts';

export const httpSchema = z.strictObject({
  port,
  path: z.optional(path),
  method: z.optional(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
  headers: z.optional(z.record(z.string(), z.string())),
  status: z.optional(z.union([z.int(), z.array(z.int())])),
  body: z.optional(text),
});

export interface HttpCheck {
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Any of these. */
  readonly status: readonly number[];
  readonly body: TextRule;
}

export const http = defineKind('http', httpSchema, readHttp);

export function readHttp({
  port,
  path = '/',
  method = 'GET',
  headers = {},
  status = 200,
  body,
}: z.output<typeof httpSchema>): Check {
  const check: HttpCheck = { port, path, method, headers, status: [status].flat(), body: textRule(body) };
  return {
    title: `${method} ${path} on port ${port} answers ${check.status.join(' or ')}`,
    ports: [port],
    looksAt: 'process',
    async run({ container, timeoutMs }) {
      const published = container.ports[`${port}/tcp`];
      if (published === undefined) return [`port ${port} is not published: the container does not run`];
      return await checkHttp(check, published, timeoutMs);
    },
  };
}

const bodyLimit = 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  /** At most the first megabyte, as UTF-8. */
  readonly body: string;
}

/** What is wrong with the answer; empty when it is as wanted. Redirects are answers, they are not followed. */
export async function checkHttp(check: HttpCheck, published: number, timeoutMs: number): Promise<string[]> {
  let answer: HttpAnswer;
  try {
    answer = await ask(check, published, timeoutMs);
  } catch (error) {
    return [`no answer: ${error instanceof Error ? error.message || error.name : String(error)}`];
  }
  const status = check.status.includes(answer.status)
    ? []
    : [`the answer is ${answer.status}, expected ${check.status.join(' or ')}; its body is ${shown(answer.body)}`];
  return [...status, ...breaches(answer.body, check.body, 'the body')];
}

function ask({ method, path, headers }: HttpCheck, port: number, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const settle = (): void =>
          resolve({
            status: response.statusCode ?? 0,
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
      },
    );
    sent.on('error', (error) =>
      reject(error.name === 'AbortError' ? new Error(`nothing within ${timeoutMs / 1000} s`) : error),
    );
    sent.end();
  });
}
