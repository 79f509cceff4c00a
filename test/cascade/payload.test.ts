import { describe, expect, it } from '@jest/globals';
import { payloadOf } from '../../src/cascade/index.ts';

const origin = { cascade: '7', depth: 3, origin: 'https://github.com/acme/base/actions/runs/7' };

describe('payloadOf', () => {
  it('is one step deeper than the run that sends it', () => {
    const payload = payloadOf({ repository: 'acme/web', images: ['a', 'b'], reason: 'a: never published' }, origin);
    expect(payload).toEqual({ ...origin, depth: 4, reason: 'a: never published', images: ['a', 'b'] });
  });

  it('stays within what GitHub takes, whatever there is to tell', () => {
    const images = Array.from({ length: 20_000 }, (_, at) => `image-${at}-ü`);
    const payload = payloadOf({ repository: 'acme/web', images, reason: 'é'.repeat(100_000) }, origin);
    expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(64 * 1024);
    expect(Object.keys(payload).length).toBeLessThanOrEqual(10);
    expect(payload.images.length).toBeGreaterThan(1_000);
    expect(payload.images).toEqual(images.slice(0, payload.images.length));
  });
});
