/** HTTP requests to a container's published port. */
import { request } from 'node:http';
import type { HttpCheck } from './test-file.ts';
import { breaches, shown } from './text-rule.ts';

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
