/**
 * Bundles the actions so that they start fast. esbuild runs twice: first it makes a chunk of each set of modules that
 * the same entry points share, then those chunks are put together into a few files, since to load a file costs more
 * than to skip what it has too much.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} root folder of the project
 * @param {readonly string[]} actions names of files of src/actions
 * @returns {Promise<{ files: { path: string, text: string }[], inputs: string[] }>} files of `dist/`, by their path in
 * it, and the source files that something was taken from
 */
export async function bundle(root, actions) {
  const chunks = await split(root, actions);
  const files = await put(chunks);
  const inputs = new Set(
    [...chunks.values()].flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  );
  return { files, inputs: [...inputs] };
}

// First run: chunks.

/** An action's module: what its entry starts. Importing it does nothing. */
const actionModules = (root) => ({
  name: 'action-modules',
  setup(build) {
    build.onResolve({ filter: /^action:/ }, ({ path }) => ({
      path: path.slice('action:'.length),
      namespace: 'action',
    }));
    build.onLoad({ filter: /.*/, namespace: 'action' }, ({ path }) => ({
      contents: `import { run } from './src/actions/${path}.ts';
import { runAction } from './src/runner/index.ts';
/** The action under the suite's last resort for errors. */
export const start = () => runAction(run);`,
      resolveDir: root,
      loader: 'ts',
    }));
  },
});

/**
 * Modules that do nothing when they are imported: what is not used of them is left out. Ours are like that, and some
 * packages that don't say so. Without this, @actions/core brings an HTTP client for the OpenID Connect calls that no
 * action here makes.
 */
const pure =
  /\/src\/(?!.*\/node_modules\/)|\/node_modules\/(@actions|undici|@octokit|universal-user-agent|before-after-hook)\//;
const sideEffects = {
  name: 'side-effects',
  setup(build) {
    build.onResolve({ filter: /./ }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === 'resolved' || rest.kind !== 'import-statement') return undefined;
      const result = await build.resolve(path, { ...rest, pluginData: 'resolved' });
      return result.errors.length === 0 && pure.test(result.path) ? { ...result, sideEffects: false } : undefined;
    });
  },
};

/**
 * Imports from the `index.ts` of a folder of src become imports from the files that have the names: a chunk goes to all
 * who load one of its files, and an index would make one chunk of all that its folder offers.
 */
const directImports = {
  name: 'direct-imports',
  setup(build) {
    const exported = new Map();
    const exportsOf = (index) => {
      const known = exported.get(index) ?? readExports(index);
      exported.set(index, known);
      return known;
    };
    // Only ours are TypeScript.
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/^import \{([^}]*)\} from '([^']+\/index\.ts)';$/gm, (_, names, from) => {
        const files = exportsOf(join(dirname(path), from));
        return entriesOf(names)
          .map((name) => `import { ${name} } from '${files.get(name.split(' as ')[0]) ?? from}';`)
          .join(' ');
      });
      return { contents, loader: 'ts' };
    });
  },
};

/** @returns {Map<string, string>} the file of each value that an index names; what it has under another name is left out */
function readExports(index) {
  const text = readFileSync(index, 'utf8');
  return new Map(
    [...text.matchAll(/^export \{([^}]*)\} from '([^']+)';$/gm)].flatMap(([, names, from]) =>
      entriesOf(names)
        .filter((name) => !name.includes(' as '))
        .map((name) => [name, join(dirname(index), from)]),
    ),
  );
}

/** The names between braces, without those of types. */
function entriesOf(names) {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

/** What CommonJS modules require of Node. */
const requiredBuiltins = {
  name: 'required-builtins',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

async function split(root, actions) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: actions.map((action) => ({ in: `action:${action}`, out: action })),
    outdir: root,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    conditions: ['import', 'node', 'production'],
    // For Node, yaml is a CommonJS module, of which nothing can be left out; this is the same code.
    alias: { yaml: join(root, 'node_modules/yaml/browser/dist/index.js') },
    external: ['chokidar', 'fsevents'],
    plugins: [actionModules(root), directImports, sideEffects, requiredBuiltins],
    legalComments: 'none',
    logLevel: 'warning',
  });
  refuseMissing(root, metafile);
  return new Map(
    outputFiles.map(({ path, text }) => {
      const name = basename(path);
      return [name, { ...metafile.outputs[name], text: lateBuiltins(text) }];
    }),
  );
}

/**
 * Of a CommonJS package that is loaded late, a bundle has only the default export, where Node and TypeScript know others.
 * @throws when something of ours takes a name that is not there
 */
