/** Which images of `images.yaml` a run is about, and what the inputs change in them. */
import { closest } from '../documents/index.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import { normalPlatform } from '../images/index.ts';
import { type Problem, ProblemsError } from '../problems.ts';

/**
 * @param patterns names or globs; none means all images
 * @throws ProblemsError for each pattern that matches nothing
 */
export async function selectImages(
  config: Pick<Config, 'images'>,
  patterns: readonly string[],
): Promise<ImageSettings[]> {
  if (patterns.length === 0) return [...config.images];
  const { default: picomatch } = await import('picomatch');
  const names = config.images.map(({ name }) => name);
  const problems: Problem[] = [];
  const selected = new Set<string>();
  for (const pattern of patterns) {
    const isMatch = picomatch(pattern);
    const matches = names.filter((name) => isMatch(name));
    for (const name of matches) selected.add(name);
    const near = closest(pattern, names);
    if (matches.length === 0)
      problems.push({
        message: `input 'images': there is no image '${pattern}'`,
        hint:
          near === undefined
            ? `images are ${names.join(', ')}`
            : `did you mean '${near}'? Images are ${names.join(', ')}`,
      });
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return config.images.filter(({ name }) => selected.has(name));
}

/** Platforms replace those of `images.yaml`, build arguments are added to them. */
export function withInputs(
  image: ImageSettings,
  platforms: readonly string[],
  buildArgs: Readonly<Record<string, string>>,
): ImageSettings {
  return {
    ...image,
    platforms: platforms.length === 0 ? image.platforms : [...new Set(platforms.map(normalPlatform))],
    buildArgs: { ...image.buildArgs, ...buildArgs },
  };
}
