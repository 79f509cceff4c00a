import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from './server.ts';

export type AuthKind = 'none' | 'basic' | 'bearer';

export interface StandInUser extends Credentials {
  /** Repositories that the user may write; default: all. Everybody who is let in may read. */
  writes?: RegExp;
  /** Stands for the user at the token service, as a login with single sign-on does. */
  identityToken?: string;
}

export interface AuthOptions {
  kind: AuthKind;
  users: readonly StandInUser[];
  /** Repositories that may be read without a login; default: none. */
  anonymous?: RegExp;
  host: () => string;
  now: () => number;
  /** Seconds that a token is good for. */
  lifetime: number;
}

export interface Auth {
  /** What keeps a request out: status and headers; undefined lets it in. */
  check(headers: IncomingHttpHeaders, repository: string, action: string): Refusal | undefined;
  /** The token service. */
  token(method: string, headers: IncomingHttpHeaders, query: URLSearchParams, form: string): TokenAnswer;
  /** Makes every token given so far invalid. */
  expireAll(): void;
}

export interface Refusal {
  status: 401 | 403;
  headers: Record<string, string>;
}

export interface TokenAnswer {
  status: number;
  body: unknown;
}

const service = 'registry stand-in';

export function createAuth({ kind, users, anonymous, host, now, lifetime }: AuthOptions): Auth {
  const tokens = new Map<string, { grants: Set<string>; expires: number }>();

  const loggedIn = (headers: IncomingHttpHeaders): StandInUser | 'nobody' | 'wrong' => {
    const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() !== 'basic') return 'nobody';
    const text = Buffer.from(value, 'base64').toString('utf8');
    return users.find(({ username, password }) => `${username}:${password}` === text) ?? 'wrong';
  };

  const may = (user: StandInUser | 'nobody', repository: string, action: string): boolean => {
    if (user === 'nobody') return action === 'pull' && anonymous?.test(repository) === true;
    return action === 'pull' || (user.writes ?? /^/).test(repository);
  };

  const challenge = (repository: string, action: string): Refusal => {
    const actions = action === 'push' ? 'pull,push' : action;
    const value =
      kind === 'basic'
        ? `Basic realm="${service}"`
        : `Bearer realm="http://${host()}/token",service="${service}",scope="repository:${repository}:${actions}"`;
    return { status: 401, headers: { 'www-authenticate': value } };
  };

  return {
    check: (headers, repository, action) => {
      if (kind === 'none') return undefined;
      if (kind === 'basic') {
        const user = loggedIn(headers);
        if (user === 'wrong') return challenge(repository, action);
        if (may(user, repository, action)) return undefined;
        return user === 'nobody' ? challenge(repository, action) : { status: 403, headers: {} };
      }
      const token = tokens.get((headers.authorization ?? '').replace(/^Bearer /i, ''));
      if (token === undefined || token.expires <= now()) return challenge(repository, action);
      return token.grants.has(`${repository}:${action}`) ? undefined : challenge(repository, action);
    },

    token: (method, headers, query, form) => {
      const fields = method === 'POST' ? new URLSearchParams(form) : query;
      const refresh = method === 'POST' ? fields.get('refresh_token') : undefined;
      const user =
        refresh === undefined
          ? loggedIn(headers)
          : (users.find(({ identityToken }) => identityToken !== undefined && identityToken === refresh) ?? 'wrong');
      if (user === 'wrong' || fields.get('service') !== service) {
        return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message: 'incorrect username or password' }] } };
      }
      const scopes = fields.getAll('scope').flatMap((scope) => scope.split(' '));
      const grants = scopes.flatMap((scope) => {
        const [, repository = '', actions = ''] = /^repository:(.+):([a-z,*]+)$/.exec(scope) ?? [];
        return actions
          .split(',')
          .filter((action) => may(user, repository, action))
          .map((action) => `${repository}:${action}`);
      });
      const token = randomBytes(16).toString('hex');
      tokens.set(token, { grants: new Set(grants), expires: now() + lifetime * 1000 });
      const name = method === 'POST' ? 'access_token' : 'token';
      return { status: 200, body: { [name]: token, expires_in: lifetime } };
    },

    expireAll: () => tokens.clear(),
  };
}
