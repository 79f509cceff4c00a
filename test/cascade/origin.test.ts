import { describe, expect, it } from '@jest/globals';
import { readOrigin } from '../../src/cascade/index.ts';

const run = { runId: '42', runUrl: 'https://github.com/acme/web/actions/runs/42' };
const begun = { cascade: '42', depth: 0, origin: run.runUrl };
const sent = { cascade: '7', depth: 3, origin: 'https://github.com/acme/base/actions/runs/7' };

describe('readOrigin', () => {
  it('goes on with the cascade of the event', () => {
    expect(readOrigin({ ...sent, reason: 'x', images: [] }, run)).toEqual(sent);
  });

  it.each([undefined, null, 'text', 7, [], {}])('begins a cascade for the payload %j', (payload) => {
    expect(readOrigin(payload, run)).toEqual(begun);
  });

  it.each([
    { cascade: 'a b' },
    { cascade: 'x'.repeat(65) },
    { cascade: '$(id)' },
    { depth: 0 },
    { depth: -1 },
    { depth: 1.5 },
    { depth: '3' },
    { depth: 1e9 },
    { origin: 'https://evil.example/acme/base/actions/runs/7' },
    { origin: 'javascript:alert(1)' },
    { origin: 'https://github.com/acme/base' },
    { origin: 'https://github.com/acme/base/actions/runs/7?x=[y](z)' },
    { origin: 'https://github.com/acme/base/actions/runs/7)' },
    { origin: ' https://github.com/acme/base/actions/runs/7' },
  ])('believes nothing of a payload with %j', (part) => {
    expect(readOrigin({ ...sent, ...part }, run)).toEqual(begun);
  });
});
