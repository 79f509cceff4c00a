import { describe, expect, it } from '@jest/globals';
import { parsePublicationTag, publicationTag } from '../../src/images/index.ts';

const digest = `sha256:0123456789ab${'c'.repeat(52)}`;

describe('the tag of a publication', () => {
  it('says when, and of which digest', () => {
    expect(publicationTag(new Date('2026-11-23T03:45:12.678Z'), digest)).toBe('p-20261123T034512Z-0123456789ab');
  });

  it('is read as it was written', () => {
    const publishedAt = new Date('2026-11-23T03:45:12Z');
    expect(parsePublicationTag(publicationTag(publishedAt, digest))).toEqual({
      publishedAt,
      digestPrefix: '0123456789ab',
    });
  });

  it.each(['p-latest', 'p-20261123T034512Z', 'p-20261399T034512Z-0123456789ab', 'xp-20261123T034512Z-0123456789ab'])(
    'is not %s',
    (tag) => {
      expect(parsePublicationTag(tag)).toBeUndefined();
    },
  );
});
