import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { temporaryFolder } from '../../local/processes/index.ts';
import { contentId, type ImageConfig } from '../../src/registry/index.ts';
import { readTar } from '../../src/registry/tar.ts';
import { hidden, unread } from '../../src/registry/volatile.ts';
import { drain, messageOf } from './fixtures.ts';
import { type File, tarOf } from './tar.ts';

const image: ImageConfig = { os: 'linux', architecture: 'amd64', config: { Cmd: ['serve'] } };
const id = (files: readonly File[], config: ImageConfig = image): Promise<string> => contentId(tarOf(files), config);

const files: readonly File[] = [
  { name: 'etc/', type: 'directory', mode: 0o755 },
  { name: 'etc/app.conf', content: 'port = 80\n' },
  { name: 'usr/bin/app', content: 'binary', mode: 0o755 },
  { name: 'usr/bin/alias', type: 'symlink', linkname: 'app' },
  { name: 'usr/bin/hard', type: 'link', linkname: 'usr/bin/app' },
  { name: 'var/spool/pipe', type: 'fifo' },
];

/** The files with one changed or added. */
const withFile = (file: File): File[] => [...files.filter(({ name }) => name !== file.name), file];

describe('the content id', () => {
  it('is 64 hex digits and the same each time', async () => {
    expect(await id(files)).toMatch(/^[0-9a-f]{64}$/);
    expect(await id(files)).toBe(await id(files));
  });

  it('does not depend on order, times, owner names, or the way names are written', async () => {
    const other = files
      .toReversed()
      .map((file) => ({ ...file, name: `./${file.name}`, mtime: new Date(1e12), uname: 'x', pax: { mtime: '12.5' } }));
    expect(await id(other)).toBe(await id(files));
  });

  it.each<[string, File]>([
    ['content', { name: 'etc/app.conf', content: 'port = 81\n' }],
    ['mode', { name: 'usr/bin/app', content: 'binary', mode: 0o4755 }],
    ['owner', { name: 'etc/app.conf', content: 'port = 80\n', uid: 33 }],
    ['group', { name: 'etc/app.conf', content: 'port = 80\n', gid: 33 }],
    ['link target', { name: 'usr/bin/alias', type: 'symlink', linkname: 'other' }],
    ['kind of link', { name: 'usr/bin/alias', type: 'link', linkname: 'app' }],
    ['type', { name: 'var/spool/pipe' }],
    [
      'extended attribute',
      { name: 'usr/bin/app', content: 'binary', mode: 0o755, pax: { 'SCHILY.xattr.user.a': '1' } },
    ],
    ['new file', { name: 'etc/new' }],
    ['new folder', { name: 'opt/', type: 'directory' }],
    ['device', { name: 'opt/null', type: 'character-device', devmajor: 1, devminor: 3 }],
  ])('notices a changed %s', async (_what, file) => {
    expect(await id(withFile(file))).not.toBe(await id(files));
  });

  it('tells devices apart', async () => {
    const device = (devminor: number): File => ({ name: 'opt/d', type: 'character-device', devmajor: 1, devminor });
    expect(await id([device(3)])).not.toBe(await id([device(5)]));
  });

  it('notices a file that is gone, and one that moved', async () => {
    expect(await id(files.slice(1))).not.toBe(await id(files));
    expect(await id([{ name: 'a', content: 'x' }])).not.toBe(await id([{ name: 'b', content: 'x' }]));
  });

  const example = (path: string): string => path.replace('/**', '/some/file');

  it.each(hidden.map(({ path }) => example(path)))('leaves out %s', async (name) => {
    expect(await id(withFile({ name, content: 'one' }))).toBe(await id(files));
    const deeper = withFile({ name: `x/${name}`, content: 'one' });
    expect(await id(deeper)).not.toBe(await id(files));
  });

  it.each(unread.map(({ path }) => example(path)))('leaves out the content of %s, and nothing else', async (name) => {
    const one = await id(withFile({ name, content: 'one' }));
    expect(await id(withFile({ name, content: 'other' }))).toBe(one);
    expect(await id(files)).not.toBe(one);
    expect(await id(withFile({ name, mode: 0o600, content: 'one' }))).not.toBe(one);
    expect(await id(withFile({ name, type: 'symlink', linkname: '/dev/stdout' }))).not.toBe(one);
    expect(await id(withFile({ name: `x/${name}`, content: 'one' }))).not.toBe(
      await id(withFile({ name: `x/${name}`, content: 'other' })),
    );
  });

  it('leaves out the source time of compiled Python, and nothing else of it', async () => {
    const pyc = (time: number, code: string, flags = 0): File => {
      const header = Buffer.alloc(16);
      header.writeUInt32LE(0x0d0d0d0a, 0);
      header.writeUInt32LE(flags, 4);
      header.writeUInt32LE(time, 8);
      header.writeUInt32LE(99, 12);
      return { name: 'usr/lib/a.pyc', content: Buffer.concat([header, Buffer.from(code)]) };
    };
    expect(await id([pyc(1, 'code')])).toBe(await id([pyc(2, 'code')]));
    expect(await id([pyc(1, 'code')])).not.toBe(await id([pyc(1, 'edoc')]));
    // A hash of the source instead of its time (PEP 552).
    expect(await id([pyc(1, 'code', 1)])).not.toBe(await id([pyc(2, 'code', 1)]));
    const short = (content: string): File => ({ name: 'usr/lib/a.pyc', content });
    expect(await id([short('abc')])).not.toBe(await id([short('abd')]));
  });

  it('leaves out the day on which a password was set, and nothing else of it', async () => {
    const shadow = (content: string): File => ({ name: 'etc/shadow', content });
    const before = await id([shadow('root:*:19700:0:99999:7:::\nwww:!:19700::::::\n')]);
    expect(await id([shadow('root:*:20001:0:99999:7:::\nwww:!:20002::::::\n')])).toBe(before);
    expect(await id([shadow('root:$6$x:19700:0:99999:7:::\nwww:!:19700::::::\n')])).not.toBe(before);
  });
});

