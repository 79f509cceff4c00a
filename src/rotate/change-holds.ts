/** Sets or takes away marks on several builds. */
import { fail, type Problem, problemsOf } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
import type { ImageRepository } from './gather.ts';
import { type HeldBuild, type HoldRequest, hold, release } from './hold.ts';
import { targetOf } from './reference.ts';
import type { StoreOf } from './store.ts';

export interface Builds {
  readonly own: ImageRepository | undefined;
  /** As people write them. */
  readonly texts: readonly string[];
  readonly defaultBranch: string;
}

export interface HoldMeans {
  readonly registry: Registry;
  readonly store: StoreOf;
  readonly log: (line: string) => void;
}

/**
 * One that can't be marked, or has no mark, does not stop the others.
 * @throws ProblemsError when nothing says which builds are meant, or why
 */
export async function changeHolds(
  mode: 'hold' | 'release',
  { own, texts, defaultBranch }: Builds,
  { registry, store, log }: HoldMeans,
  request: HoldRequest,
): Promise<{ readonly builds: readonly HeldBuild[]; readonly problems: readonly Problem[] }> {
  if (texts.length === 0)
    fail("input 'images' is empty", { hint: 'name the builds, as name:tag, name@sha256:… or a whole reference' });
  if (mode === 'hold' && request.reason === '')
    fail("input 'reason' is empty", { hint: 'say why the build has to stay: the summaries show it' });
  const builds: HeldBuild[] = [];
  const problems: Problem[] = [];
  for (const text of texts)
    try {
      const target = targetOf(text, own?.config, defaultBranch);
      const { remove } = store(target.repository);
      const changed =
        mode === 'hold'
          ? [await hold(registry, target, request)]
          : await release(registry, target, { name: request.name, remove });
      for (const { repository, tag, digest } of changed)
        log(`${repository}@${digest.slice(0, 19)} ${mode === 'hold' ? 'is held as' : 'is released from'} ${tag}`);
      builds.push(...changed);
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  return { builds, problems };
}
