/**
 * Tries out what the suite runs on here: engine, registry, base image. Builds an image that installs a package, pushes
 * it, runs it with a published port, then stops everything and looks for what is left.
 *
 *     node local/launch.mjs local/try-engine.ts
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideBaseImage } from './base-image/index.ts';
import { startEngine } from './engine/index.ts';
import { main, run, runOk, temporaryFolder, untilTrue } from './processes/index.ts';
import { startRegistry } from './registry/server.ts';

const started = performance.now();
const log = (line: string): void => {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
};

await main(async () => {
  const before = await traces();
  const auth = { username: 'demo', password: 'not a secret' };
  const [engine, registry] = await Promise.all([startEngine({ log }), startRegistry({ log, auth })]);
  log(`${engine.kind} engine: ${engine.description}`);
  const env = { ...process.env, ...engine.env };
  const base = await provideBaseImage(registry, { log });
  log(`base image: ${base}`);

  const login = ['login', '--username', auth.username, '--password-stdin', registry.host];
  await runOk('docker', login, { env, input: auth.password });
  const context = await temporaryFolder('image-cascade-try-');
  await writeFile(
    join(context.path, 'Dockerfile'),
    `FROM ${base}\nRUN apt-get update && apt-get install -y --no-install-recommends busybox-static && rm -rf /var/lib/apt/lists/*\n` +
      'RUN echo it-works > /index.html\nCMD ["busybox", "httpd", "-f", "-p", "80", "-h", "/"]\n',
  );
  const reference = `${registry.host}/try/web:latest`;
  // With attestations there is an index, whose parts Docker 26 writes to the tag at the same time: now and then the
  // registry answers 500 to the one that looks while another writes.
  const build = [
    'buildx',
    'build',
    '--progress=plain',
    '--provenance=false',
    '--tag',
    reference,
    '--push',
    context.path,
  ];
  await runOk('docker', build, { env, timeoutMs: 300_000 });
  log('built with a package from the network, and pushed');

  const container = (
    await runOk('docker', ['run', '--detach', '--publish', '127.0.0.1::80', reference], { env })
  ).stdout.trim();
  const address = (await runOk('docker', ['port', container, '80/tcp'], { env })).stdout.trim();
  let page = '';
  await untilTrue(
    async () => {
      page = await fetch(`http://${address}/index.html`)
        .then((answer) => answer.text())
        .catch(() => '');
      return page !== '';
    },
    { what: `an answer of the container on ${address}` },
  );
  if (page.trim() !== 'it-works') throw new Error(`the container answered ${JSON.stringify(page)}`);
  log(`container answers on ${address}`);
  if (process.argv.includes('--wait')) {
    log('waiting for a signal');
    await run('sleep', ['600']);
  }
  if (engine.kind === 'existing') {
    await run('docker', ['rm', '--force', container], { env });
    await run('docker', ['image', 'rm', reference], { env });
  }
  await Promise.all([context.remove(), registry.stop(), engine.stop()]);
  log('stopped');

  const left = (await traces()).filter((trace) => !before.includes(trace));
  if (left.length > 0) throw new Error(`left behind:\n${left.join('\n')}`);
  log('nothing left behind: processes, mounts, folders, network, control groups');
});

/** Everything on the machine that could be a trace of an engine or a registry. */
async function traces(): Promise<string[]> {
  const processes = (await runOk('ps', ['-eo', 'args'])).stdout.split('\n');
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  const folders = (await readdir(tmpdir())).map((name) => join(tmpdir(), name));
  const data = await readdir(join(process.env.IMAGE_CASCADE_ROOT ?? '.', '.cache', 'engine')).catch(() => []);
  const rules = await Promise.all(['nat', 'filter'].map((table) => run('iptables', ['-t', table, '-S'])));
  const routes = (await readFile('/proc/net/route', 'utf8')).split('\n');
  const groups = (await run('find', ['/sys/fs/cgroup', '-type', 'd', '-name', '*image-cascade*'])).stdout.split('\n');
  return [
    ...processes.filter(
      (line) => /dockerd|containerd|docker-registry|docker-proxy|buildkit/.test(line) && !line.includes('<defunct>'),
    ),
    ...mounts,
    ...folders.filter((name) => /image-cascade-(engine|registry|client|try)-/.test(name)),
    ...data.filter((name) => name.startsWith('data-') || name.startsWith('.unpacking')),
    ...rules.flatMap((result) => result.stdout.split('\n')),
    ...routes,
    ...groups,
  ].filter((line) => line !== '');
}
