/** Records as the earlier steps of a job leave them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderedImage, RenderRecord, Upstream } from '../../src/images/records.ts';

/** An image whose Dockerfile is written to the folder. */
export async function rendered(
  folder: string,
  name: string,
  text: string,
  mainReference: string,
  upstreams: readonly Upstream[],
): Promise<RenderedImage> {
  const context = join(folder, name, 'context');
  await mkdir(context, { recursive: true });
  const dockerfile = join(folder, name, 'Dockerfile');
  await writeFile(dockerfile, text);
  const platforms = ['linux/amd64'];
  return {
    name,
    repository: `fleet.example/acme/${name}`,
    tags: ['latest'],
    mainReference,
    template: `docker/${name}/Dockerfile.j2`,
    templateLines: text.split('\n').map((_, index) => index + 1),
    dockerfile,
    context,
    buildArgs: {},
    platforms,
    upstreams,
    material: { input: { objects: {} }, build: { dockerfile: '', context: '', buildArgs: {}, platforms } },
    waiting: false,
    build: { needed: true, reason: 'tried out' },
    test: { needed: true, reason: 'tried out' },
  };
}

export function recordOf(images: readonly RenderedImage[]): RenderRecord {
  const url = 'http://127.0.0.1/acme/images';
  return {
    ref: {
      event: 'push',
      name: 'main',
      type: 'branch',
      defaultBranch: 'main',
      isDefaultBranch: true,
      fork: false,
      revision: '0'.repeat(40),
      committed: 1_700_000_000,
      repository: 'acme/images',
      url,
      runId: String(process.pid),
      runUrl: `${url}/actions/runs/1`,
    },
    registry: 'fleet.example',
    namespace: 'acme',
    copies: [],
    images,
  };
}