describe('the id of the machine in the content id', () => {
  it('does not depend on what was chosen, but on whether one was', async () => {
    const machine = (content: string): File => ({ name: 'etc/machine-id', content });
    const chosen = await id([machine(`${'0a'.repeat(16)}\n`)]);
    expect(await id([machine(`${'f1'.repeat(16)}\n`)])).toBe(chosen);
    for (const other of ['', 'uninitialized\n']) expect(await id([machine(other)])).not.toBe(chosen);
  });
});

describe('the configuration in the content id', () => {
  const withConfig = (config: ImageConfig['config'], rest: Partial<ImageConfig> = {}): Promise<string> =>
    id(files, { ...image, ...rest, config: { ...image.config, ...config } });

  it.each<[string, ImageConfig['config']]>([
    ['command', { Cmd: ['other'] }],
    ['entry point', { Entrypoint: ['sh'] }],
    ['environment', { Env: ['A=1'] }],
    ['user', { User: 'app' }],
    ['working folder', { WorkingDir: '/srv' }],
    ['port', { ExposedPorts: { '80/tcp': {} } }],
    ['volume', { Volumes: { '/data': {} } }],
    ['stop signal', { StopSignal: 'SIGINT' }],
    ['health check', { Healthcheck: { Test: ['CMD', 'true'] } }],
    ['instruction for images on top', { OnBuild: ['RUN true'] }],
    ['shell', { Shell: ['/bin/bash', '-c'] }],
    ['label', { Labels: { team: 'shop' } }],
  ])('counts with its %s', async (_what, config) => {
    expect(await withConfig(config)).not.toBe(await withConfig({}));
  });

  it('counts with its platform', async () => {
    expect(await withConfig({}, { architecture: 'arm64' })).not.toBe(await withConfig({}));
    expect(await withConfig({}, { architecture: 'arm64', variant: 'v8' })).toBe(
      await withConfig({}, { architecture: 'arm64' }),
    );
  });

  it('counts without the labels of a build, its time, and other ways to say nothing', async () => {
    const plain = await withConfig({});
    const Labels = { 'org.opencontainers.image.revision': 'abc', 'io.image-cascade.run': 'https://x' };
    expect(await withConfig({ Labels }, { created: '2026-01-01T00:00:00Z' })).toBe(plain);
    const empty = { Labels: null, Env: null, Entrypoint: [], ExposedPorts: {}, User: '', WorkingDir: '/' };
    expect(await withConfig({ ...empty, Hostname: 'abc', Image: 'sha256:1' })).toBe(plain);
  });

  it('does not depend on the order of labels and ports', async () => {
    const one = { Labels: { a: '1', b: '2' }, ExposedPorts: { '80/tcp': {}, '443/tcp': {} } };
    const other = { ExposedPorts: { '443/tcp': {}, '80/tcp': {} }, Labels: { b: '2', a: '1' } };
    expect(await withConfig(one)).toBe(await withConfig(other));
  });
});

