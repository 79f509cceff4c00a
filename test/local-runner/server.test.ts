import { afterEach, describe, expect, it } from '@jest/globals';
import { type GitHubEvent, type LocalGitHub, startGitHub } from '../../local/github/index.ts';
import { runOk, temporaryFolder } from '../../local/processes/index.ts';
import { runWorkflows } from '../../local/runner/index.ts';
import { only, printed, step, testBed } from './repository.ts';

let github: LocalGitHub | undefined;

afterEach(async () => {
  await github?.stop();
  github = undefined;
});

describe('a private repository on the local GitHub', () => {
  it('is run by its own push, and checked out with the token of the job', async () => {
    const events: GitHubEvent[] = [];
    github = await startGitHub({ owner: 'acme', log: () => {}, onEvent: (event) => events.push(event) });
    const { cloneUrl } = await github.createRepository('secret', { private: true });
    const bed = await testBed();
    await bed.commit({
      '.github/workflows/test.yml': `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: checkout, uses: actions/checkout@v6, with: { fetch-depth: 0, filter: "tree:0" } }
      - { name: look, run: "git fetch --quiet origin main && git log -1 --format=%s origin/main && cat file" }
      - { name: push, run: "git push --quiet origin HEAD:refs/heads/by-the-job" }
`,
      file: 'content\n',
    });
    const home = await temporaryFolder('image-cascade-home-');
    const url = cloneUrl.replace('://', `://x-access-token:${github.token}@`);
    const env = { PATH: process.env.PATH ?? '', HOME: home.path };
    await runOk('git', ['-C', `${bed.root}/clone`, 'push', '--quiet', url, 'HEAD:refs/heads/main'], { env });
    await home.remove();
    const server = github;
    const tokens: string[] = [];
    const run = only(
      await runWorkflows(
        only(events),
        bed.options({
          serverUrl: server.url,
          createJobToken(repository, { readOnly }) {
            const token = server.createJobToken(repository, readOnly ? { contents: 'read' } : {});
            tokens.push(token);
            return token;
          },
        }),
      ),
    );
    expect(run.conclusion).toBe('success');
    expect(printed(step(run, 'look'))).toEqual(['change', 'content']);
    const everything = JSON.stringify(run);
    for (const token of tokens) {
      expect(everything).not.toContain(token);
      expect(everything).not.toContain(Buffer.from(`x-access-token:${token}`).toString('base64'));
    }
    expect(server.violations).toEqual([]);
  });
});
