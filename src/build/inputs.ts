/** The inputs of a build that depend on the images: pure. */
import type { RenderedImage } from '../images/records.ts';
import type { Problem } from '../problems.ts';

/**
 * Platforms and build arguments go into the keys, which `render` computed: here they can only be repeated.
 * @returns one problem for each image and input that says something else
 */
export function agreeWithRender(
  images: readonly RenderedImage[],
  platforms: readonly string[],
  buildArgs: Readonly<Record<string, string>>,
): Problem[] {
  return images.flatMap((image): Problem[] => {
    const hint = (input: string): string =>
      `set '${input}' on the step that runs 'render', or in images.yaml: it decides whether a build is needed`;
    const same = platforms.toSorted().join() === image.platforms.toSorted().join();
    const platformProblem: Problem = {
      message: `input 'platforms' is ${platforms.join(', ')}, but ${image.name} was rendered for ${image.platforms.join(', ')}`,
      hint: hint('platforms'),
    };
    const others = Object.entries(buildArgs).filter(([name, value]) => image.buildArgs[name] !== value);
    return [
      ...(platforms.length > 0 && !same ? [platformProblem] : []),
      ...others.map(([name]) => ({
        message: `input 'build-args' sets ${name}, but ${image.name} was rendered ${name in image.buildArgs ? 'with another value' : 'without it'}`,
        hint: hint('build-args'),
      })),
    ];
  });
}

/**
 * The cache entries of one image. Images that wrote to the same place would replace each other's cache: `{{image}}` in
 * an entry is the image's name, and GitHub's cache gets a scope of the image's own unless one is given.
 */
export function cacheEntries(entries: readonly string[], image: string): string[] {
  return entries.map((entry) => {
    const named = entry.replaceAll('{{image}}', image);
    return /(?:^|,)type=gha(?:,|$)/.test(named) && !/(?:^|,)scope=/.test(named) ? `${named},scope=${image}` : named;
  });
}
