import { describe, expect, it } from '@jest/globals';
import { labels } from '../../src/images/labels.ts';
import type { RunRef } from '../../src/images/records.ts';
import { createSuperseded } from '../../src/publish/index.ts';
import { image, renderRecord } from '../records.ts';

const [older, mine, newer] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const ref: RunRef = { ...renderRecord([]).ref, revision: mine };
const published = { digest: `sha256:${'a'.repeat(64)}`, mediaType: '', platforms: {} };

/** Asks whether `mine` may be published, where the branch is at `head` and the published image was built from `built`. */
function ask(head: string, built: string, run: RunRef = ref): Promise<string | undefined> {
  const order = [older, mine, newer];
  const git = {
    lsRemote: async () => head,
    isAncestor: async (one: string, two: string) => order.indexOf(one) < order.indexOf(two),
  };
  const config = { Labels: { [labels.revision]: built, [labels.repository]: ref.repository } };
  const registry = { config: async () => ({ os: 'linux', architecture: 'amd64', config }) };
  return createSuperseded(git, registry, run)(image('web'), published);
}

describe('a commit that is published', () => {
  it('may replace an older one, and what a revert brought back', async () => {
    expect(await ask(mine, older)).toBeUndefined();
    expect(await ask(mine, newer)).toBeUndefined();
  });

  it('may come before a newer one that is not published yet', async () => {
    expect(await ask(newer, older)).toBeUndefined();
  });

  it('never replaces a newer one', async () => {
    expect(await ask(newer, newer)).toBe(
      `commit ${mine.slice(0, 12)} is older than ${newer.slice(0, 12)}, which is published`,
    );
  });

  it('is not published by a run that was started again when the branch has moved on, whatever the labels say', async () => {
    expect(await ask(newer, older, { ...ref, rerun: true })).toContain("start that one's run again instead");
  });

  it('is always published on a tag', async () => {
    expect(await ask(newer, newer, { ...ref, type: 'tag', name: 'v1' })).toBeUndefined();
  });
});
