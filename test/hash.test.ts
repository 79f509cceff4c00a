import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSha256Hex, smallAmount } from '../src/hash.ts';

describe('sha256Hex', () => {
  // Around the ends of blocks, where padding changes.
  const contents = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, smallAmount].map((length) => randomBytes(length));

  it.each([
    ['in JavaScript', Number.POSITIVE_INFINITY],
    ["by Node's own", 0],
  ])('gives the same %s', (_, amount) => {
    const sha256Hex = createSha256Hex(amount);
    expect(contents.map((content) => sha256Hex(content))).toEqual(
      contents.map((content) => createHash('sha256').update(content).digest('hex')),
    );
  });

  it('gives the same where it goes from one to the other', () => {
    const sha256Hex = createSha256Hex(10);
    expect([sha256Hex('12345678'), sha256Hex('12345678')]).toEqual(
      Array(2).fill(createHash('sha256').update('12345678').digest('hex')),
    );
  });

  it('hashes text as UTF-8', () => {
    expect(createSha256Hex()('ä')).toBe(createHash('sha256').update('ä', 'utf8').digest('hex'));
  });
});
