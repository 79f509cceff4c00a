/** The images of a fleet, read from git alone: what `images.yaml` and the templates of each default branch say. */
import type { FleetImage, UpstreamName } from '../fleet/types.ts';
import { type Discovery, type GitHub, type GitObject, type RepositorySnapshot, readObjects } from '../github/index.ts';
import { type Config, type ImageSettings, inputPaths, loadConfig, mainTags } from '../images/index.ts';
import { canonicalReference } from '../images/reference.ts';
import { formatProblem, type Problem, ProblemsError, problemsOf } from '../problems.ts';
import type { TemplateLoader } from '../templates/index.ts';
import type { Facts } from './facts.ts';

/** What an image builds on, by rendering its template. */
export type RenderUpstreams = (
  config: Config,
  name: string,
  loader: TemplateLoader,
  defaultBranch: string,
) => readonly UpstreamName[];

/** What a published image says that it builds on; `undefined` when it says nothing. */
export type LabelledUpstreams = (reference: string) => Promise<readonly UpstreamName[] | undefined>;

export interface GatheredFleet {
  readonly images: readonly FleetImage[];
  /** References whose upstreams nobody can tell, and why: nothing is decided about them. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** A template may include others, those again others: each level is one more question. */
const mostLevels = 8;

interface Project {
  readonly snapshot: RepositorySnapshot;
  readonly config: Config;
  /** What was asked for, by path; `null` where there is nothing. */
  readonly objects: Map<string, GitObject | null>;
}

interface Rendered {
  readonly upstreams?: readonly UpstreamName[];
  readonly error?: unknown;
}

/** A repository or an image that can't be read is left out and told of; it does not stop the others. */
export async function gatherFleet(
  { repositories, problems: unreachable }: Discovery,
  github: GitHub,
  renderUpstreams: RenderUpstreams,
  labelledUpstreams: LabelledUpstreams,
  facts: Facts,
): Promise<GatheredFleet> {
  const problems: Problem[] = [...unreachable];
  const projects = repositories.flatMap((snapshot): Project[] => {
    if (snapshot.inactive) return [];
    const config = readConfig(snapshot, problems);
    const { objects } = facts.commit(snapshot.repository, snapshot.head);
    return config === undefined ? [] : [{ snapshot, config, objects }];
  });
  await readPaths(
    projects.map((project) => ({
      project,
      paths: project.config.images.flatMap((image) => neededPaths(project, image)),
    })),
    github,
  );
  const rendered = await renderAll(projects, github, renderUpstreams);

  const images = new Map<string, FleetImage>();
  const unreadable = new Map<string, string>();
  for (const project of projects)
    for (const image of project.config.images) {
      const named = nameImage(project, image);
      const known = images.get(named.reference);
      if (known !== undefined) {
        problems.push({
          message: `${known.repository} and ${named.repository} both publish ${named.reference}`,
          hint: 'rename one of the images, or give it another namespace',
        });
        continue;
      }
      const { upstreams, error } = rendered.get(image) ?? {};
      if (upstreams !== undefined) {
        images.set(named.reference, { ...named, upstreams });
        continue;
      }
      const why = problemsOf(error).map((problem) => within(named.repository, problem));
      problems.push(...why);
      const labelled = await labelledUpstreams(named.reference).catch(() => undefined);
      images.set(named.reference, { ...named, upstreams: labelled ?? [] });
      if (labelled === undefined)
        unreadable.set(
          named.reference,
          `its template can't be rendered: ${why.map(({ message }) => message).join('; ')}`,
        );
    }
  return { images: [...images.values()], unreadable, problems };
}

function readConfig(snapshot: RepositorySnapshot, problems: Problem[]): Config | undefined {
  if (snapshot.config === undefined) {
    problems.push({
      message: `${snapshot.repository} has no images.yaml on its branch '${snapshot.defaultBranch}'`,
      hint: "add one, or take the repository out of 'fleet'",
    });
    return undefined;
  }
  try {
    return loadConfig(snapshot.config, 'images.yaml', snapshot.paths);
  } catch (error) {
    problems.push(...problemsOf(error).map((problem) => within(snapshot.repository, problem)));
    return undefined;
  }
}

function neededPaths({ config }: Project, image: ImageSettings): readonly string[] {
  return [...inputPaths(config, image), image.template];
}

/** Object ids as `render` records them: of the input paths that exist. */
function nameImage({ snapshot, config, objects }: Project, image: ImageSettings): Omit<FleetImage, 'upstreams'> {
  const [main = 'latest', ...others] = mainTags(image.tags, snapshot.defaultBranch);
  const referenceOf = (tag: string): string => canonicalReference(`${image.repository}:${tag}`);
  const ids = inputPaths(config, image).flatMap((path) => {
    const object = objects.get(path);
    return object ? [[path, object.id]] : [];
  });
  return {
    reference: referenceOf(main),
    aliases: others.map(referenceOf),
    name: image.name,
    repository: snapshot.repository,
    revision: snapshot.head,
    platforms: image.platforms,
    material: { objects: Object.fromEntries(ids) },
  };
}

/** Renders with the texts at hand, fetches those that were missed, and so on. */
async function renderAll(
  projects: readonly Project[],
  github: GitHub,
  renderUpstreams: RenderUpstreams,
): Promise<Map<ImageSettings, Rendered>> {
  const rendered = new Map<ImageSettings, Rendered>();
  for (let level = 0; level < mostLevels; level += 1) {
    const wanted = projects.map((project) => {
      const missed = new Set<string>();
      for (const image of project.config.images) {
        if (rendered.get(image)?.upstreams !== undefined) continue;
        const own = new Set<string>();
        const result = renderOne(project, image, renderUpstreams, own);
        // What was rendered without a text that may be there is not to be trusted.
        rendered.set(image, own.size > 0 ? { error: result.error ?? incomplete(image) } : result);
        for (const path of own) missed.add(path);
      }
      return { project, paths: [...missed] };
    });
    if (wanted.every(({ paths }) => paths.length === 0)) break;
    await readPaths(wanted, github);
  }
  return rendered;
}

function renderOne(
  { snapshot, config, objects }: Project,
  image: ImageSettings,
  renderUpstreams: RenderUpstreams,
  missed: Set<string>,
): Rendered {
  const read = (path: string): string | undefined => {
    const object = objects.get(path);
    if (object === undefined) missed.add(path);
    return object?.text;
  };
  try {
    return { upstreams: renderUpstreams(config, image.name, { read }, snapshot.defaultBranch) };
  } catch (error) {
    return { error };
  }
}

function incomplete(image: ImageSettings): ProblemsError {
  return new ProblemsError([
    { message: `its templates include each other more than ${mostLevels} levels deep`, place: image.place },
  ]);
}

async function readPaths(
  wanted: readonly { readonly project: Project; readonly paths: readonly string[] }[],
  github: GitHub,
): Promise<void> {
  const open = wanted
    .map(({ project, paths }) => ({
      project,
      paths: [...new Set(paths)].filter((path) => !project.objects.has(path)),
    }))
    .filter(({ paths }) => paths.length > 0);
  const found = await readObjects(
    github,
    open.map(({ project: { snapshot }, paths }) => ({
      repository: snapshot.repository,
      revision: snapshot.head,
      paths,
    })),
  );
  for (const [index, { project, paths }] of open.entries()) {
    for (const path of paths) project.objects.set(path, found[index]?.get(path) ?? null);
  }
}

/** A problem in a file of another repository has no place in this one's workspace: its place goes into the message. */
function within(repository: string, { hint, cause, ...problem }: Problem): Problem {
  return {
    message: `${repository}: ${formatProblem(problem)}`,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  };
}
