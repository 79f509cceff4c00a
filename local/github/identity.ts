import { randomBytes } from 'node:crypto';
import type { JobPermissions, TokenOptions } from './types.ts';
import type { Repository } from './world.ts';

/** Who asks. */
export type Identity =
  | { kind: 'anonymous' }
  | { kind: 'user'; token: string; login: string; write: boolean; repositories: ReadonlySet<string> | null }
  | { kind: 'job'; token: string; repository: string; permissions: JobPermissions };

export interface Tokens {
  maintainer: string;
  add(options: TokenOptions): string;
  addJob(repository: string, permissions: JobPermissions): string;
  /** @returns undefined for a token that nobody gave out */
  identify(authorization: string | undefined): Identity | undefined;
}

export const maintainerLogin = 'maintainer';

export function createTokens(further: readonly string[]): Tokens {
  const known = new Map<string, Identity>();
  const maintainer = newToken('ghp_');
  for (const token of [maintainer, ...further]) {
    known.set(token, { kind: 'user', token, login: maintainerLogin, write: true, repositories: null });
  }
  return {
    maintainer,
    add({ repositories, contents }) {
      const token = newToken('github_pat_');
      const reach = repositories === undefined ? null : new Set(repositories.map((name) => name.toLowerCase()));
      known.set(token, {
        kind: 'user',
        token,
        login: maintainerLogin,
        write: contents !== 'read',
        repositories: reach,
      });
      return token;
    },
    addJob(repository, permissions) {
      const token = newToken('ghs_');
      known.set(token, { kind: 'job', token, repository: repository.toLowerCase(), permissions });
      return token;
    },
    identify(authorization) {
      if (authorization === undefined) return { kind: 'anonymous' };
      return known.get(tokenOf(authorization));
    },
  };
}

export function canRead(identity: Identity, repository: Repository): boolean {
  return !repository.private || reaches(identity, repository);
}

/** Whether contents may be changed or, for `actions`, workflows be started. */
export function canWrite(
  identity: Identity,
  repository: Repository,
  scope: 'contents' | 'actions' = 'contents',
): boolean {
  if (!reaches(identity, repository)) return false;
  if (identity.kind === 'job') return identity.permissions[scope] !== 'read';
  return identity.kind === 'user' && identity.write;
}

export function loginOf(identity: Identity): string {
  return identity.kind === 'user' ? identity.login : 'github-actions[bot]';
}

function reaches(identity: Identity, repository: Repository): boolean {
  const name = repository.fullName.toLowerCase();
  if (identity.kind === 'job') return identity.repository === name;
  return identity.kind === 'user' && (identity.repositories?.has(name) ?? true);
}

/** `Bearer T`, `token T`, and `Basic` with any user name, as git and actions/checkout send it. */
function tokenOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'basic') return value;
  const [, ...password] = Buffer.from(value, 'base64').toString().split(':');
  return password.join(':');
}

function newToken(prefix: string): string {
  return prefix + randomBytes(18).toString('hex');
}
