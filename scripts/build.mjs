/**
 * Bundles the actions into `dist/`: ES modules, what actions share in files of its own, one small entry an action.
 *
 *     node scripts/build.mjs            writes dist/
 *     node scripts/build.mjs --check    builds elsewhere and fails, naming the files, where dist/ differs
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const limitBytes = 1_200_000;

/** The actions: every file of src/actions. */
const actions = (await readdir(join(root, 'src/actions')))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

/**
 * The entry the runner starts. It turns on Node's compile cache, which the steps of a job share, before anything large
 * is loaded. An ES import of `node:module` would load its source maps as well.
 */
const entry = (action) => `const { enableCompileCache } = process.getBuiltinModule('node:module');
if (process.env.RUNNER_TEMP) enableCompileCache(\`\${process.env.RUNNER_TEMP}/image-cascade/compile-cache\`);
const { start } = await import('./chunks/${action}.js');
await start();
`;

async function writeBundle(folder) {
  const { files, inputs } = await bundle(root, actions);
  await mkdir(join(folder, 'chunks'), { recursive: true });
  for (const { path, text } of files) await writeFile(join(folder, path), text);
  for (const action of actions) await writeFile(join(folder, `${action}.js`), entry(action));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(folder, 'LICENSES.txt'), await licences(inputs));
}

/** The licence texts of every package that something was taken from, each text once. */
async function licences(inputs) {
  const folders = inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  const packagesOf = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const files = (await readdir(join(root, folder)))
      .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
      .sort();
    const parts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
    const text = parts.map((part) => part.trim()).join('\n\n');
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const texts = [...packagesOf].map(([text, packages]) => `${packages.join('\n')}\n\n${text}`);
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function sizeOf(folder) {
  const sizes = await Promise.all(
    (await filesOf(folder)).map(async (file) => (await readFile(join(folder, file))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const temporary = await mkdtemp(join(tmpdir(), 'image-cascade-dist-'));
const fresh = join(temporary, 'dist');
try {
  await writeBundle(fresh);
  const size = await sizeOf(fresh);
  if (size > limitBytes) throw new Error(`dist/ has ${size} bytes, more than ${limitBytes}`);
  if (process.argv.includes('--check')) {
    const names = [...new Set([...(await filesOf(fresh)), ...(await filesOf(dist))])].sort();
    const different = [];
    for (const name of names) {
      const [built, committed] = await Promise.all(
        [fresh, dist].map((folder) => readFile(join(folder, name), 'utf8').catch(() => undefined)),
      );
      if (built === committed) continue;
      different.push(
        `${committed === undefined ? 'missing' : built === undefined ? 'stale' : 'differs'}  dist/${name}`,
      );
    }
    if (different.length > 0) {
      console.error(`dist/ is not what the sources give; run 'npm run build' and commit it:\n${different.join('\n')}`);
      process.exitCode = 1;
    } else console.log(`dist/ is up to date: ${names.length} files, ${size} bytes`);
  } else {
    await rm(dist, { recursive: true, force: true });
    await cp(fresh, dist, { recursive: true });
    console.log(`dist/: ${(await filesOf(dist)).length} files, ${size} bytes`);
  }
} finally {
  await rm(temporary, { recursive: true, force: true });
}
