/** Source code of application repositories: which commit it is, and where it lands. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../git/index.ts';
import type { ImageSettings, SourceSettings } from '../images/config.ts';
import type { SourceUpstream } from '../images/index.ts';
import { fail } from '../problems.ts';

export type FindCommit = (source: SourceSettings) => Promise<string>;

/** Asks for each branch once, so that all images of a run get the same commit. */
export function findCommitOnce(git: Git): FindCommit {
  const known = new Map<string, Promise<string>>();
  return ({ repository, ref, place }) => {
    const key = `${repository} ${ref}`;
    const found = known.get(key) ?? git.lsRemote(repository, ref, place);
    known.set(key, found);
    return found;
  };
}

/** Writes an image's sources into its context. @throws ProblemsError */
export async function fetchSources(
  image: ImageSettings,
  context: string,
  git: Git,
  findCommit: FindCommit,
): Promise<SourceUpstream[]> {
  const upstreams: SourceUpstream[] = [];
  for (const source of image.sources) {
    const { repository, ref, path, place } = source;
    const target = join(context, path);
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined && path !== '.')
      fail(`source '${source.name}' would land on '${path}', which the build context of '${image.name}' has already`, {
        hint: "give the source another 'path'",
        place,
      });
    const commit = await findCommit(source);
    await git.fetchTree(repository, commit, target, place);
    upstreams.push({ kind: 'source', repository, ref, commit });
  }
  return upstreams;
}
