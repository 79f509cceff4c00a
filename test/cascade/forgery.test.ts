/** Events that nobody sent for a reason: forged, replayed, or in masses. */
import { describe, expect, it } from '@jest/globals';
import { readOrigin } from '../../src/cascade/index.ts';
import { settledShop } from './world.ts';

const run = { runId: '7', runUrl: 'https://github.com/acme/web/actions/runs/7' };
const nasty = ['$(touch /tmp/x)', '{{ 7 * 7 }}', '`id`', '../../..', '"; DROP', '\u0000', 'a'.repeat(10_000)];

describe('a forged event', () => {
  it.each(nasty)('carries nothing on: %j', (text) => {
    const payload = { cascade: text, depth: 1, origin: text, images: [text], reason: text };
    expect(readOrigin(payload, run)).toEqual({ cascade: '7', depth: 0, origin: run.runUrl });
  });

  it.each([
    [{ cascade: '1', depth: 1e9, origin: run.runUrl }],
    [{ cascade: '1', depth: -1, origin: run.runUrl }],
    [{ cascade: '1', depth: '1', origin: run.runUrl }],
    [{ cascade: '1', depth: 1, origin: 'https://evil.example/acme/web/actions/runs/7' }],
    [{ cascade: '1', depth: 1, origin: 'javascript:alert(1)' }],
    [['a', 'list']],
    ['text'],
    [null],
  ])('counts as one without an origin: %j', (payload) => {
    expect(readOrigin(payload, run)).toMatchObject({ depth: 0, origin: run.runUrl });
  });

  it('leads to one look, and to no event after it', async () => {
    const world = await settledShop();
    const about = new Set([world.referenceOf('debian-base')]);
    // The run that it started has found its image up to date.
    const question = { mode: 'after-push' as const, about, changed: new Set<string>(), handled: about };
    for (let replay = 0; replay < 3; replay += 1) expect((await world.look(question)).dispatched).toEqual([]);
    expect(world.events).toEqual([]);
  });

  it('does not change what a run builds: names in its payload are read by nobody', async () => {
    const world = await settledShop();
    const ref = { ...world.ref('runtime-images'), event: 'repository_dispatch' };
    const { held, plan } = await world.look({ mode: 'before-build', ref });
    expect(held).toEqual([]);
    expect(plan.images.every(({ state }) => state === 'settled')).toBe(true);
  });
});