function refuseMissing(root, { inputs, outputs }) {
  const exportsOf = new Map(Object.values(outputs).map(({ entryPoint, exports }) => [entryPoint, exports]));
  const missing = Object.entries(inputs).flatMap(([file, { imports }]) => {
    if (!file.startsWith('src/')) return [];
    const text = readFileSync(join(root, file), 'utf8');
    return imports.flatMap(({ path, original = '', kind }) => {
      const known = exportsOf.get(path);
      if (kind !== 'dynamic-import' || original.startsWith('.') || known === undefined) return [];
      const call = `await import\\('${original}'\\)`;
      const lists = [...text.matchAll(new RegExp(`\\{([^{}]*)\\} = ${call}`, 'g'))];
      const members = [...text.matchAll(new RegExp(`\\(${call}\\)\\.(\\w+)`, 'g'))];
      const taken = [...lists.flatMap(([, names]) => entriesOf(names)), ...members.map(([, name]) => name)];
      return taken
        .filter((name) => !known.includes(name.replace(/:.*/, '')))
        .map((name) => `${name} of ${original} (${file})`);
    });
  });
  if (missing.length > 0)
    throw new Error(`loaded late, these packages have their default export only: ${missing.join(', ')}`);
}

const require = createRequire(import.meta.url);

/** Modules of Node that are there when a program starts. */
const atStart = new Set(['buffer', 'events', 'fs', 'path', 'process', 'timers', 'url', 'util']);

/**
 * An ES import of a module of Node makes it touch each of that module's lazy exports: of `fs`, that loads streams, of
 * `http`, fetch, HTTP/2 and workers. Asked for as a whole, a module loads no more than it has to; and what is only
 * called is asked for when it is called.
 */
function lateBuiltins(text) {
  const declarations = [];
  const rest = text.replace(/^import ([^;]+?) from "([^"]+)";$/gm, (statement, names, path) => {
    if (!isBuiltin(path)) return statement;
    const name = path.replace(/^node:/, '');
    const early = atStart.has(name);
    // A module may have a `process` of its own.
    const module = `globalThis.process.getBuiltinModule("${name}")`;
    const [, whole, some = ''] = /^(?:\* as )?(\w+)?(?:, )?(?:\{([^}]*)\})?$/.exec(names);
    if (whole) declarations.push([whole, early ? module : `new Proxy({}, { get: (_, name) => ${module}[name] })`]);
    for (const [, exported, local = exported] of some.matchAll(/(\w+)(?: as (\w+))?/g)) {
      const called = /^[a-z]/.test(exported) && typeof require(name)[exported] === 'function';
      declarations.push([
        local,
        called && !early ? `(...args) => ${module}.${exported}(...args)` : `${module}.${exported}`,
      ]);
    }
    return '';
  });
  return declarations.map(([name, value]) => `const ${name} = ${value};\n`).join('') + rest;
}

// Second run: files.

/**
 * Where a chunk goes that more than one entry point loads. A chunk's imports are loaded by whatever loads the chunk, so
 * a file imports from itself and those before it only. A layer with the name of an action has that action in it.
 */
const layers = [
  {
    name: 'core',
    holds: ({ actions }) =>
      actions.has('render') &&
      (actions.has('build') || actions.has('push') || (actions.has('test') && actions.has('dependency-dispatch'))),
  },
  {
    name: 'config',
    holds: ({ actions, lazy }) =>
      actions.has('render') &&
      (actions.has('rotate') || lazy.has('src/checks/index.ts') || lazy.has('src/dockerfile/index.ts')),
  },
  { name: 'render', holds: ({ actions }) => actions.has('render') },
  { name: 'engine', holds: ({ actions }) => actions.has('build') || actions.has('push') },
  { name: 'github', holds: ({ actions }) => actions.has('rotate') && actions.has('dependency-dispatch') },
  { name: 'fleet', holds: ({ actions }) => actions.has('dependency-dispatch') },
  { name: 'checks', holds: ({ actions, lazy }) => actions.has('test') || lazy.has('src/checks/index.ts') },
  { name: 'rest', holds: () => true },
];

