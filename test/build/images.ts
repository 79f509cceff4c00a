/** Rendered images, as small as they can be. */
import type { ImageUpstream, PendingUpstream, RenderedImage, RenderRecord } from '../../src/images/records.ts';
import { image, renderRecord, runRef } from '../records.ts';

export const digest = `sha256:${'d'.repeat(64)}`;

export function rendered(name: string, rest: Partial<RenderedImage> = {}): RenderedImage {
  return image(name, {
    repository: `r.example:5000/acme/${name}`,
    material: {
      input: { objects: {} },
      build: { dockerfile: '', context: '', buildArgs: {}, platforms: ['linux/amd64'] },
    },
    ...rest,
  });
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
  return renderRecord(images, { ref: runRef({ revision: 'c0ffee', runId: '7' }), registry: 'r.example:5000' });
}
