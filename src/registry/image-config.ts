import { fail } from '../problems.ts';
import { parseObject } from './manifests.ts';
import type { ImageConfig } from './types.ts';

/**
 * Reads an image configuration: https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md
 * @throws ProblemsError for what is none
 */
export function parseConfig(bytes: Uint8Array, name: string): ImageConfig {
  const { os, architecture, variant, created, config } = parseObject(bytes, name);
  if (typeof os !== 'string' || typeof architecture !== 'string') {
    return fail(`the configuration ${name} names no platform`, { hint: 'push the image again' });
  }
  return {
    os,
    architecture,
    ...(typeof variant === 'string' && variant !== '' ? { variant } : {}),
    ...(typeof created === 'string' ? { created } : {}),
    ...(typeof config === 'object' && config !== null ? { config: { ...config } } : {}),
  };
}
