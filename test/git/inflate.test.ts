import { constants, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inflate } from '../../src/git/inflate.ts';

/** Bytes with repetitions near and far, as texts and trees have them. */
const contents = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string().map((text) => Buffer.from(text)),
    ),
    { maxLength: 20 },
  )
  .chain((parts) =>
    fc
      .array(fc.nat({ max: Math.max(parts.length - 1, 0) }), { maxLength: 60 })
      .map((order) => Buffer.concat(order.flatMap((index) => parts[index] ?? []))),
  );

describe('compressed data', () => {
  it('is what it was before, however it was packed', () => {
    const options = fc.record({
      level: fc.integer({ min: 0, max: 9 }),
      strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY),
    });
    fc.assert(
      fc.property(contents, options, (content, how) => {
        expect(inflate(deflateSync(content, how), content.length).equals(content)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('may be large, and far from what it repeats', () => {
    const content = Buffer.concat([
      Buffer.from('begin'),
      Buffer.alloc(32_700, 'x'),
      Buffer.from('begin'),
      Buffer.alloc(200_000),
    ]);
    expect(inflate(deflateSync(content), content.length).equals(content)).toBe(true);
  });

  it('is refused when it ends too early, and never read past its end', () => {
    const packed = deflateSync(Buffer.from('tree 40\0'.repeat(50)));
    // The last four bytes are a sum, which is not looked at.
    for (let length = 0; length < packed.length - 4; length++)
      expect(() => inflate(packed.subarray(0, length), 1_000)).toThrow(RangeError);
  });

  it('is refused when it becomes more than was allowed', () => {
    expect(() => inflate(deflateSync(Buffer.alloc(1_001)), 1_000)).toThrow('more than 1000 bytes');
  });

  it('gives an end to every reading, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(inflate(Uint8Array.of(0x78, 0x01, ...bytes), 10_000).length).toBeLessThanOrEqual(10_000);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
