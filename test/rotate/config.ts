import { type Config, loadConfig } from '../../src/images/index.ts';
import type { ImageRepository } from '../../src/rotate/index.ts';

/** `images.yaml` with images in a registry's namespace `acme`. */
export function configOf(host: string, images: readonly string[], more = ''): Config {
  const text = `registry: ${host}\nnamespace: acme\n${more}`;
  return loadConfig(
    text,
    'images.yaml',
    images.map((image) => `docker/${image}/Dockerfile.j2`),
  );
}

export function imageRepository(
  host: string,
  images: readonly string[],
  { more = '', repository = 'acme/images' } = {},
): ImageRepository {
  return { repository, defaultBranch: 'main', config: configOf(host, images, more) };
}
