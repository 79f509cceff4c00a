import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFacts, readFacts, writeFacts } from '../../src/cascade/index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-cascade-facts-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('facts in a file', () => {
  it('are what was kept', async () => {
    const file = join(folder, 'new', 'facts.json');
    const facts = createFacts();
    facts
      .commit('Acme/web', 'c1')
      .objects.set('images.yaml', { id: '1', type: 'blob', text: 'a: 1' })
      .set('gone', null);
    facts.commit('acme/web', 'c1').content = { config: 'a: 1', paths: ['docker/web'] };
    facts.keepDigest('sha256:1', { platforms: { 'linux/amd64': 'sha256:2' }, labels: { revision: 'c0' } });
    facts.keepLastDigest('ghcr.io/acme/web:latest', 'sha256:1');
    facts.keepSeconds('acme/web', 61);
    writeFacts(file, facts);

    const read = readFacts(file);
    expect(read.findCommit('acme/web', 'c1')).toEqual(facts.findCommit('acme/web', 'c1'));
    expect(read.hasRepository('ACME/web')).toBe(true);
    expect(read.findDigest('sha256:1')?.labels).toEqual({ revision: 'c0' });
    expect(read.lastDigest('ghcr.io/acme/web:latest')).toBe('sha256:1');
    expect(read.seconds('acme/web')).toBe(61);
    expect(await readdir(join(folder, 'new'))).toEqual(['facts.json']);
  });

  it.each([
    ['no JSON', '{"format":1,'],
    ['of another format', '{"format":0,"commits":[],"digests":[],"tags":[],"seconds":[]}'],
    ['something else', '{"format":1,"commits":{},"digests":[],"tags":[],"seconds":[]}'],
  ])('are none where the file is %s', async (_, text) => {
    const file = join(folder, 'facts.json');
    await writeFile(file, text);
    expect(JSON.parse(readFacts(file).toJson())).toMatchObject({ commits: [], digests: [] });
  });

  it('are none where there is no file', () => {
    expect(readFacts(join(folder, 'none')).hasRepository('acme/web')).toBe(false);
  });
});
