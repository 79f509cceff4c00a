/** The images of a rotation, and everything that their repositories hold. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { discoverFleet, type FleetEntry, type GitHub } from '../github/index.ts';
import type { Config, ImageSettings } from '../images/config.ts';
import { loadConfig, mainTags } from '../images/index.ts';
import { formatProblem, type Problem, ProblemsError, problemsOf } from '../problems.ts';
import { loadRepository } from '../render/load.ts';
import { selectImages } from '../render/select.ts';
import type { RepositoryInput } from '../retention/index.ts';
import type { StoreOf } from './store.ts';

/** An image repository. */
export interface ImageRepository {
  /** `owner/name`. */
  readonly repository: string;
  readonly defaultBranch: string;
  readonly config: Config;
}

export const scopes = ['repository', 'fleet'] as const;

/** Whose images are rotated: those of this repository, or those of the whole fleet. */
export type Scope = (typeof scopes)[number];

/**
 * The image repositories of a fleet.
 * @throws ProblemsError when one can't be read: nobody knows what its builds stand on
 */
export async function readFleet(github: GitHub, entries: readonly FleetEntry[]): Promise<ImageRepository[]> {
  if (entries.length === 0) return [];
  const { repositories, problems: unreadable } = await discoverFleet(github, entries);
  const problems: Problem[] = [...unreadable];
  const read = repositories.flatMap(({ repository, defaultBranch, config, paths }): ImageRepository[] => {
    if (config === undefined) return [];
    try {
      return [{ repository, defaultBranch, config: loadConfig(config, 'images.yaml', paths) }];
    } catch (error) {
      for (const { place: _, ...problem } of problemsOf(error))
        problems.push({ ...problem, message: `${repository}: ${formatProblem({ message: problem.message })}` });
      return [];
    }
  });
  if (problems.length > 0) throw new ProblemsError(problems);
  return read;
}

/**
 * The repository that is checked out; `undefined` where it has no images, and there is a fleet to rotate.
 * @param file path of `images.yaml` in it
 * @throws ProblemsError
 */
export function readOwn(
  workspace: string,
  file: string,
  { repository, defaultBranch }: Pick<ImageRepository, 'repository' | 'defaultBranch'>,
  fleet: readonly ImageRepository[],
): ImageRepository | undefined {
  if (fleet.length > 0 && !existsSync(join(workspace, file))) return undefined;
  return { repository, defaultBranch, config: loadRepository(workspace, file) };
}

export interface Selection {
  readonly own: ImageRepository | undefined;
  readonly fleet: readonly ImageRepository[];
  readonly scope: Scope;
  /** Names or globs of the images to rotate; none means all of the scope. */
  readonly images: readonly string[];
}

export interface SelectedImage {
  readonly image: ImageSettings;
  readonly source: ImageRepository;
  /** False: its builds are only asked what they were built on. */
  readonly rotate: boolean;
}

/** @throws ProblemsError for a pattern that fits no image */
export async function selectForRotation({ own, fleet, scope, images }: Selection): Promise<SelectedImage[]> {
  const sources = [
    ...(own === undefined ? [] : [own]),
    ...fleet.filter(({ repository }) => repository.toLowerCase() !== own?.repository.toLowerCase()),
  ];
  const inScope = scope === 'fleet' ? sources : sources.filter((source) => source === own);
  const chosen = new Set(await selectImages({ images: inScope.flatMap(({ config }) => config.images) }, images));
  const seen = new Set<string>();
  return sources.flatMap((source) =>
    source.config.images.flatMap((image): SelectedImage[] => {
      if (seen.has(image.repository)) return [];
      seen.add(image.repository);
      return [{ image, source, rotate: chosen.has(image) }];
    }),
  );
}

/**
 * Lists every repository, a few at a time.
 * @throws ProblemsError when one can't be listed as a whole
 */
export async function gather(
  selected: readonly SelectedImage[],
  store: StoreOf,
  log: (line: string) => void,
): Promise<RepositoryInput[]> {
  const inputs: RepositoryInput[] = [];
  const problems: Problem[] = [];
  const queue = selected.entries();
  const work = async (): Promise<void> => {
    for (const [at, { image, source, rotate }] of queue) {
      const { repository } = image;
      try {
        const listing = await store(repository).list(repository);
        log(`${repository}: ${listing.manifests.length} manifests`);
        const tags = mainTags(image.tags, source.defaultBranch);
        inputs[at] = { listing, policy: source.config.retention, mainTags: tags, rotate };
      } catch (error) {
        problems.push(...problemsOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  if (problems.length > 0) throw new ProblemsError(problems);
  return inputs;
}
