/** When to try a request again, and after how long. */

/** What passes time; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const firstDelayMs = 500;
const longestDelayMs = 20_000;
/** A registry that asks for more patience than this has run out of quota: a person has to know. */
export const longestRetryAfterMs = 120_000;

const transientStatuses = new Set([408, 429, 500, 502, 503, 504]);
const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

export function isTransientStatus(status: number): boolean {
  return transientStatuses.has(status);
}

/** Connection errors that may be gone a moment later; a wrong name or certificate is not among them. */
export function isTransientError(error: unknown): boolean {
  return transientCodes.has(errorCode(error) ?? '');
}

/** The system's code of an error; of several tried addresses, the first one's. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'errors' in error && Array.isArray(error.errors) ? errorCode(error.errors[0]) : undefined;
}

/**
 * Milliseconds that a `Retry-After` header asks to wait (seconds or an HTTP date, RFC 9110 section 10.2.3);
 * undefined when there is none that makes sense.
 */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value.trim()) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Milliseconds before attempt `attempt` (from 1) is repeated: doubled each time, up to half of it by chance. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    }),
};
