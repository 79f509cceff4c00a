import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BuildOptions, buildImages } from '../../src/build/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import type { RenderedImage } from '../../src/images/records.ts';
import { type Answer, answering, type Call } from '../engine/processes.ts';
import { pending, record, rendered } from './images.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function onDisk(image: RenderedImage): Promise<RenderedImage> {
  const dockerfile = join(folder, image.name, 'Dockerfile');
  await mkdir(dirname(dockerfile));
  await writeFile(dockerfile, 'FROM scratch\n');
  return { ...image, dockerfile };
}

/** An engine whose bake fails as long as one of these ids is among its targets. */
function engineFailing(stderrOf: Record<string, string>, rest: Partial<Engine> = {}) {
  const bakes: string[][] = [];
  const answer = ({ args }: Call): Answer => {
    if (args[0] === 'image') return JSON.stringify([{ Id: `sha256:${args[2]}`, Config: {} }]);
    const ids = args.slice(args.indexOf('--metadata-file') + 2);
    bakes.push(ids);
    const stderr = ids.map((id) => stderrOf[id]).find((text) => text !== undefined);
    return stderr === undefined ? '' : { status: 1, stderr };
  };
  const processes = answering(answer);
  const engine: Engine = {
    kind: 'docker',
    version: '28',
    store: 'containerd',
    local: true,
    processes,
    env: {},
    ...rest,
  };
  return { engine, bakes, processes };
}

function options(rest: Partial<BuildOptions> = {}): BuildOptions {
  const settings = { secrets: {}, noCache: false, epoch: 5 };
  return { settings, cacheFrom: [], cacheTo: [], folder: join(folder, 'build'), onLine: () => {}, ...rest };
}

const excerpt = (id: string, line: number): string =>
  `#1 [${id} 1/2] RUN x\n${id}.Dockerfile:${line}\n--------------------\nERROR: failed to solve: exit code: 3`;

async function images(): Promise<RenderedImage[]> {
  return Promise.all([
    onDisk(rendered('base', { templateLines: [11, 12] })),
    onDisk(rendered('web', { upstreams: [pending('base')] })),
    onDisk(rendered('other')),
  ]);
}

describe('buildImages', () => {
  it('builds everything at once, with the times of the commit', async () => {
    const { engine, bakes, processes } = engineFailing({});
    const result = await buildImages(record(...(await images())), async () => engine, options());
    expect(bakes).toEqual([['base', 'web', 'other']]);
    expect(result.record.images.map(({ status, image }) => `${status} ${image?.id}`)).toEqual([
      'built sha256:image-cascade.local/r.example-5000/acme/base:run-7',
      'built sha256:image-cascade.local/r.example-5000/acme/web:run-7',
      'built sha256:image-cascade.local/r.example-5000/acme/other:run-7',
    ]);
    expect(processes.calls[0]?.options.env?.SOURCE_DATE_EPOCH).toBe('5');
    expect(await readFile(join(folder, 'build', 'base.Dockerfile'), 'utf8')).toBe('FROM scratch\n');
  });

  it('takes down with a failed image only what stands on it', async () => {
    const { engine, bakes } = engineFailing({ base: excerpt('base', 2) });
    const result = await buildImages(record(...(await images())), async () => engine, options());
    expect(bakes).toEqual([['base', 'web', 'other'], ['other']]);
    expect(result.record.images.map(({ name, status, reason }) => `${name} ${status}: ${reason}`)).toEqual([
      'base failed: exit code: 3',
      'web skipped: it is built on base, which was not built',
      'other built: never built',
    ]);
    expect(result.problems).toEqual([
      { message: 'building base: exit code: 3', place: { file: 'docker/base/Dockerfile.j2', line: 12 } },
    ]);
  });

  it('finds the image that failed by itself where the log does not tell', async () => {
    const { engine, bakes } = engineFailing({ web: 'ERROR: failed to solve: something else' });
    const result = await buildImages(record(...(await images())), async () => engine, options());
    expect(bakes).toEqual([['base', 'web', 'other'], ['base'], ['base', 'web'], ['other']]);
    expect(result.record.images.map(({ status }) => status)).toEqual(['built', 'failed', 'built']);
    expect(result.problems).toEqual([
      { message: 'building web: something else', place: { file: 'docker/web/Dockerfile.j2' } },
    ]);
  });

  it('does not try on when the disk is full', async () => {
    const { engine, bakes } = engineFailing({ base: '#1 0.1 write /x: no space left on device\nERROR: exit code: 1' });
    const result = await buildImages(record(...(await images())), async () => engine, options());
    expect(bakes).toHaveLength(1);
    expect(result.record.images.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    expect(result.problems[0]).toMatchObject({
      message: expect.stringMatching(/the disk is full/),
      hint: expect.anything(),
    });
  });

  it('asks for no engine when there is nothing to build', async () => {
    const reused = rendered('web', { build: { needed: false, reason: 'already built' } });
    const find = async (): Promise<Engine> => {
      throw new Error('no engine');
    };
    const result = await buildImages(record(reused), find, options());
    expect(result.record.images).toEqual([{ name: 'web', status: 'reused', reason: 'already built' }]);
  });

  it('refuses what the classic image store cannot hold', async () => {
    const image = await onDisk(rendered('web', { platforms: ['linux/amd64', 'linux/arm64'] }));
    const { engine, bakes } = engineFailing({}, { store: 'classic' });
    await expect(buildImages(record(image), async () => engine, options())).rejects.toThrow(
      /can't hold the 2 platforms of web; turn on the containerd image store/,
    );
    expect(bakes).toEqual([]);
  });

  it('builds one after the other with Podman', async () => {
    const { engine, processes } = engineFailing({}, { kind: 'podman', store: 'classic' });
    await buildImages(record(...(await images())), async () => engine, options());
    const builds = processes.calls.filter(({ args }) => args[0] === 'build');
    expect(builds.map(({ args }) => args[args.indexOf('--tag') + 1])).toEqual([
      'image-cascade.local/r.example-5000/acme/base:run-7',
      'image-cascade.local/r.example-5000/acme/web:run-7',
      'image-cascade.local/r.example-5000/acme/other:run-7',
    ]);
  });
});
