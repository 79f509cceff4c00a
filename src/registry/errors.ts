/** What goes wrong with registries, for the person who can do something about it. */
import { ProblemsError } from '../problems.ts';
import type { Repository } from './addresses.ts';
import { errorCode } from './retries.ts';

/** `read` for GET and HEAD. */
export type Access = 'read' | 'write' | 'delete';

/** Cause of the problems that an answer of the registry is behind. */
export class RegistryStatusError extends Error {
  override readonly name = 'RegistryStatusError';
  readonly status: number;
  readonly host: string;

  constructor(host: string, status: number, detail: string) {
    super(`${host} answered ${status}${detail === '' ? '' : `: ${detail}`}`);
    this.status = status;
    this.host = host;
  }
}

/** The status behind an error of the client, where an answer of the registry is behind it. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof ProblemsError)) return undefined;
  const cause = error.problems.map((problem) => problem.cause).find((value) => value instanceof RegistryStatusError);
  return cause?.status;
}

function problem(message: string, hint: string, cause: unknown): ProblemsError {
  return new ProblemsError([{ message, hint, cause }]);
}

/** Nobody answers, or not as a registry would. */
export function unreachable(host: string, error: unknown): ProblemsError {
  const code = errorCode(error) ?? '';
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  // Of several tried addresses there is no message, only the code.
  const text = message === '' ? code : message;
  return problem(`registry ${host} cannot be reached (${text})`, hintFor(code), error);
}

function hintFor(code: string): string {
  if (code === 'ECONNREFUSED') {
    return 'nothing listens there: check host and port (and those of HTTPS_PROXY), and that the registry is running';
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host is known: check its spelling and the network';
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return 'it does not speak HTTPS: plain HTTP is used for localhost and 127.0.0.1 only';
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code)) {
    return "its certificate is not trusted: name the file with its authority's certificate in NODE_EXTRA_CA_CERTS";
  }
  return 'check the network and the proxy settings (HTTPS_PROXY, NO_PROXY), then run it again';
}

/** 401 or 403 for what was asked of a repository. */
export function refused(
  repository: Repository,
  access: Access,
  login: boolean,
  cause: RegistryStatusError,
): ProblemsError {
  const { host, path } = repository;
  const name = `${host}/${path}`;
  if (!login) {
    return problem(
      `registry ${host} asks for a login to ${access} ${name} (status ${cause.status})`,
      `give the inputs 'registry', 'username' and 'password', or run 'docker login ${host}' before; ` +
        'most registries answer like this for an image that does not exist, too: check its name',
      cause,
    );
  }
  const github = host === 'ghcr.io' ? ` (GITHUB_TOKEN: 'permissions: packages: ${access}' in the job, and` : ' (and';
  return problem(
    `the login at registry ${host} may not ${access} ${name} (status ${cause.status})`,
    `give the user or token this permission${github} access to this package for the repository), and check the name`,
    cause,
  );
}

/** A login that the registry does not know. */
export function wrongPassword(host: string, cause: RegistryStatusError): ProblemsError {
  return problem(
    `registry ${host} does not accept the username and password (status ${cause.status})`,
    `check the inputs 'username' and 'password', or run 'docker login ${host}' again: the password may have expired`,
    cause,
  );
}

/** An answer that says to come back later, still after the last attempt. */
export function overloaded(host: string, cause: RegistryStatusError, waitMs: number | undefined): ProblemsError {
  const asks = waitMs === undefined ? '' : `, and asks to wait ${Math.ceil(waitMs / 1000)} s`;
  if (cause.status === 429) {
    return problem(
      `registry ${host} takes no more requests for now (status 429${asks})`,
      'wait, or log in: most registries allow more to those who are logged in',
      cause,
    );
  }
  return problem(
    `registry ${host} is out of order (${cause.message}${asks})`,
    'run it again later; nothing is lost',
    cause,
  );
}

/** Any other status that the request can't have. */
export function unexpected(action: string, cause: RegistryStatusError): ProblemsError {
  return problem(`cannot ${action}: ${cause.message}`, 'look at the log of the registry, or ask who runs it', cause);
}

/** The first error of a registry's answer, in its own words, without anything that could disturb a log. */
export function errorDetail(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  return (firstMessage(text) ?? '').replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300);
}

function firstMessage(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const errors = 'errors' in parsed && Array.isArray(parsed.errors) ? parsed.errors : [parsed];
    const { code, message, details }: Record<string, unknown> = errors[0] ?? {};
    const parts = [code, message ?? details].filter((part) => typeof part === 'string' && part !== '');
    return parts.length === 0 ? undefined : parts.join(' ');
  } catch {
    return undefined;
  }
}
