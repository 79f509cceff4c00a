import { describe, expect, it } from '@jest/globals';
import { apiRoot, parseRepository } from '../../src/registry/addresses.ts';
import { mediaTypes, parseManifest, platformText } from '../../src/registry/index.ts';
import { jsonBytes } from './fixtures.ts';

describe('a platform', () => {
  it.each([
    ['linux', 'amd64', undefined, 'linux/amd64'],
    ['linux', 'arm64', 'v8', 'linux/arm64'],
    ['linux', 'arm64', undefined, 'linux/arm64'],
    ['linux', 'aarch64', '8', 'linux/arm64'],
    ['linux', 'x86_64', 'v1', 'linux/amd64'],
    ['linux', 'amd64', 'v3', 'linux/amd64/v3'],
    ['linux', 'arm', 'v7', 'linux/arm/v7'],
    ['linux', 'arm', undefined, 'linux/arm/v7'],
    ['Linux', 'ARM', '6', 'linux/arm/v6'],
  ])('%s %s %s is written %s', (os, architecture, variant, expected) => {
    expect(platformText({ os, architecture, ...(variant === undefined ? {} : { variant }) })).toBe(expected);
  });
});

describe('a registry', () => {
  it.each([
    ['debian', 'https://registry-1.docker.io/v2/', 'library/debian'],
    ['ghcr.io/acme/web', 'https://ghcr.io/v2/', 'acme/web'],
    ['localhost:5000/web', 'http://localhost:5000/v2/', 'web'],
    ['127.0.0.1:5000/a/b', 'http://127.0.0.1:5000/v2/', 'a/b'],
    ['[::1]:5000/a/b', 'http://[::1]:5000/v2/', 'a/b'],
    ['localhost.evil.example/a', 'https://localhost.evil.example/v2/', 'a'],
    ['127.0.0.1.evil.example:80/a', 'https://127.0.0.1.evil.example:80/v2/', 'a'],
    ['192.168.1.2:5000/a', 'https://192.168.1.2:5000/v2/', 'a'],
  ])('of %s is at %s', (text, root, path) => {
    const repository = parseRepository(text);
    expect(apiRoot(repository.host).href).toBe(root);
    expect(repository.path).toBe(path);
  });
});

describe('a manifest', () => {
  const type = mediaTypes.ociManifest;
  it.each([
    ['not JSON', Buffer.from('{'), type, 'is not JSON'],
    ['a list', jsonBytes([]), type, 'is not a JSON object'],
    [
      'of an old type',
      jsonBytes({ schemaVersion: 1 }),
      'application/vnd.docker.distribution.manifest.v1+json',
      'v1+json',
    ],
    ['without a configuration', jsonBytes({ layers: [] }), type, 'without a sha256 digest'],
    [
      'without layers',
      jsonBytes({ config: { mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 1 } }),
      type,
      'incomplete',
    ],
    [
      'with a path for a digest',
      jsonBytes({ config: { mediaType: 'x', digest: '../../etc', size: 1 } }),
      type,
      'without a sha256',
    ],
  ])('is refused when it is %s', (_what, bytes, contentType, message) => {
    expect(() => parseManifest(bytes, contentType, 'r.example/a:b')).toThrow(message);
  });
});