async function put(chunks) {
  const layerOf = layersOf(chunks);
  refuse(chunks, layerOf, 'render', /node_modules\/(?:@octokit|@actions\/github|undici)\//);
  const kept = [...chunks.keys()].filter((name) => !layerOf.has(name));
  const used = new Set(layerOf.values());
  const { outputFiles } = await build({
    entryPoints: [
      ...[...used].map((layer) => ({ in: `layer:${layer}`, out: layer })),
      ...kept.map((name) => ({ in: `chunk:${name}`, out: name.replace(/\.js$/, '') })),
    ],
    outdir: '/',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    plugins: [layered(chunks, layerOf)],
    // Of an import that only keeps an order of loading, nothing is left: no module of ours does anything when loaded.
    logOverride: { 'ignored-bare-import': 'silent' },
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, text }) => ({ path: join('chunks', basename(path)), text: ascii(text) }));
}

/**
 * What esbuild leaves as it is in regular expressions and templates. A file with such characters takes twice the memory,
 * and longer to load.
 */
function ascii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @throws when an action loads packages before it runs that it has no use for */
function refuse(chunks, layerOf, action, packages) {
  const loaded = new Set([`${action}.js`]);
  for (const name of loaded) {
    for (const { path, kind } of chunks.get(name).imports)
      if (kind === 'import-statement' && chunks.has(path)) loaded.add(path);
    // With a part of a layer comes all of it.
    const layer = layerOf.get(name);
    if (layer !== undefined) for (const [other, its] of layerOf) if (its === layer) loaded.add(other);
  }
  const found = [...loaded].flatMap((name) =>
    Object.keys(chunks.get(name).inputs).filter((path) => packages.test(path)),
  );
  if (found.length > 0) throw new Error(`${action} would load ${found.join(', ')}`);
}

/** @returns {Map<string, string>} name of the layer that a chunk is part of; those in none become files of their own */
function layersOf(chunks) {
  const users = new Map([...chunks.keys()].map((name) => [name, { actions: new Set(), lazy: new Set() }]));
  const add = (name, kind, user) => {
    const known = users.get(name);
    if (known === undefined || known[kind].has(user)) return;
    known[kind].add(user);
    for (const { path, kind: how } of chunks.get(name).imports) if (how === 'import-statement') add(path, kind, user);
  };
  const entries = [...chunks.keys()].filter((name) => chunks.get(name).entryPoint !== undefined);
  for (const entry of entries) {
    const { entryPoint } = chunks.get(entry);
    const [, action] = /^action:(.+)$/.exec(entryPoint) ?? [];
    if (action === undefined) add(entry, 'lazy', entryPoint);
    else add(entry, 'actions', action);
  }
  const found = [...users].flatMap(([name, own]) => {
    const alone = entries.includes(name) || own.actions.size + own.lazy.size === 1;
    const layer = layers.find((layer) => (alone ? name === `${layer.name}.js` : layer.holds(own)));
    return layer === undefined ? [] : [[name, layer.name]];
  });
  return new Map(found);
}

/** Files of layers, and chunks that import from them. */
const layered = (chunks, layerOf) => ({
  name: 'layered',
  setup(build) {
    const numbers = new Map([...chunks.keys()].map((name, index) => [name, index]));
    const alias = (name, exported) => `c${numbers.get(name)}_${exported}`;
    const renamed = (specifiers, from) => `export { ${specifiers.join(', ')} } from '${from}';\n`;

    build.onResolve({ filter: /^layer:/ }, ({ path }) => ({ path: path.slice('layer:'.length), namespace: 'layer' }));
    build.onLoad({ filter: /.*/, namespace: 'layer' }, ({ path }) => ({
      contents: [...layerOf]
        .filter(([, layer]) => layer === path)
        .map(([name]) => {
          const { exports } = chunks.get(name);
          return exports.length === 0
            ? `import 'chunk:${name}';\n`
            : renamed(
                exports.map((exported) =>
                  name === `${path}.js` ? exported : `${exported} as ${alias(name, exported)}`,
                ),
                `chunk:${name}`,
              );
        })
        .join(''),
    }));

    build.onResolve({ filter: /^chunk:/ }, ({ path }) => ({ path: path.slice('chunk:'.length), namespace: 'chunk' }));
    build.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({ contents: chunks.get(path).text }));

    build.onResolve({ filter: /^\.\// }, ({ path, kind, importer, namespace }) => {
      const name = basename(path);
      if (namespace === 'elsewhere' || kind === 'dynamic-import') return { path, external: true };
      const layer = layerOf.get(name);
      if (layer === undefined || layer === layerOf.get(importer)) return { path: name, namespace: 'chunk' };
      return { path: name, namespace: 'elsewhere', sideEffects: false };
    });
    build.onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => {
      const specifiers = chunks.get(path).exports.map((exported) => `${alias(path, exported)} as ${exported}`);
      return { contents: renamed(specifiers, `./${layerOf.get(path)}.js`) };
    });
  },
});
