/**
 * Watches the build and every kind of check pass and fail on a real engine: builds four images, of which one fails and
 * takes another with it, then runs test files whose outcome is known.
 *
 *     node local/launch.mjs local/try-checks.ts
 */
import { deepStrictEqual } from 'node:assert';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages } from '../src/build/index.ts';
import { testImages } from '../src/checks/index.ts';
import { detectEngine } from '../src/engine/index.ts';
import type { RenderedImage, RenderRecord, Upstream } from '../src/images/records.ts';
import { createRegistry } from '../src/registry/index.ts';
import { createProcesses, currentEnvironment } from '../src/runner/index.ts';
import { provideBaseImage } from './base-image/index.ts';
import { startEngine } from './engine/index.ts';
import { main, temporaryFolder } from './processes/index.ts';
import { startRegistry } from './registry/server.ts';

const log = (line: string): void => console.log(line);

const dockerfiles: Readonly<Record<string, string>> = {
  service: `FROM debian:bookworm-slim
RUN apt-get update -q && apt-get install -qy --no-install-recommends busybox-static && rm -rf /var/lib/apt/lists/*
EXPOSE 8080
RUN echo '{"items": [{"name": "Kettle"}]}' > /srv/items.json && mkdir /srv/folder
RUN echo it-works > /srv/index.html && ln -s index.html /srv/link && chmod 640 /srv/index.html
CMD perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 5353, Proto => "udp"); sleep' & echo begun; sleep 1; exec busybox httpd -f -p 8080 -h /srv
`,
  failing: 'FROM debian:bookworm-slim\nRUN true\nRUN echo from the failing step; exit 3\n',
  'on-failing': 'FROM fleet.example/acme/failing:latest\nRUN true\n',
  empty: 'FROM scratch\nLABEL nothing=here\n',
};

const right = `start: { env: { GREETING: hello } }
up: { port: 8080, log: begun }
checks:
  - port: 8080
  - port: 5353/udp
  - http: { port: 8080, path: /index.html, body: { matches: ^it-works$ } }
  - command: [test, -e, /srv/link]
  - command: { run: echo $GREETING, stdout: hello }
  - file: { path: /srv/index.html, type: file, mode: '0640', user: root, group: root, contains: works }
  - file: { path: /srv, type: directory }
  - file: { path: /nowhere, exists: false }
  - file: { path: /srv/link, type: symlink, links-to: index.html }
  - file: { path: /srv/index.html, size: 9, sha256: 8d709fab8e9d49c067ef023194e600175e1132dfd4c571034bcfe0ce3f8515d7 }
  - port: { port: 8080, address: '::' }
  - port: { port: 81, listening: false }
  - process: busybox
  - process: { matches: '^busybox httpd', user: root, count: 1 }
  - process: { name: nginx, running: false }
  - user: www-data
  - user: { name: www-data, uid: 33, gid: 33, groups: [www-data], home: /var/www, shell: /usr/sbin/nologin }
  - user: { name: nobody-here, exists: false }
  - package: busybox-static
  - package: { name: bash, version: { matches: '^5' } }
  - package: { name: nginx, installed: false }
  - env: { PATH: { contains: /usr/bin }, NOTHING: null }
  - label: { org.opencontainers.image.title: service }
  - metadata: { user: '', workdir: /, exposed-ports: [8080], unexposed-ports: [80/tcp], healthcheck: false }
  - http: { port: 8080, path: /index.html, response-headers: { content-type: text/html } }
  - http: { port: 8080, path: /items.json, json: { '$.items[0].name': Kettle, items: [{ name: Kettle }] } }
  - http: { port: 8080, path: /folder, redirects: 1, status: [200, 404] }
`;

