import { describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { checkFile, type FileCheck } from '../../src/checks/kinds/file.ts';
import { anyText } from '../../src/checks/kinds/schemas.ts';
import type { Engine } from '../../src/engine/index.ts';
import { type Answer, answering } from '../engine/processes.ts';

async function tar(...entries: [Parameters<ReturnType<typeof pack>['entry']>[0], string?][]): Promise<string> {
  const archive = pack();
  for (const [header, content = ''] of entries) archive.entry(header, content);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

/** A container with these files, by path, as `docker cp` streams them. */
function container(files: Record<string, Answer>): Engine {
  const missing = { status: 1, stderr: 'Error response from daemon: Could not find the file /x in container c\n' };
  const processes = answering(({ args }) => files[args[1]?.replace('c:', '') ?? ''] ?? missing);
  return { kind: 'docker', version: '28', store: 'containerd', local: true, processes, env: {} };
}

function check(host: Engine, rest: Partial<FileCheck>): Promise<string[]> {
  const container = { host, id: 'c', image: '', running: true, exitCode: 0, error: '', pid: 1, ports: {} };
  return checkFile({ container, timeoutMs: 1000 }, { path: '/a', exists: true, text: anyText, ...rest });
}

describe('checkFile', () => {
  it('looks at type, mode, owner and content', async () => {
    const engine = container({
      '/a': await tar([{ name: 'a', mode: 0o4755, uid: 33, gid: 33 }, 'hello\n']),
      '/etc/passwd': await tar([{ name: 'passwd' }, 'root:x:0:0::/:\nwww-data:x:33:33::/:\n']),
      '/etc/group': await tar([{ name: 'group' }, 'root:x:0:\n']),
    });
    const right = { type: 'file' as const, mode: '4755', user: 'www-data', group: '33' };
    expect(await check(engine, { ...right, text: { ...anyText, contains: ['hell'], matches: ['^hello$'] } })).toEqual(
      [],
    );
    expect(await check(engine, { type: 'directory', mode: '644', user: 'root', group: 'www-data' })).toEqual([
      'it is a file, expected a directory',
      'its mode is 04755, expected 0644',
      'its user is www-data, expected root',
      'its group is 33, expected www-data',
    ]);
    expect(await check(engine, { text: { ...anyText, contains: ['bye'] } })).toEqual([
      "its content does not contain 'bye'",
      "its content is 'hello'",
    ]);
  });

  it('takes a folder for what its first entry says', async () => {
    const engine = container({
      '/a': await tar([{ name: 'a/', type: 'directory', mode: 0o755 }], [{ name: 'a/b' }, 'x']),
    });
    expect(await check(engine, { type: 'directory', mode: '755' })).toEqual([]);
    expect(await check(engine, { text: { ...anyText, contains: ['x'] } })).toEqual([
      'it is a directory and has no content',
    ]);
  });

  it('knows what is not there', async () => {
    expect(await check(container({}), {})).toEqual(['/a does not exist']);
    expect(await check(container({}), { exists: false })).toEqual([]);
    const engine = container({ '/a': await tar([{ name: 'a' }]) });
    expect(await check(engine, { exists: false })).toEqual(['/a exists']);
  });

  it('does not take a broken engine for a missing file', async () => {
    const engine = container({ '/a': { status: 1, stderr: 'Error response from daemon: No such container: c' } });
    expect(await check(engine, { exists: false })).toEqual(["/a can't be read: No such container: c"]);
  });
});
