/**
 * Authorization headers: basic, or bearer tokens as in https://distribution.github.io/distribution/spec/auth/token/
 * and https://distribution.github.io/distribution/spec/auth/oauth/ (identity tokens).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { fail } from '../problems.ts';
import { isSafe } from './addresses.ts';
import { parseChallenges } from './challenge.ts';
import type { CredentialSource, Credentials } from './credentials.ts';
import { errorDetail, RegistryStatusError, unexpected, wrongPassword } from './errors.ts';
import { header } from './http.ts';
import type { Clock } from './retries.ts';

/** Sends a request to a token service, retries included. */
export type TokenSender = (request: {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}) => Promise<{ readonly status: number; readonly bytes: Uint8Array }>;

export interface Tokens {
  /** The header for requests to a host, as far as it is known what the host wants; undefined: send none. */
  authorization(host: string, scopes: readonly string[]): Promise<string | undefined>;
  /** Learns from a 401 what the host wants. The token in `refused`, the header that was sent, is not used again. */
  learn(host: string, scopes: readonly string[], headers: IncomingHttpHeaders, refused: string | undefined): void;
  /** Whether requests to a host carry somebody's login. */
  hasLogin(host: string): Promise<boolean>;
  /** Whether the host takes the password itself, so that a 401 means that it is wrong. */
  isBasic(host: string): boolean;
}

type Demand = { readonly kind: 'basic' } | { readonly kind: 'bearer'; readonly realm: URL; readonly service?: string };

/** Lifetime of a token that names none, and what is left of it when it is no longer used: both from the specification. */
const defaultLifetimeS = 60;
const marginMs = 10_000;

export function createTokens(credentials: CredentialSource, send: TokenSender, clock: Clock): Tokens {
  const demands = new Map<string, Demand>();
  const tokens = new Map<string, Promise<{ value: string; expires: number }>>();
  const refusedHeaders = new Set<string>();
  const logins = new Map<string, Promise<Credentials | undefined>>();

  const loginFor = (host: string): Promise<Credentials | undefined> => {
    const known = logins.get(host) ?? credentials(host);
    logins.set(host, known);
    return known;
  };

  const keyOf = (host: string, scopes: readonly string[]): string => [host, ...scopes].join(' ');

  const bearer = async (host: string, scopes: readonly string[], demand: Demand & { kind: 'bearer' }) => {
    const key = keyOf(host, scopes);
    const known = tokens.get(key);
    if (known !== undefined) {
      const token = await known;
      const used = token.expires - marginMs <= clock.now() || refusedHeaders.has(`${key} Bearer ${token.value}`);
      if (!used) return token.value;
    }
    // Whoever came first asks for the token; all others wait for the same one.
    const asked = tokens.get(key);
    const fresh = asked === known || asked === undefined ? requestToken(host, scopes, demand) : asked;
    tokens.set(key, fresh);
    fresh.catch(() => tokens.delete(key));
    return (await fresh).value;
  };

  const requestToken = async (host: string, scopes: readonly string[], demand: Demand & { kind: 'bearer' }) => {
    const login = await loginFor(host);
    const asked = clock.now();
    const { status, bytes } = await send(tokenRequest(demand, scopes, login));
    if (status !== 200) throw tokenRefused(host, status, bytes, login !== undefined);
    return readToken(host, bytes, asked);
  };

  return {
    authorization: async (host, scopes) => {
      const demand = demands.get(host);
      if (demand?.kind === 'bearer') return `Bearer ${await bearer(host, scopes, demand)}`;
      const login = demand === undefined ? undefined : await loginFor(host);
      return login?.kind === 'password' ? basic(login) : undefined;
    },
    learn: (host, scopes, headers, refused) => {
      if (refused !== undefined) refusedHeaders.add(`${keyOf(host, scopes)} ${refused}`);
      const demand = demandOf(host, header(headers, 'www-authenticate') ?? '');
      if (demand !== undefined) demands.set(host, demand);
    },
    hasLogin: async (host) => (await loginFor(host)) !== undefined,
    isBasic: (host) => demands.get(host)?.kind === 'basic',
  };
}

/** Thrown when a token service refuses: `login` says whether it saw one. */
export class TokenRefusedError extends Error {
  readonly login: boolean;
  readonly reason: RegistryStatusError;

  constructor(login: boolean, reason: RegistryStatusError) {
    super(reason.message);
    this.login = login;
    this.reason = reason;
  }
}

function tokenRefused(host: string, status: number, bytes: Uint8Array, login: boolean): Error {
  const reason = new RegistryStatusError(host, status, errorDetail(bytes));
  if (status === 401 && login) return wrongPassword(host, reason);
  // 400: what OAuth services answer to a refresh token that they don't know (RFC 6749 section 5.2).
  if (status === 400 && login) return wrongPassword(host, reason);
  if (status === 401 || status === 403) return new TokenRefusedError(login, reason);
  return unexpected(`get a token for registry ${host}`, reason);
}

function demandOf(host: string, value: string): Demand | undefined {
  const challenges = parseChallenges(value);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) {
    const { realm = '', service } = bearer.parameters;
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    // The password goes there: never in the clear, except on this machine.
    if (url === undefined || !isSafe(url)) {
      fail(`registry ${host} wants tokens from '${realm}', which is no HTTPS address`, {
        hint: 'its administrator has to correct the realm of its token service',
      });
    }
    return { kind: 'bearer', realm: url, ...(service === undefined ? {} : { service }) };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined;
}

function tokenRequest(demand: Demand & { kind: 'bearer' }, scopes: readonly string[], login: Credentials | undefined) {
  if (login?.kind === 'identity') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'image-cascade',
      service: demand.service ?? '',
      scope: scopes.join(' '),
      refresh_token: login.token,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST' as const, url: demand.realm, headers, body: Buffer.from(form.toString()) };
  }
  const url = new URL(demand.realm);
  if (demand.service !== undefined) url.searchParams.set('service', demand.service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  return { method: 'GET' as const, url, headers: login === undefined ? {} : { authorization: basic(login) } };
}

function basic(login: Credentials & { kind: 'password' }): string {
  return `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
}

function readToken(host: string, bytes: Uint8Array, asked: number): { value: string; expires: number } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    parsed = undefined;
  }
  const answer: Record<string, unknown> = typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  const value = answer.token ?? answer.access_token;
  // What a header can't hold is no token.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    fail(`the token service of registry ${host} gave no token`, { hint: 'ask who runs the registry' });
  }
  const lifetime = typeof answer.expires_in === 'number' ? answer.expires_in : defaultLifetimeS;
  return { value, expires: asked + Math.max(lifetime, defaultLifetimeS) * 1000 };
}