/** Every check of it has to fail. */
const wrong = `checks:
  - port: 81
  - port: 5354/udp
  - http: { port: 8080, path: /nowhere }
  - http: { port: 8080, path: /index.html, body: something else }
  - command: [nowhere]
  - command: { run: 'echo out; echo err >&2; exit 3', stdout: err, stderr: out }
  - { command: sleep 20, timeout: 0.5 }
  - file: { path: /srv/index.html, mode: '0644' }
  - file: { path: /srv/index.html, type: directory, user: nobody, group: nogroup, contains: else }
  - file: { path: /srv/index.html, exists: false }
  - file: /nowhere
  - file: { path: /srv/link, links-to: nowhere, size: 3 }
  - port: { port: 8080, address: 127.0.0.1 }
  - port: { port: 8080, listening: false }
  - process: nginx
  - process: { name: busybox, user: www-data, count: 2 }
  - process: { name: busybox, running: false }
  - user: nobody-here
  - user: { name: www-data, uid: 1, groups: [root], shell: /bin/sh }
  - package: nginx
  - package: { name: bash, version: '4.' }
  - package: { name: bash, installed: false }
  - env: { PATH: null, NOTHING: x }
  - label: { org.opencontainers.image.title: other }
  - metadata: { user: root, exposed-ports: [80], unexposed-ports: [8080], healthcheck: true, entrypoint: [x] }
  - http: { port: 8080, path: /index.html, response-headers: { x-nothing: '', content-type: json } }
  - http: { port: 8080, path: /items.json, json: { '$.items[0].name': Pot, '$.none': 1 } }
up: { port: 8080, log: begun }
`;

/** A service that it needs, and files of the tests' folder. */
const together = `start:
  command: sleep 60
  mounts: [{ source: note.txt, target: /etc/note }, { tmpfs: /scratch }]
  services: { backend: { image: service, up: { port: 8080, log: begun } } }
checks:
  - command: { run: [busybox, wget, -qO-, 'http://backend:8080/index.html'], stdout: it-works }
  - command: { run: 'cat /etc/note; touch /scratch/file && ! touch /etc/note', stdout: a note }
`;

function entries(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('  - '));
}

