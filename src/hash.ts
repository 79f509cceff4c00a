/**
 * SHA-256 of texts and small files. To load Node's own takes longer than to hash the few kilobytes of most runs in
 * JavaScript; so Node's is used from the moment on that there is more.
 */
import { hash } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes that a process hashes in JavaScript. */
export const smallAmount = 8_000;

/**
 * @param amount bytes to hash in JavaScript before Node's own is loaded
 * @returns a function that gives 64 hex digits
 */
export function createSha256Hex(amount = smallAmount): (content: string | Uint8Array) => string {
  let left = amount;
  return (content) => {
    if (left < 0) return hash('sha256', content);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    left -= bytes.length;
    return left >= 0 ? Buffer.from(sha256(bytes)).toString('hex') : hash('sha256', bytes);
  };
}

export const sha256Hex = createSha256Hex();
