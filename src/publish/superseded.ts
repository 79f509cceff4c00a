/** Whether a newer commit has been published already: a run that was started again must not turn the clock back. */
import type { Git } from '../git/index.ts';
import { labels } from '../images/labels.ts';
import type { RenderedImage, RunRef } from '../images/records.ts';
import type { Registry, ResolvedImage } from '../registry/types.ts';
import type { Publisher } from './publish.ts';

/**
 * Asks git how the run's commit stands to the branch, and only where that has moved on, to what is published: a commit
 * that is an ancestor of the published one is refused.
 */
export function createSuperseded(git: Git, registry: Registry, ref: RunRef): Publisher['superseded'] {
  let head: Promise<string | undefined> | undefined;
  return async (image: RenderedImage, published: ResolvedImage | undefined) => {
    if (ref.type !== 'branch' || published === undefined) return undefined;
    // What can't be asked must not keep a tested image from its users.
    head ??= git.lsRemote(ref.repository, ref.name).catch(() => undefined);
    if ((await head) === ref.revision) return undefined;
    const config = await registry.config(image.repository, published.digest);
    const { [labels.revision]: revision, [labels.repository]: repository } = config?.config?.Labels ?? {};
    if (revision === undefined || revision === ref.revision || repository !== ref.repository) return undefined;
    const older = await git.isAncestor(ref.revision, revision, ref.repository);
    return older === true
      ? `commit ${ref.revision.slice(0, 12)} is older than ${revision.slice(0, 12)}, which is published`
      : undefined;
  };
}
