/** What is to be done with an image: decided by what the registry remembers. */
import { type Decision, type Keys, memoryTags, type Upstream } from '../images/index.ts';
import type { Registry } from '../registry/types.ts';

export interface Verdict {
  readonly waiting: boolean;
  readonly build: Decision;
  readonly test: Decision;
  /** Of the image that these inputs gave before. */
  readonly digest?: string;
}

export interface Case {
  /** `registry/path`. */
  readonly repository: string;
  /** Absent while an upstream is pending or missing. */
  readonly keys: Keys | undefined;
  readonly upstreams: readonly Upstream[];
  readonly hasTests: boolean;
  /** Build whatever is known. */
  readonly force: boolean;
  /** Why it is not built in this run, where it is to wait for an upstream. */
  readonly waitingFor: string | undefined;
}

export async function decide(image: Case, registry: Pick<Registry, 'head'>): Promise<Verdict> {
  const { repository, keys, upstreams, hasTests } = image;
  const missing = upstreams.find(({ kind }) => kind === 'missing');
  const wait =
    image.waitingFor ?? (missing?.kind === 'missing' ? `${missing.reference} is not published yet` : undefined);
  if (wait !== undefined) {
    const not: Decision = { needed: false, reason: wait };
    return { waiting: true, build: not, test: not };
  }
  const build = (reason: string): Verdict => ({
    waiting: false,
    build: { needed: true, reason },
    test: hasTests ? { needed: true, reason: 'it is built in this run' } : untested,
  });
  const pending = upstreams.find(({ kind }) => kind === 'pending');
  if (pending?.kind === 'pending') return build(`its upstream ${pending.image} is built in this run`);
  if (keys === undefined) throw new Error('an image whose upstreams are all known has keys');
  if (image.force) return build('the input force asks for it');
  const known = await registry.head(repository, memoryTags.build(keys.build));
  if (known === undefined) return build('nothing has been built from these inputs yet');
  const { digest } = known;
  const done = { waiting: false, build: { needed: false, reason: `already built as ${digest}` }, digest };
  if (!hasTests) return { ...done, test: untested };
  const tested = await registry.head(repository, memoryTags.tests(keys.tests));
  const passed = tested?.digest === digest;
  return {
    ...done,
    test: passed
      ? { needed: false, reason: `${digest} has passed these tests already` }
      : { needed: true, reason: 'what was built from these inputs has not passed these tests yet' },
  };
}

const untested: Decision = { needed: false, reason: 'it has no test file' };
