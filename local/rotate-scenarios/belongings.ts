/** What belongs to a build: platforms, attestations, signatures, referrers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../../src/registry/index.ts';
import { expect, type Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** An image for two platforms, which share a layer. */
export async function multiPlatform(
  world: World,
  image: string,
  name: string,
): Promise<{ index: Descriptor; platforms: Descriptor[] }> {
  const platforms = await Promise.all(
    ['amd64', 'arm64'].map((architecture) =>
      world.image(image, `${name} ${architecture}`, { architecture, layers: ['the base', `${name} ${architecture}`] }),
    ),
  );
  return { index: await world.index(image, platforms, { name }), platforms };
}

const password = { COSIGN_PASSWORD: '' };

async function keyPair({ tools, folder }: World): Promise<void> {
  await tools.use('cosign', ['generate-key-pair'], { cwd: folder, env: password });
}

async function sign(
  { tools, folder, repository }: World,
  image: string,
  { digest }: Descriptor,
  more: readonly string[] = [],
): Promise<void> {
  const common = ['--key', 'cosign.key', '--tlog-upload=false', '--allow-http-registry', '--yes', ...more];
  const experimental = more.length > 0 ? { COSIGN_EXPERIMENTAL: '1' } : {};
  await tools.use('cosign', ['sign', ...common, `${repository(image)}@${digest}`], {
    cwd: folder,
    env: { ...password, ...experimental },
  });
}

async function attest({ tools, folder, repository }: World, image: string, { digest }: Descriptor): Promise<void> {
  await writeFile(join(folder, 'predicate.json'), '{"checked":true}');
  const common = ['--key', 'cosign.key', '--tlog-upload=false', '--allow-http-registry', '--yes'];
  const about = ['--predicate', 'predicate.json', '--type', 'custom'];
  await tools.use('cosign', ['attest', ...common, ...about, `${repository(image)}@${digest}`], {
    cwd: folder,
    env: password,
  });
}

async function verify(
  { tools, folder, repository }: World,
  image: string,
  { digest }: Descriptor,
  more: readonly string[] = [],
): Promise<void> {
  const common = ['--key', 'cosign.pub', '--insecure-ignore-tlog', '--allow-http-registry', ...more];
  const env = more.length > 0 ? { COSIGN_EXPERIMENTAL: '1' } : {};
  await tools.use('cosign', ['verify', ...common, `${repository(image)}@${digest}`], { cwd: folder, env });
}

/** Attaches a file, and gives the manifest that did it. */
async function attach(
  { tools, folder, repository }: World,
  image: string,
  subject: { digest: string },
  text: string,
): Promise<{ digest: string }> {
  await writeFile(join(folder, 'note.txt'), text);
  const output = await tools.use(
    'oras',
    [
      'attach',
      '--plain-http',
      '--artifact-type',
      'application/vnd.example.note',
      `${repository(image)}@${subject.digest}`,
      'note.txt:text/plain',
    ],
    { cwd: folder },
  );
  const digest = /Digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
  if (digest === undefined) throw new Error(`oras attach says no digest: ${output}`);
  return { digest };
}

/** Digests of what refers to a manifest, in order: go-containerregistry's registry lists it in another one each time. */
async function notesOn({ tools, repository }: World, image: string, { digest }: { digest: string }): Promise<string> {
  const reference = `${repository(image)}@${digest}`;
  const answer = await tools.use('oras', ['discover', '--plain-http', '--format', 'json', reference]);
  const found = [...answer.matchAll(/"digest": *"([^"]+)"/g)].map(([, note = '']) => note);
  return found.sort().join(' ');
}

