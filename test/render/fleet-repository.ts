/** A repository with images, a registry, and what `renderImages` needs of both. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runOk, temporaryFolder } from '../../local/processes/index.ts';
import { startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createGit } from '../../src/git/index.ts';
import type { HeldRecord, RenderedImage, RenderRecord, RunRef } from '../../src/images/records.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { loadRepository, renderImages, selectImages } from '../../src/render/index.ts';
import { createProcesses } from '../../src/runner/index.ts';
import { putImage } from '../registry/fixtures.ts';

const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };

export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld() {
  const root = await temporaryFolder('render-test-');
  const server = await startRegistryStandIn();
  const registry = createRegistry({ retries: 0 });
  const git = async (folder: string, ...args: string[]): Promise<string> =>
    (await runOk('git', args, { cwd: folder, env: { ...process.env, ...identity } })).stdout.trim();
  const folder = join(root.path, 'run');

  return {
    host: server.host,
    registry,
    git,
    folder,
    stop: async () => {
      await server.stop();
      await root.remove();
    },

    /** Commits files to `acme/<name>`, and makes the repository first if need be. */
    async commit(name: string, files: Readonly<Record<string, string>>): Promise<string> {
      const path = join(root.path, 'acme', name);
      if (!existsSync(path)) {
        mkdirSync(path, { recursive: true });
        await git(path, 'init', '--quiet', '--initial-branch=main');
      }
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        writeFileSync(join(path, file), text);
      }
      await git(path, 'add', '--all');
      await git(path, 'commit', '--quiet', '--allow-empty', '--message', 'x');
      return path;
    },

    /** Publishes an image whose content is `text`; returns its digest. */
    async publish(repository: string, tag: string, text: string, architecture = 'amd64'): Promise<string> {
      const layers = [Buffer.from(text)];
      return (await putImage(registry, `${server.host}/${repository}`, tag, { layers, architecture })).descriptor
        .digest;
    },

    async render(
      workspace: string,
      {
        ref = {},
        images = [],
        force = false,
        held = { images: [] },
      }: { ref?: Partial<RunRef>; images?: string[]; force?: boolean; held?: HeldRecord } = {},
    ): Promise<RenderRecord> {
      const config = loadRepository(workspace, 'images.yaml');
      const repository = createGit(createProcesses(), { workspace, serverUrl: `file://${root.path}`, delaysMs: [] });
      return renderImages({
        config,
        images: await selectImages(config, images),
        workspace,
        folder,
        event: { ...main, ...ref },
        git: repository,
        registry,
        force,
        held,
      });
    },
  };
}

const main: RunRef = {
  event: 'push',
  name: 'main',
  type: 'branch',
  defaultBranch: 'main',
  isDefaultBranch: true,
  fork: false,
  revision: '',
  committed: 0,
  repository: 'acme/images',
  url: '',
  runId: '1',
  runUrl: '',
};

export function imageNamed(record: RenderRecord, name: string): RenderedImage {
  const image = record.images.find((candidate) => candidate.name === name);
  if (image === undefined) throw new Error(`there is no ${name} in the record`);
  return image;
}
