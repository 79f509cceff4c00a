import { stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  agreeWithRender,
  cacheEntries,
  imageLabels,
  parseSecrets,
  shownLogs,
  writeSecrets,
} from '../../src/build/index.ts';
import { debian, pending, record, rendered } from './images.ts';

describe('agreeWithRender', () => {
  const image = rendered('web', { platforms: ['linux/amd64', 'linux/arm64'], buildArgs: { A: '1' } });

  it('accepts what repeats the render step', () => {
    expect(agreeWithRender([image], ['linux/arm64', 'linux/amd64'], { A: '1' })).toEqual([]);
    expect(agreeWithRender([image], [], {})).toEqual([]);
  });

  it('refuses what the keys know nothing of, and points to the render step', () => {
    const found = agreeWithRender([image], ['linux/amd64'], { A: '2', B: '3' });
    expect(found.map(({ message }) => message)).toEqual([
      "input 'platforms' is linux/amd64, but web was rendered for linux/amd64, linux/arm64",
      "input 'build-args' sets A, but web was rendered with another value",
      "input 'build-args' sets B, but web was rendered without it",
    ]);
    expect(found[0]?.hint).toMatch(/on the step that runs 'render'/);
  });
});

describe('cacheEntries', () => {
  it('keep the images apart', () => {
    expect(
      cacheEntries(['type=gha,mode=max', 'type=gha,scope=x', 'type=registry,ref=r/cache:{{image}}'], 'web'),
    ).toEqual(['type=gha,mode=max,scope=web', 'type=gha,scope=x', 'type=registry,ref=r/cache:web']);
  });
});

describe('secrets', () => {
  it('are read as build-push-action reads them', () => {
    expect(parseSecrets('A=1=2\n\n"C=first\nsecond ""two"""\nD=last')).toEqual({
      A: '1=2',
      C: 'first\nsecond "two"',
      D: 'last',
    });
  });

  it('are never repeated in an error', () => {
    expect(() => parseSecrets('A=1\nsesame')).toThrow(
      "input 'secrets', line 2: this is no id=value; write one id=value a line",
    );
    expect(() => parseSecrets('A=1\nsesame')).not.toThrow(/sesame/);
  });

  it('lie in files that only this user can read, until they are removed', async () => {
    const { files, remove } = await writeSecrets({ A: 'sesame' });
    const file = files.A ?? '';
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await remove();
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});

describe('imageLabels', () => {
  const { ref } = record();

  it('say what the image stands on, with the digest of its platform', () => {
    const labels = imageLabels(rendered('web', { upstreams: [debian] }), ref, 'FROM debian:bookworm\n');
    expect(labels).toMatchObject({
      'org.opencontainers.image.base.name': 'docker.io/library/debian:bookworm',
      'org.opencontainers.image.base.digest': `sha256:${'1'.repeat(64)}`,
      'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
      'io.image-cascade.class': 'default',
      'io.image-cascade.upstreams': `[{"kind":"image","reference":"docker.io/library/debian:bookworm","digest":"${debian.digest}"}]`,
    });
  });

  it('are all there, if need be empty, so that none is inherited from the base', () => {
    const onPending = imageLabels(
      rendered('web', { upstreams: [pending('base')], tags: [] }),
      ref,
      'FROM r.example:5000/acme/base:latest\n',
    );
    const onScratch = imageLabels(rendered('web'), ref, 'FROM scratch\n');
    expect(Object.keys(onPending)).toEqual(Object.keys(onScratch));
    expect(onPending['org.opencontainers.image.base.digest']).toBe('');
    expect(onPending['org.opencontainers.image.version']).toBe('');
    expect(onScratch['org.opencontainers.image.base.name']).toBe('');
  });
});

describe('shownLogs', () => {
  it('put the failed image last, with its end unfolded', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const shown = shownLogs(
      {
        images: [
          { name: 'bad', status: 'failed', reason: 'exit 3' },
          { name: 'good', status: 'built', reason: '' },
          { name: 'old', status: 'reused', reason: '' },
        ],
      },
      new Map([
        ['bad', lines],
        ['good', ['x']],
      ]),
    );
    expect(shown.map(({ title }) => title)).toEqual(['good: built', 'bad: failed, exit 3']);
    expect(shown[1]?.tail).toEqual(lines.slice(10));
  });
});
