import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aptSettings, readMachine, type ToolOptions } from '../packages/index.ts';
import { onExit, projectRoot, run } from '../processes/index.ts';
import type { LocalRegistry } from '../registry/server.ts';
import { imageSources, isOrdinary, makeFileSystem, RELEASE } from './debian.ts';
import { fetchImage } from './docker-hub.ts';
import { pushStoredImage } from './push.ts';
import { readManifest, storeImage } from './stored-image.ts';

const REPOSITORY = 'library/debian';
const TAG = `${RELEASE}-slim`;

/** The point in time that the image claims to be made at: 2025-01-01T00:00:00Z. */
const EPOCH = 1_735_689_600;

export interface BaseImageOptions extends ToolOptions {
  /** Where images are kept between runs; default: `.cache/base-image` of this checkout. */
  images?: string;
}

/**
 * Puts a Debian image into a local registry as `library/debian:bookworm-slim`.
 *
 * It is taken from Docker Hub where that answers, and made from Debian packages where it does not, or where the image
 * as published could not install packages (this machine's apt has a mirror or settings of its own). It is kept in the
 * cache, so that every run has the same digest; remove the cache for a newer one.
 *
 * @returns the reference, `127.0.0.1:PORT/library/debian:bookworm-slim`
 */
export async function provideBaseImage(
  registry: Pick<LocalRegistry, 'host' | 'auth'>,
  options: BaseImageOptions,
): Promise<string> {
  const machine = await readMachine();
  const sources = imageSources(machine);
  const settings = aptSettings((await run('apt-config', ['dump'])).stdout);
  const architecture = dockerArchitecture();
  const key = createHash('sha256')
    .update(JSON.stringify([sources, settings, architecture]))
    .digest('hex')
    .slice(0, 12);
  const cache = options.images ?? join(projectRoot(), '.cache', 'base-image');
  const final = join(cache, `${RELEASE}-${architecture}-${key}`);

  if ((await readManifest(final)) === undefined) {
    await mkdir(cache, { recursive: true });
    const work = await mkdtemp(join(cache, '.making-'));
    const discard = onExit(() => rm(work, { recursive: true, force: true }));
    try {
      const fetched = isOrdinary(sources, settings) && (await tryDockerHub(work, architecture, options.log));
      if (!fetched) {
        options.log(`making a Debian ${RELEASE} image from packages (about 20 s, once)`);
        const tar = join(work, 'base.tar');
        await makeFileSystem(tar, { sources, settings, epoch: EPOCH }, options);
        await storeImage(tar, work, { architecture, created: new Date(EPOCH * 1000).toISOString() });
        await rm(tar);
      }
      await rename(work, final).catch(async (error) => {
        // Another run has been faster; its image is as good.
        if ((await readManifest(final)) === undefined) throw error;
      });
    } finally {
      await discard();
    }
  }
  await pushStoredImage(final, registry, REPOSITORY, TAG);
  return `${registry.host}/${REPOSITORY}:${TAG}`;
}

async function tryDockerHub(folder: string, architecture: string, log: (line: string) => void): Promise<boolean> {
  try {
    await fetchImage(
      { origin: 'https://registry-1.docker.io', repository: REPOSITORY, tag: TAG, architecture },
      folder,
    );
    log(`debian:${TAG} from Docker Hub`);
    return true;
  } catch (error) {
    log(`Docker Hub does not give debian:${TAG} (${error instanceof Error ? error.message : error})`);
    return false;
  }
}

/** The name that images have for this machine's processor: Go's GOARCH. */
function dockerArchitecture(): string {
  const names: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  return names[process.arch] ?? process.arch;
}
