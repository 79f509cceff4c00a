import { describe, expect, it } from '@jest/globals';
import type { RenderedImage, RenderRecord } from '../../src/images/records.ts';
import { buildSummary, cascadeSummary, pushSummary, renderSummary, testSummary } from '../../src/reports/index.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

const web: RenderedImage = {
  name: 'web',
  repository: 'ghcr.io/acme/web',
  tags: ['latest', '1.4'],
  mainReference: 'ghcr.io/acme/web:latest',
  template: 'docker/web/Dockerfile.j2',
  dockerfile: '/run/web/Dockerfile',
  context: '/run/web',
  buildArgs: {},
  platforms: ['linux/amd64'],
  upstreams: [
    {
      kind: 'image',
      written: 'ghcr.io/acme/base:latest',
      reference: 'ghcr.io/acme/base:latest',
      digest,
      platforms: { 'linux/amd64': digest },
      fleet: true,
    },
    { kind: 'source', repository: 'acme/shop', ref: 'main', commit: 'c0ffee'.repeat(6) },
    { kind: 'pending', written: 'ghcr.io/acme/tools:latest', reference: 'ghcr.io/acme/tools:latest', image: 'tools' },
  ],
  material: { input: { objects: {} }, build: { dockerfile: '', context: '', buildArgs: {}, platforms: [] } },
  waiting: false,
  build: { needed: true, reason: 'the upstream base|x changed' },
  test: { needed: true, reason: 'it is built' },
};

const render: RenderRecord = {
  ref: {
    event: 'push',
    name: 'main',
    type: 'branch',
    defaultBranch: 'main',
    isDefaultBranch: true,
    fork: false,
    revision: 'f'.repeat(40),
    committed: 0,
    repository: 'acme/images',
    url: 'https://github.com/acme/images',
    runId: '1',
    runUrl: 'https://github.com/acme/images/actions/runs/1',
  },
  registry: 'ghcr.io/acme',
  namespace: 'acme',
  copies: [],
  images: [web, { ...web, name: 'tools', upstreams: [], build: { needed: false, reason: 'built before' } }],
};

describe('the summary of render', () => {
  const text = renderSummary(render);

  it('says what is built and why', () => {
    expect(text).toContain('### Render: 2 images, 1 to build');
    expect(text).toContain('`latest`<br>`1.4`');
    expect(text).toContain('yes<br>the upstream base&#124;x changed');
  });

  it('has a graph of images and their upstreams', () => {
    expect(text).toContain('"base:latest"]:::outside');
    expect(text).toContain('"web"]:::ready');
    expect(text).toContain('"acme/shop#35;main"]:::outside');
    expect(text.match(/-->/g)).toHaveLength(3);
  });
});

describe('the summary of build', () => {
  it('counts by status and gives platforms, time and reason', () => {
    const text = buildSummary(render, {
      images: [
        { name: 'web', status: 'failed', reason: 'RUN make failed', durationMs: 65_000 },
        { name: 'tools', status: 'reused', reason: 'built before' },
      ],
    });
    expect(text).toContain('### Build: 1 failed, 1 reused');
    expect(text).toContain('| `web` | ❌&nbsp;failed | `linux/amd64` | 1 min 5 s | RUN make failed |');
  });
});

describe('the summary of test', () => {
  it('shows what a failed check had to say', () => {
    const text = testSummary('integration', {
      images: [
        {
          name: 'web',
          status: 'failed',
          reason: '1 check failed',
          checks: [
            { title: 'port 80', status: 'passed', durationMs: 20 },
            { title: 'GET /', status: 'failed', message: 'expected 200, got 500', durationMs: 1200 },
          ],
        },
      ],
    });
    expect(text).toContain('### Test (integration): 1 failed');
    expect(text).toContain('| `web` | ❌&nbsp;failed | 1 failed, 1 passed | 1.2 s |');
    expect(text).toContain('- ❌ `web` GET /: expected 200, got 500');
    expect(text).not.toContain('<details>');
  });

  it('begins with what failed, and keeps long words and logs for who wants them', () => {
    const text = testSummary(
      'integration',
      {
        images: [
          { name: 'api', status: 'passed', reason: 'these tests have passed already', checks: [] },
          {
            name: 'web',
            status: 'failed',
            reason: '1 check failed',
            checks: [
              { title: '`a|b`', status: 'failed', message: 'it says <b>|\n```\nand more', durationMs: 1 },
              { title: 'GET /', status: 'failed', message: 'x'.repeat(300), durationMs: 1 },
            ],
          },
        ],
      },
      new Map([['web', ['begun', 'stopped']]]),
    );
    expect(text).toContain('### Test (integration): 1 failed, 1 passed');
    expect(text.indexOf('| `web`')).toBeLessThan(text.indexOf('| `api`'));
    expect(text).toContain('| `api` | ✅&nbsp;passed |  |  | these tests have passed already |');
    expect(text).toContain('- ❌ `web` &#96;a&#124;b&#96;: it says &#60;b&#62;&#124;\n');
    expect(text).toContain('```\nand more\n````\n\n</details>');
    expect(text).toMatch(/^- ❌ `web` GET \/: x{193}…$/m);
    expect(text).toContain('<details><summary>web: end of its log</summary>\n\n```text\nbegun\nstopped\n```');
  });

  it('has what is wrong in a Dockerfile without failing it', () => {
    const check = { title: 'image-user', status: 'passed', message: 'line 3:1: runs as root', durationMs: 1 } as const;
    const text = testSummary('spec', {
      images: [{ name: 'web', status: 'passed', reason: '1 notice', checks: [check] }],
    });
    expect(text).toContain('<details><summary>web: 1 remark</summary>\n\n```text\nimage-user: line 3:1: runs as root');
  });
});

