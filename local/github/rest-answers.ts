import type { IncomingHttpHeaders } from 'node:http';
import type { RestRequest } from './descriptions.ts';
import { canRead, canWrite, type Identity } from './identity.ts';
import { findRepository, type Repository, type World } from './world.ts';

export interface Call extends RestRequest {
  identity: Identity;
  headers: IncomingHttpHeaders;
}

/** A call with what is wrong about it; what it says was not checked any further. */
export interface CheckedCall extends Call {
  problems: string[];
}

export type Handler = (world: World, call: CheckedCall) => Promise<Answer>;

export interface Answer {
  status: number;
  /** JSON, or bytes when `raw`. */
  body?: unknown;
  raw?: boolean;
  headers?: Record<string, string>;
}

/** Ends a handler with an answer that is no success. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

const documentation = 'https://docs.github.com/rest';

/** An answer in the shape of GitHub's `basic-error`. */
export function failure(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: documentation, status: String(status) } };
}

export function refuse(status: number, message: string): never {
  throw new Refusal(failure(status, message));
}

/** The repository that a call names. What the caller must not see does not exist. */
export function readable(world: World, call: Call): Repository {
  const repository = findRepository(world, call.params.owner ?? '', call.params.repo ?? '');
  if (repository === undefined || !canRead(call.identity, repository)) refuse(404, 'Not Found');
  return repository;
}

/**
 * Like `readable`, for a call that changes something. GitHub says 404 where the token cannot see the repository, and 403
 * where it can see it but may not write.
 */
export function writable(world: World, call: Call, scope?: 'contents' | 'actions'): Repository {
  if (call.identity.kind === 'anonymous') refuse(401, 'Requires authentication');
  const repository = readable(world, call);
  if (!canWrite(call.identity, repository, scope)) {
    const bearer = call.identity.kind === 'job' ? 'integration' : 'personal access token';
    refuse(403, `Resource not accessible by ${bearer}`);
  }
  if (repository.archived) refuse(403, 'Repository was archived so is read-only.');
  return repository;
}

/** @throws Refusal 422 in GitHub's words where the request broke its description */
export function refuseProblems(call: CheckedCall): void {
  if (call.problems.length > 0) refuse(422, `Invalid request.\n\n${call.problems.join('\n')}`);
}

/** A body that was found to be an object. */
export function objectBody(call: Call): Record<string, unknown> {
  return typeof call.body === 'object' && call.body !== null ? { ...call.body } : {};
}