/** Copies a build with all that is under it, as buildx pushed it. */
async function copyAttested({ tools, attested, repository }: World, image: string): Promise<Descriptor> {
  const tag = `${repository(image)}:copied`;
  await tools.use('crane', ['copy', attested, tag]);
  const digest = await tools.use('crane', ['digest', tag]);
  const text = await tools.use('crane', ['manifest', tag]);
  const { mediaType }: { mediaType: string } = JSON.parse(text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function tagOf({ digest }: Descriptor, suffix: string): string {
  return `sha256-${digest.slice('sha256:'.length)}${suffix}`;
}

export const belongings: readonly Scenario[] = [
  {
    title: 'a multi-platform branch build goes with its platforms, the default branch keeps its own',
    async play(world) {
      const current = await multiPlatform(world, 'web', 'current');
      const old = await multiPlatform(world, 'web', 'old');
      await world.publish('web', old.index, { days: 9, branch: 'feature' });
      await world.publish('web', current.index, { days: 400 });
      await world.rotate();
      await world.expectTags('web', ['latest']);
      await world.expectGone('web', [old.index, ...old.platforms]);
      await world.expectThere('web', [current.index, ...current.platforms]);
    },
  },
  {
    title: 'a platform that two indexes list stays with the one that stays',
    async play(world) {
      const { index, platforms } = await multiPlatform(world, 'web', 'current');
      const [shared, other] = platforms;
      expect(shared !== undefined && other !== undefined, 'there are two platforms');
      const alone = await world.image('web', 'alone', { architecture: 's390x' });
      const old = await world.index('web', [shared, alone]);
      await world.publish('web', index, { days: 3 });
      await world.publish('web', old, { days: 30, branch: 'feature' });
      await world.rotate();
      await world.expectGone('web', [old, alone]);
      await world.expectThere('web', [index, shared, other]);
    },
  },
  {
    title: 'nested indexes go and stay with all their levels',
    async play(world) {
      const [current, old] = await Promise.all(
        ['current', 'old'].map(async (name) => {
          const inner = await multiPlatform(world, 'web', name);
          const middle = await world.index('web', [inner.index], { name });
          return {
            top: await world.index('web', [middle, inner.index]),
            all: [middle, inner.index, ...inner.platforms],
          };
        }),
      );
      expect(current !== undefined && old !== undefined, 'there are two');
      await world.publish('web', current.top, { days: 3 });
      await world.publish('web', old.top, { days: 30, branch: 'feature' });
      await world.rotate();
      await world.expectGone('web', [old.top, ...old.all]);
      await world.expectThere('web', [current.top, ...current.all]);
    },
  },
  {
    title: 'signatures and attestations by tag go with their image, and stay and verify with it',
    async play(world) {
      await keyPair(world);
      const [current, old] = [await multiPlatform(world, 'web', 'current'), await multiPlatform(world, 'web', 'old')];
      await world.publish('web', current.index, { days: 3 });
      await world.publish('web', old.index, { days: 30, branch: 'feature' });
      const [platform = current.index] = current.platforms;
      for (const signed of [current.index, old.index, platform]) await sign(world, 'web', signed);
      for (const attested of [current.index, old.index]) await attest(world, 'web', attested);
      await world.rotate();
      await verify(world, 'web', current.index);
      await verify(world, 'web', platform);
      for (const suffix of ['.sig', '.att']) {
        expect(await world.has('web', tagOf(current.index, suffix)), `the kept ${suffix} is gone`);
        expect(!(await world.has('web', tagOf(old.index, suffix))), `the old ${suffix} is still there`);
      }
    },
  },
  {
    title: 'signatures that are referrers go with their image, and stay and verify with it',
    async play(world) {
      await keyPair(world);
      const mode = ['--registry-referrers-mode=oci-1-1'];
      const [current, old] = [await world.image('web', 'current'), await world.image('web', 'old')];
      await world.publish('web', current, { days: 3 });
      await world.publish('web', old, { days: 30, branch: 'feature' });
      for (const signed of [current, old]) await sign(world, 'web', signed, mode);
      const signatures = await world.registry.referrers(world.repository('web'), old.digest);
      await world.rotate();
      await verify(world, 'web', current, ['--experimental-oci11']);
      if (world.server.referrersApi) expect(signatures?.length === 1, 'cosign wrote no referrer');
      await world.expectGone('web', [old, ...(signatures ?? [])]);
      expect(!(await world.has('web', tagOf(old, ''))), 'the list of its referrers is still there');
    },
  },
  {
    title: 'referrers, referrers of referrers and replaced lists of them go with their image, and stay with it',
    async play(world) {
      const [current, old] = [await world.image('web', 'current'), await world.image('web', 'old')];
      await world.publish('web', current, { days: 3 });
      await world.publish('web', old, { days: 30, branch: 'feature' });
      const notes: { digest: string }[] = [];
      for (const text of ['one', 'two']) {
        await attach(world, 'web', current, text);
        notes.push(await attach(world, 'web', old, text));
      }
      const [first = old] = notes;
      notes.push(await attach(world, 'web', first, 'a note on the note'));
      const before = await notesOn(world, 'web', current);
      await world.rotate();
      await world.expectGone('web', [old, ...notes]);
      expect((await notesOn(world, 'web', current)) === before, 'the kept image lost a referrer');
      expect(before.split(' ').length === 2, `oras discovers not two notes: ${before}`);
    },
  },
  {
    title: 'the provenance that buildx attested goes with its build, and stays with it',
    async play(world) {
      const current = await copyAttested(world, 'web');
      await world.publish('web', current, { days: 3, tags: ['latest', 'copied'] });
      const old = await copyAttested(world, 'api');
      await world.publish('api', await world.image('api', 'current'), { days: 1 });
      await world.publish('api', old, { days: 30, branch: 'feature', tags: ['feature', 'copied'] });
      const { manifests = [] } = (await world.registry.manifest(world.repository('web'), current.digest)) ?? {};
      const attestations = manifests.filter(
        ({ annotations }) => annotations?.['vnd.docker.reference.type'] !== undefined,
      );
      expect(attestations.length > 0, 'buildx attested nothing');
      await world.rotate();
      await world.expectThere('web', [current, ...manifests]);
      await world.expectGone('api', [old, ...manifests]);
    },
  },
];
