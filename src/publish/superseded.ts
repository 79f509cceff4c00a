/** Whether a newer commit has been published already: a run that was started again must not turn the clock back. */
import type { Git } from '../git/index.ts';
import { labels } from '../images/labels.ts';
import type { RenderedImage, RunRef } from '../images/records.ts';
import type { Registry, ResolvedImage } from '../registry/types.ts';
import type { Publisher } from './publish.ts';

/**
 * Asks git how the run's commit stands to the branch, and only where that has moved on, to what is published: a commit
 * that is an ancestor of the published one is refused. The labels of what is published name the commit that it was built
 * from, which after a revert is an old one; so a run that was started again is refused whenever the branch has moved on.
 */
export function createSuperseded(
  git: Pick<Git, 'lsRemote' | 'isAncestor'>,
  registry: Pick<Registry, 'config'>,
  ref: RunRef,
): Publisher['superseded'] {
  let head: Promise<string | undefined> | undefined;
  return async (image: RenderedImage, published: ResolvedImage | undefined) => {
    if (ref.type !== 'branch' || published === undefined) return undefined;
    // What can't be asked must not keep a tested image from its users.
    head ??= git.lsRemote(ref.repository, ref.name).catch(() => undefined);
    const newest = await head;
    if (newest === ref.revision) return undefined;
    const isOlderThan = async (commit: string): Promise<boolean> =>
      (await git.isAncestor(ref.revision, commit, ref.repository)) === true;
    const name = `commit ${ref.revision.slice(0, 12)}`;
    if (ref.rerun === true && newest !== undefined && (await isOlderThan(newest)))
      return `${name} is older than ${newest.slice(0, 12)}, which ${ref.name} is at: start that one's run again instead`;
    const config = await registry.config(image.repository, published.digest);
    const { [labels.revision]: revision, [labels.repository]: repository } = config?.config?.Labels ?? {};
    if (revision === undefined || revision === ref.revision || repository !== ref.repository) return undefined;
    return (await isOlderThan(revision))
      ? `${name} is older than ${revision.slice(0, 12)}, which is published`
      : undefined;
  };
}