describe('the archive', () => {
  it('is read with long names and long links, as tar-stream writes them', async () => {
    const name = `${'folder/'.repeat(60)}file-ü`;
    const linkname = `${'target/'.repeat(60)}x`;
    const seen: unknown[] = [];
    await readTar(
      tarOf([
        { name, content: 'x', uid: 200_000 },
        { name: 'link', type: 'symlink', linkname },
      ]),
      async (entry, content) => {
        const bytes = await drain(Readable.from(content));
        const decoded = Buffer.from(entry.name, 'latin1').toString('utf8');
        seen.push([decoded, entry.uid, entry.link, bytes.toString()]);
      },
    );
    expect(seen).toEqual([
      [name, 200_000, '', 'x'],
      ['link', 0, linkname, ''],
    ]);
  });

  it.each(['gnu', 'posix', 'ustar'])('gives the same id in the %s format of GNU tar', async (format) => {
    const folder = await temporaryFolder('image-cascade-tar-');
    const long = 'd'.repeat(60);
    await mkdir(join(folder.path, long, long), { recursive: true });
    await writeFile(join(folder.path, long, long, 'file'), 'content');
    await writeFile(join(folder.path, 'big'), Buffer.alloc(70_000, 'b'));
    const args = [`--format=${format}`, '--owner=0', '--group=0', '--mode=0755', '-C', folder.path, '-cf', '-', '.'];
    const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const expected: File[] = [
      { name: long, type: 'directory', mode: 0o755 },
      { name: `${long}/${long}`, type: 'directory', mode: 0o755 },
      { name: `${long}/${long}/file`, content: 'content', mode: 0o755 },
      { name: 'big', content: Buffer.alloc(70_000, 'b'), mode: 0o755 },
    ];
    expect(await contentId(child.stdout, image)).toBe(await id(expected));
    await folder.remove();
  });

  it.each(['gnu', 'posix'])('is read with large owner numbers in the %s format of GNU tar', async (format) => {
    const folder = await temporaryFolder('image-cascade-tar-');
    await writeFile(join(folder.path, 'file'), '');
    const args = [
      `--format=${format}`,
      '--owner=o:3000000',
      '--group=g:4000000',
      '-C',
      folder.path,
      '-cf',
      '-',
      'file',
    ];
    const owners: number[] = [];
    await readTar(spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout, async ({ uid, gid }) => {
      owners.push(uid, gid);
    });
    expect(owners).toEqual([3_000_000, 4_000_000]);
    await folder.remove();
  });

  it('tells extended attributes apart that are no text', async () => {
    const archiveWith = async (byte: number): Promise<Readable> => {
      const placeholder = '\x07';
      const pax = { 'SCHILY.xattr.security.capability': placeholder };
      const bytes = await drain(tarOf([{ name: 'usr/bin/ping', content: 'x', pax }]));
      bytes[bytes.indexOf(placeholder)] = byte;
      return Readable.from([bytes]);
    };
    expect(await contentId(await archiveWith(0x80), image)).not.toBe(await contentId(await archiveWith(0x81), image));
  });

  it('is refused when it is cut off at any block, or none at all', async () => {
    const whole = await drain(tarOf([{ name: 'a', content: Buffer.alloc(600, 'x') }, { name: 'b' }]));
    for (let length = 0; length < whole.length - 1024; length += 512) {
      const cut = Readable.from([whole.subarray(0, length)]);
      expect(await messageOf(contentId(cut, image))).toBe('the archive is cut off');
    }
    const noise = Readable.from([Buffer.alloc(1024, 'x')]);
    expect(await messageOf(contentId(noise, image))).toBe('this is not a tar archive');
  });

  it('is read to its end, also when the bytes come in odd pieces', async () => {
    const whole = await drain(tarOf(files));
    const pieces = Array.from({ length: Math.ceil(whole.length / 77) }, (_, n) => whole.subarray(n * 77, n * 77 + 77));
    const source = Readable.from(pieces);
    expect(await contentId(source, image)).toBe(await id(files));
    expect(source.readableEnded).toBe(true);
  });

  it('needs no memory for the contents of files', async () => {
    const size = 300 * 1024 * 1024;
    const archive = pack();
    const entry = archive.entry({ name: 'big', size, mtime: new Date(0) }, () => archive.finalize());
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    Readable.from(
      (function* () {
        for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
      })(),
    ).pipe(entry);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = new PassThrough().on('data', () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    });
    expect(await contentId(archive.pipe(watch), image)).toMatch(/^[0-9a-f]{64}$/);
    expect(most).toBeLessThan(64 * 1024 * 1024);
  });
});