describe('the summary of push', () => {
  it('gives tags, digest and whether something changed', () => {
    const text = pushSummary({
      images: [
        {
          name: 'web',
          status: 'published',
          reason: 'new content',
          reference: 'ghcr.io/acme/web:latest',
          digest,
          tags: ['latest', '1.4'],
          changed: true,
        },
      ],
    });
    expect(text).toContain('`ghcr.io/acme/web:latest`<br>`1.4`<br>`sha256:0123456789ab` | yes | new content |');
  });
});

describe('the summary of a cascade', () => {
  const image = (name: string, state: 'ready' | 'waiting' | 'settled' | 'blocked') => ({
    reference: `ghcr.io/acme/${name}:latest`,
    name,
    repository: `acme/${name}`,
    state,
    reason: `is ${state}`,
    remaining: 0,
  });

  it('lists what is ready first, leaves out what is settled, and says who was told', () => {
    const text = cascadeSummary({
      plan: { images: [image('late', 'waiting'), image('base', 'settled'), image('web', 'ready')], cycles: [] },
      edges: [{ from: 'ghcr.io/acme/base:latest', to: 'ghcr.io/acme/web:latest' }],
      dispatched: [{ repository: 'acme/web', status: 'dispatched', reason: 'web is ready' }],
    });
    expect(text).toContain('### Cascade: 1 waiting, 1 settled, 1 ready');
    expect(text.indexOf('🔵&nbsp;ready')).toBeLessThan(text.indexOf('⏳&nbsp;waiting'));
    expect(text).not.toContain('is settled |');
    expect(text).toContain('| `acme/web` | ✅&nbsp;dispatched | web is ready |');
    expect(text).toMatch(/n1 --> n2/);
  });

  it('shows a cycle as a whole', () => {
    const plan = { images: [image('a', 'blocked')], cycles: [['a', 'b']] };
    const text = cascadeSummary({ plan, edges: [], dispatched: [] });
    expect(text).toContain('`a` → `b` → `a`');
  });
});

describe('the summary of a large fleet', () => {
  const size = 10_000;
  const states = ['ready', 'waiting', 'blocked', 'settled'] as const;
  const images = Array.from({ length: size }, (_, at) => ({
    reference: `ghcr.io/acme/image_${at}:latest`,
    name: `image_${at}`,
    repository: `acme/repository_${at % 2_500}`,
    state: states[at % states.length] ?? 'settled',
    reason: `waiting for image_${at}, ${'which waits for another one with a long name, '.repeat(20)}`,
    remaining: 1,
    holdsUp: 3,
  }));
  const edges = images.slice(1).map(({ reference }, at) => ({
    from: images[at >> 1]?.reference ?? '',
    to: reference,
  }));
  const dispatched = images.map(({ repository, reason }) => ({ repository, status: 'left' as const, reason }));
  const text = cascadeSummary({ plan: { images, cycles: [] }, edges, dispatched });

  it('is under the limit of 1 MiB, and has a picture that can be drawn', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    const picture = /```mermaid\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    // Mermaid refuses longer texts, and more than 500 edges.
    expect(picture.length).toBeLessThan(50_000);
    expect(picture.match(/-->/g)?.length ?? 0).toBeLessThanOrEqual(500);
    expect(picture.match(/^n\d+\[/gm)).toHaveLength(100);
  });

  it('says how much of the fleet it does not show', () => {
    expect(text).toContain('those of one repository shown as one.');
    expect(text).toContain('more are in the outputs.');
  });
});
