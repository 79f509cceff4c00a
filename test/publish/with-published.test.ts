import { describe, expect, it } from '@jest/globals';
import { withPublished } from '../../src/publish/index.ts';
import type { ResolvedImage } from '../../src/registry/types.ts';
import { image } from '../records.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const now: ResolvedImage = {
  digest: digest('1'),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  platforms: { 'linux/amd64': digest('a'), 'linux/arm64': digest('b') },
};

describe('the upstreams of an image when it is published', () => {
  it('are what this run published, for the platforms of the image alone, on a branch too', () => {
    const shop = image('shop', {
      tags: ['feature'],
      platforms: ['linux/amd64'],
      upstreams: [{ kind: 'pending', written: 'web', reference: 'r.test/acme/web:latest', image: 'web' }],
    });
    expect(withPublished(shop, new Map([['web', now]]))).toEqual([
      {
        kind: 'image',
        written: 'web',
        reference: 'r.test/acme/web:latest',
        digest: digest('1'),
        platforms: { 'linux/amd64': digest('a') },
        fleet: true,
      },
    ]);
  });

  it('stay what they were built on, where they were known before', () => {
    const upstream = {
      kind: 'image',
      written: 'web:1.4',
      reference: 'r.test/acme/web:1.4',
      digest: digest('2'),
      platforms: { 'linux/amd64': digest('c') },
      fleet: true,
    } as const;
    expect(withPublished(image('shop', { upstreams: [upstream] }), new Map([['web', now]]))).toEqual([upstream]);
  });
});
