/** Rendered images, as small as they can be. */
import type { ImageUpstream, PendingUpstream, RenderedImage, RenderRecord } from '../../src/images/records.ts';

export const digest = `sha256:${'d'.repeat(64)}`;

export function rendered(name: string, rest: Partial<RenderedImage> = {}): RenderedImage {
  return {
    name,
    repository: `r.example:5000/acme/${name}`,
    tags: ['latest'],
    template: `docker/${name}/Dockerfile.j2`,
    dockerfile: `/run/${name}/Dockerfile`,
    context: `/run/${name}/context`,
    buildArgs: {},
    platforms: ['linux/amd64'],
    upstreams: [],
    material: {
      input: { objects: {} },
      build: { dockerfile: '', context: '', buildArgs: {}, platforms: ['linux/amd64'] },
    },
    waiting: false,
    build: { needed: true, reason: 'never built' },
    test: { needed: true, reason: 'never tested' },
    ...rest,
  };
}

export function pending(image: string): PendingUpstream {
  const reference = `r.example:5000/acme/${image}:latest`;
  return { kind: 'pending', written: reference, reference, image };
}

export const debian: ImageUpstream = {
  kind: 'image',
  written: 'debian:bookworm',
  reference: 'docker.io/library/debian:bookworm',
  digest,
  platforms: { 'linux/amd64': `sha256:${'1'.repeat(64)}` },
  fleet: false,
};

export function record(...images: RenderedImage[]): RenderRecord {
  return {
    ref: {
      event: 'push',
      name: 'main',
      type: 'branch',
      defaultBranch: 'main',
      isDefaultBranch: true,
      fork: false,
      revision: 'c0ffee',
      committed: 1_700_000_000,
      repository: 'acme/images',
      url: 'https://github.com/acme/images',
      runId: '7',
      runUrl: 'https://github.com/acme/images/actions/runs/7',
    },
    registry: 'r.example:5000',
    namespace: 'acme',
    copies: [],
    images,
  };
}
