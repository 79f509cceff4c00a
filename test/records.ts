/** Records as small as a test needs them. */
import type {
  BuildRecord,
  BuiltImage,
  RenderedImage,
  RenderRecord,
  RunRef,
  TestedImage,
  TestRecord,
} from '../src/images/records.ts';

export function image(name: string, changes: Partial<RenderedImage> = {}): RenderedImage {
  return {
    name,
    repository: `r.test/acme/${name}`,
    tags: ['latest'],
    mainReference: `r.test/acme/${name}:latest`,
    template: `docker/${name}/Dockerfile.j2`,
    dockerfile: `/run/${name}/Dockerfile`,
    context: `/run/${name}/context`,
    buildArgs: {},
    platforms: ['linux/amd64'],
    upstreams: [],
    material: {
      input: { objects: { 'images.yaml': 'c0', [`docker/${name}`]: 'f0' } },
      build: { dockerfile: 'd0', context: 'x0', buildArgs: {}, platforms: ['linux/amd64'] },
    },
    waiting: false,
    build: { needed: true, reason: 'never built' },
    test: { needed: true, reason: 'never tested' },
    ...changes,
  };
}

/** A push to the default branch of `repository`. */
export function runRef({ repository = 'acme/images', runId = '1', ...changes }: Partial<RunRef> = {}): RunRef {
  const url = `https://github.com/${repository}`;
  return {
    event: 'push',
    name: 'main',
    type: 'branch',
    defaultBranch: 'main',
    isDefaultBranch: true,
    fork: false,
    revision: 'a'.repeat(40),
    committed: 1_700_000_000,
    repository,
    url,
    runId,
    runUrl: `${url}/actions/runs/${runId}`,
    ...changes,
  };
}

export function renderRecord(images: readonly RenderedImage[], changes: Partial<RenderRecord> = {}): RenderRecord {
  return {
    ref: runRef(),
    registry: 'r.test',
    namespace: 'acme',
    copies: [],
    images,
    ...changes,
  };
}

export function builtRecord(statuses: Readonly<Record<string, BuiltImage['status']>>, id = 'sha256:one'): BuildRecord {
  return {
    images: Object.entries(statuses).map(([name, status]) => ({
      name,
      status,
      reason: 'because',
      ...(status === 'built' ? { image: { reference: `local/${name}`, id } } : {}),
    })),
  };
}

export function testRecord(statuses: Readonly<Record<string, TestedImage['status']>>, id = 'sha256:one'): TestRecord {
  return {
    images: Object.entries(statuses).map(([name, status]) => ({ name, status, reason: 'because', id, checks: [] })),
  };
}
