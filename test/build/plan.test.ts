import { describe, expect, it } from '@jest/globals';
import { planBuild } from '../../src/build/index.ts';
import { dependentsOf, engineReference, withUpstreams } from '../../src/build/plan.ts';
import { debian, digest, pending, record, rendered } from './images.ts';

const missing = { kind: 'missing', written: 'x', reference: 'r.example:5000/acme/x:latest' } as const;

describe('planBuild', () => {
  it('pins upstreams to digests, and leads to images of the same build', () => {
    const plan = planBuild(
      record(rendered('base', { upstreams: [debian] }), rendered('web', { upstreams: [pending('base')] })),
    );
    expect(plan.build.map(({ contexts }) => contexts)).toEqual([
      { 'debian:bookworm': { kind: 'image', reference: `docker.io/library/debian@${digest}` } },
      { 'r.example:5000/acme/base:latest': { kind: 'target', name: 'base' } },
    ]);
    expect(plan.build[1]?.needs).toEqual(['base']);
  });

  it('pins a pending upstream that needs no build after all', () => {
    const base = rendered('base', { build: { needed: false, reason: 'already built' }, digest });
    const plan = planBuild(record(base, rendered('web', { upstreams: [pending('base')] })));
    expect(plan.build[0]?.contexts).toEqual({
      'r.example:5000/acme/base:latest': { kind: 'image', reference: `r.example:5000/acme/base@${digest}` },
    });
    expect(plan.rest).toEqual([{ name: 'base', status: 'reused', reason: 'already built' }]);
  });

  it('waits with everything on top of what waits', () => {
    const plan = planBuild(
      record(
        rendered('base', { upstreams: [missing], waiting: true, build: { needed: true, reason: 'x is missing' } }),
        rendered('web', { upstreams: [pending('base')] }),
        rendered('front', { upstreams: [pending('web')] }),
      ),
    );
    expect(plan.build).toEqual([]);
    expect(plan.rest.map(({ name, status, reason }) => `${name} ${status}: ${reason}`)).toEqual([
      'base waiting: x is missing',
      'web waiting: base is waiting',
      'front waiting: web is waiting',
    ]);
  });

  it('knows who stands on whom', () => {
    const images = [
      rendered('a'),
      rendered('b', { upstreams: [pending('a')] }),
      rendered('c', { upstreams: [pending('b')] }),
      rendered('d'),
    ];
    const { build } = planBuild(record(...images));
    expect([...dependentsOf(build, ['a'])]).toEqual(['b', 'c']);
    expect(withUpstreams(build, 'c').map(({ image }) => image.name)).toEqual(['a', 'b', 'c']);
    expect(withUpstreams(build, 'd').map(({ image }) => image.name)).toEqual(['d']);
  });
});

describe('engineReference', () => {
  it('is a legal reference of a host that does not exist', () => {
    expect(engineReference(rendered('web'), '12')).toBe('image-cascade.local/r.example-5000/acme/web:run-12');
    expect(engineReference(rendered('web', { repository: '[::1]:5000/acme/web' }), 'a b')).toBe(
      'image-cascade.local/1-5000/acme/web:run-a-b',
    );
  });
});
