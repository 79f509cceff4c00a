import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { type HoldRequest, hold, lastDay, release, targetOf } from '../../src/rotate/index.ts';
import { configOf } from './config.ts';

let server: RegistryStandIn;
beforeEach(async () => {
  server = await startRegistryStandIn();
});
afterEach(() => server.stop());

const registry = createRegistry({ retries: 0 });
const now = new Date('2026-11-23T12:00:00Z');
const request: HoldRequest = {
  name: undefined,
  until: undefined,
  reason: 'the audit of May',
  by: 'octocat[bot]',
  run: 'https://github.com/acme/images/actions/runs/7',
  now,
};

function target(text: string) {
  return targetOf(text, configOf(server.host, ['web', 'api']), 'main');
}

const remove = async (repository: string, digest: string) => {
  await registry.deleteManifest(repository, digest);
  return { status: 'deleted' } as const;
};

describe('holding a build', () => {
  it('sets a tag under which the build is there, and who says why', async () => {
    const digest = await putMinimalImage(server.host, 'acme/web', 'feature');
    const held = await hold(registry, target('web:feature'), request);
    const tag = `hold-octocat-bot--${digest.slice(7, 19)}`;
    expect(held).toEqual({
      repository: `${server.host}/acme/web`,
      digest,
      tag,
      by: 'octocat[bot]',
      reason: 'the audit of May',
    });
    const mark = await registry.manifest(`${server.host}/acme/web`, tag);
    expect(mark?.manifests).toMatchObject([{ digest, platform: { os: 'linux', architecture: 'amd64' } }]);
    expect(mark?.annotations).toEqual({
      'io.image-cascade.hold.by': 'octocat[bot]',
      'io.image-cascade.hold.reason': 'the audit of May',
      'io.image-cascade.hold.run': 'https://github.com/acme/images/actions/runs/7',
      'org.opencontainers.image.created': '2026-11-23T12:00:00.000Z',
      'org.opencontainers.image.ref.name': tag,
    });
  });

  it('ends at a day', async () => {
    await putMinimalImage(server.host, 'acme/web', 'latest');
    const held = await hold(registry, target('web'), { ...request, name: 'audit', until: '2027-01-31' });
    expect(held.tag).toBe('hold-until-2027-01-31-audit');
  });

  it('holds what a mark holds, not the mark', async () => {
    const digest = await putMinimalImage(server.host, 'acme/web', 'latest');
    const first = await hold(registry, target('web'), { ...request, name: 'one' });
    const second = await hold(registry, target(`web:${first.tag}`), { ...request, name: 'two' });
    expect(second.digest).toBe(digest);
  });

  it('is done once', async () => {
    await putMinimalImage(server.host, 'acme/web', 'latest');
    await hold(registry, target('web'), { ...request, name: 'one' });
    const before = await registry.head(`${server.host}/acme/web`, 'hold-one');
    const again = await hold(registry, target('web'), { ...request, name: 'one', by: 'bob', reason: 'another' });
    expect(again).toMatchObject({ by: 'octocat[bot]', reason: 'the audit of May' });
    expect(await registry.head(`${server.host}/acme/web`, 'hold-one')).toEqual(before);
  });

  it('takes no mark from another build', async () => {
    await putMinimalImage(server.host, 'acme/web', 'old', { labels: { number: '1' } });
    await putMinimalImage(server.host, 'acme/web', 'new', { labels: { number: '2' } });
    await hold(registry, target('web:old'), { ...request, name: 'one' });
    await expect(hold(registry, target('web:new'), { ...request, name: 'one' })).rejects.toThrow(
      /hold-one marks another build, sha256:.*; give this mark another 'name'/,
    );
  });

  it.each([
    ['web:gone', /there is no .*acme\/web:gone; look at the name/],
    ['shop:1', /'shop:1' names no image; write name:tag .* \(api, web\)/],
  ])('says what is wrong with %s', async (text, expected) => {
    await expect((async () => hold(registry, target(text), request))()).rejects.toThrow(expected);
  });

  it.each(['until-2027-01-01-x', 'a b', 'x'.repeat(130), ''])('refuses the name %p', async (name) => {
    await putMinimalImage(server.host, 'acme/web', 'latest');
    await expect(hold(registry, target('web'), { ...request, name })).rejects.toThrow("can't be the name of a mark");
  });
});

describe('the last day of a hold', () => {
  it.each([
    ['2027-03-31', '2027-03-31'],
    ['30d', '2026-12-23'],
    ['P1M', '2026-12-23'],
    ['forever', undefined],
    [undefined, undefined],
  ])('%s is %s', (text, expected) => {
    expect(lastDay(text, now)).toBe(expected);
  });

  it('is today or later', () => {
    expect(lastDay('2026-11-23', now)).toBe('2026-11-23');
    expect(() => lastDay('2026-11-22', now)).toThrow("input 'until': 2026-11-22 is over; name today or a later day");
    expect(() => lastDay('soon', now)).toThrow("input 'until' is 'soon'; write a day such as '2027-03-31'");
  });
});

describe('releasing a build', () => {
  it('takes all its marks away and leaves it', async () => {
    const digest = await putMinimalImage(server.host, 'acme/web', 'feature');
    await hold(registry, target('web:feature'), { ...request, name: 'one' });
    await hold(registry, target('web:feature'), { ...request, name: 'two', until: '2027-01-31' });
    const released = await release(registry, target('web:feature'), { name: undefined, remove });
    expect(released.map(({ tag }) => tag)).toEqual(['hold-one', 'hold-until-2027-01-31-two']);
    expect(server.store.tags('acme/web')).toEqual(['feature']);
    expect((await registry.head(`${server.host}/acme/web`, 'feature'))?.digest).toBe(digest);
  });

  it('takes away the mark that is named', async () => {
    await putMinimalImage(server.host, 'acme/web', 'feature');
    await hold(registry, target('web:feature'), { ...request, name: 'one' });
    await hold(registry, target('web:feature'), { ...request, name: 'two' });
    await release(registry, target('web:feature'), { name: 'two', remove });
    expect(server.store.tags('acme/web')).toEqual(['feature', 'hold-one']);
    await release(registry, target('web:hold-one'), { name: undefined, remove });
    expect(server.store.tags('acme/web')).toEqual(['feature']);
  });

  it('takes away a mark that somebody set by hand, and leaves the build', async () => {
    const digest = await putMinimalImage(server.host, 'acme/web', 'feature');
    await registry.tag(`${server.host}/acme/web`, digest, 'hold-by-hand');
    await release(registry, target('web:hold-by-hand'), { name: undefined, remove });
    expect(server.store.tags('acme/web')).toEqual(['feature']);
    expect(await registry.head(`${server.host}/acme/web`, digest)).toBeDefined();
  });

  it('names the marks that there are where the build has none', async () => {
    await putMinimalImage(server.host, 'acme/web', 'old', { labels: { number: '1' } });
    await putMinimalImage(server.host, 'acme/web', 'new', { labels: { number: '2' } });
    await hold(registry, target('web:old'), { ...request, name: 'one' });
    await expect(release(registry, target('web:new'), { name: undefined, remove })).rejects.toThrow(
      /nothing marks .*web:new; the marks of this image are hold-one \(sha256:/,
    );
  });
});
