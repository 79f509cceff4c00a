/**
 * Bundles the actions into `dist/`: ES modules, the shared core in chunks of its own, one small entry an action.
 *
 *     node scripts/build.mjs            writes dist/
 *     node scripts/build.mjs --check    builds elsewhere and fails, naming the files, where dist/ differs
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
 * is loaded. `createRequire` is for the dependencies that are CommonJS modules.
 */
const entry = (action) => `import { enableCompileCache } from 'node:module';
if (process.env.RUNNER_TEMP) enableCompileCache(\`\${process.env.RUNNER_TEMP}/image-cascade/compile-cache\`);
await import('./chunks/${action}.js');
`;

const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** An action's module: its `run` under the suite's last resort for errors. Importing src/actions does nothing. */
const actionModules = {
  name: 'action-modules',
  setup(build) {
    build.onResolve({ filter: /^action:/ }, ({ path }) => ({ path: path.slice('action:'.length), namespace: 'action' }));
    build.onLoad({ filter: /.*/, namespace: 'action' }, ({ path }) => ({
      contents: `import { run } from './src/actions/${path}.ts';
import { runAction } from './src/runner/index.ts';
await runAction(run);`,
      resolveDir: root,
      loader: 'ts',
    }));
  },
};

/**
 * Packages whose modules do nothing when they are imported, though they don't say so: what is not used of them is left
 * out. Without this, @actions/core brings an HTTP client for the OpenID Connect calls that no action here makes.
 */
const pure = /^(@actions\/|undici$|@octokit\/|universal-user-agent|before-after-hook)/;
const sideEffects = {
  name: 'side-effects',
  setup(build) {
    build.onResolve({ filter: pure }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === 'resolved') return undefined;
      const result = await build.resolve(path, { ...rest, pluginData: 'resolved' });
      return result.errors.length > 0 ? result : { ...result, sideEffects: false };
    });
  },
};

/**
 * An ES import of http or https makes Node touch each of their lazy exports, which loads fetch, HTTP/2 and workers:
 * some 25 ms that no action needs. Asked for as a whole, they cost 6 ms.
 */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'lazy-builtin',
    }));
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
      loader: 'js',
    }));
  },
};

async function bundle(outdir) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: actions.map((action) => ({ in: `action:${action}`, out: action })),
    outdir: join(outdir, 'chunks'),
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    conditions: ['import', 'node', 'production'],
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    banner: { js: banner },
    metafile: true,
    external: ['chokidar', 'fsevents'],
    plugins: [actionModules, sideEffects, lazyBuiltins],
    logLevel: 'warning',
  });
  for (const action of actions) await writeFile(join(outdir, `${action}.js`), entry(action));
  await writeFile(join(outdir, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(outdir, 'LICENSES.txt'), await licences(result.metafile));
  return result.metafile;
}

/** The licence texts of every package that something was taken from. */
async function licences(metafile) {
  const used = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found && bytesInOutput > 0) used.add(found[1]);
    }
  }
  const texts = [];
  for (const folder of [...used].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const files = (await readdir(join(root, folder))).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
    const parts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
    texts.push([`${name} ${version} (${license})`, ...parts.map((part) => part.trim())].join('\n\n'));
  }
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
  const sizes = await Promise.all((await filesOf(folder)).map(async (file) => (await readFile(join(folder, file))).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const temporary = await mkdtemp(join(tmpdir(), 'image-cascade-dist-'));
const fresh = join(temporary, 'dist');
try {
  await mkdir(join(fresh, 'chunks'), { recursive: true });
  const metafile = await bundle(fresh);
  if (process.argv.includes('--metafile')) await writeFile(join(root, '.cache/meta.json'), JSON.stringify(metafile));
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
      different.push(`${committed === undefined ? 'missing' : built === undefined ? 'stale' : 'differs'}  dist/${name}`);
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