await main(async () => {
  const [local, server] = await Promise.all([startEngine({ log }), startRegistry({ log })]);
  const base = await provideBaseImage(server, { log });
  const folder = await temporaryFolder('image-cascade-try-');
  const processes = createProcesses();
  const engine = await detectEngine(processes, { ...currentEnvironment(), ...local.env });
  log(`${engine.kind} ${engine.version}, buildx ${engine.buildx}, ${engine.store} image store`);

  const repository = base.slice(0, base.lastIndexOf(':'));
  const found = await createRegistry({ credentials: async () => undefined }).resolve(
    repository,
    base.slice(repository.length + 1),
  );
  if (found === undefined) throw new Error(`${base} is not in the registry`);
  const debian: Upstream = { kind: 'image', written: 'debian:bookworm-slim', reference: base, fleet: false, ...found };
  const failing: Upstream = {
    kind: 'pending',
    written: 'fleet.example/acme/failing:latest',
    reference: 'fleet.example/acme/failing:latest',
    image: 'failing',
  };
  const upstreams: Readonly<Record<string, Upstream[]>> = { 'on-failing': [failing], empty: [] };
  const images = await Promise.all(
    Object.entries(dockerfiles).map(([name, text]) => rendered(folder.path, name, text, upstreams[name] ?? [debian])),
  );
  const render = recordOf(images);

  const built = await buildImages(render, async () => engine, {
    settings: { secrets: {}, noCache: false, epoch: render.ref.committed },
    cacheFrom: [],
    cacheTo: [],
    folder: join(folder.path, 'build'),
    onLine: () => {},
  });
  deepStrictEqual(
    built.record.images.map(({ name, status }) => `${name} ${status}`),
    ['service built', 'failing failed', 'on-failing skipped', 'empty built'],
  );
  deepStrictEqual(built.problems[0]?.place, { file: 'docker/failing/Dockerfile.j2', line: 3 });
  log('build: as expected');

  const [service, , , empty] = images;
  if (service === undefined || empty === undefined) throw new Error('an image is missing');
  const cases: readonly (readonly [RenderedImage, string, string])[] = [
    [service, 'right.yaml', right],
    [service, 'wrong.yaml', wrong],
    [service, 'together.yaml', together],
    [service, 'lonely.yaml', 'start: { services: { backend: { image: service, command: exit 3, up: { port: 80 } } } }'],
    [service, 'stops.yaml', 'start: { command: echo last words; exit 7 }\nup: { port: 80 }\n'],
    [service, 'never.yaml', 'up: { http: { port: 8080, path: /nowhere }, timeout: 2 }\n'],
    [empty, 'files.yaml', 'checks: [{ file: { path: /etc/passwd, exists: false } }]\n'],
  ];
  await writeFile(join(folder.path, 'note.txt'), 'a note\n');
  const outcomes: Record<string, string[]> = {};
  for (const [image, file, text] of cases) {
    await writeFile(join(folder.path, file), text);
    const { record, logTails } = await testImages([{ ...image, tests: file, testFolder: '.' }], render, built.record, {
      signal: new AbortController().signal,
      cleanup: () => {},
      workspace: folder.path,
      concurrency: 2,
      findEngine: async () => engine,
    });
    for (const { title, status, message = '' } of record.images[0]?.checks ?? [])
      log(`${file}: ${status} ${title} ${message}`);
    outcomes[file] = record.images[0]?.checks.map(({ status }) => status) ?? [];
    if (file === 'stops.yaml') deepStrictEqual(logTails.get(image.name), ['last words']);
  }
  deepStrictEqual(outcomes, {
    'right.yaml': ['passed', ...entries(right).map(() => 'passed')],
    'wrong.yaml': ['passed', ...entries(wrong).map(() => 'failed')],
    'together.yaml': ['passed', ...entries(together).map(() => 'passed')],
    'lonely.yaml': ['failed'],
    'stops.yaml': ['failed'],
    'never.yaml': ['failed'],
    'files.yaml': ['passed'],
  });
  const left = await processes.run('docker', ['ps', '--all', '--quiet', '--filter', 'label=io.image-cascade.run'], {
    env: engine.env,
  });
  deepStrictEqual(left.stdout, '', 'a container was left behind');
  for (const { image } of built.record.images)
    if (image !== undefined) await processes.run('docker', ['image', 'rm', image.reference], { env: engine.env });
  log('checks: as expected, and no container left');
  await Promise.all([folder.remove(), server.stop(), local.stop()]);
});

async function rendered(folder: string, name: string, text: string, upstreams: Upstream[]): Promise<RenderedImage> {
  const context = join(folder, name, 'context');
  await mkdir(context, { recursive: true });
  const dockerfile = join(folder, name, 'Dockerfile');
  await writeFile(dockerfile, text);
  const platforms = ['linux/amd64'];
  return {
    name,
    repository: `fleet.example/acme/${name}`,
    tags: ['latest'],
    mainReference: `fleet.example/acme/${name}:latest`,
    template: `docker/${name}/Dockerfile.j2`,
    templateLines: text.split('\n').map((_, index) => index + 1),
    dockerfile,
    context,
    buildArgs: {},
    platforms,
    upstreams,
    material: { input: { objects: {} }, build: { dockerfile: '', context: '', buildArgs: {}, platforms } },
    waiting: false,
    build: { needed: true, reason: 'tried out' },
    test: { needed: true, reason: 'tried out' },
  };
}

function recordOf(images: readonly RenderedImage[]): RenderRecord {
  const url = 'http://127.0.0.1/acme/images';
  return {
    ref: {
      event: 'push',
      name: 'main',
      type: 'branch',
      defaultBranch: 'main',
      isDefaultBranch: true,
      fork: false,
      revision: '0'.repeat(40),
      committed: 1_700_000_000,
      repository: 'acme/images',
      url,
      runId: String(process.pid),
      runUrl: `${url}/actions/runs/1`,
    },
    registry: 'fleet.example',
    namespace: 'acme',
    copies: [],
    images,
  };
}
