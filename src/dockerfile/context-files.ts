/** The files that a build can copy: those of the build context, without what `.dockerignore` leaves out. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cleanPath, globToRegExp, hasWildcard, type IgnorePattern, ignoredBy, parseIgnoreFile } from './ignore-file.ts';

/** What became of a path in the context. */
export type Lookup =
  | { readonly kind: 'found' | 'missing' }
  | { readonly kind: 'ignored'; readonly file: string; readonly line: number; readonly pattern: string };

export interface ContextFiles {
  /** Looks for a path as `COPY` has it: relative to the context, perhaps with wildcards. */
  find(path: string): Lookup;
  /** What `.dockerignore` says. */
  readonly patterns: readonly IgnorePattern[];
}

/** The least that is needed to see a folder tree; paths are relative to its root, `.` is the root. */
export interface Tree {
  kind(path: string): 'file' | 'folder' | undefined;
  names(folder: string): readonly string[];
}

/** The build context in a folder. Of a Dockerfile with an ignore file of its own, that one counts. */
export function openContext(folder: string, dockerfile: string): ContextFiles {
  for (const [path, file] of [
    [`${dockerfile}.dockerignore`, `${dockerfile.slice(dockerfile.lastIndexOf('/') + 1)}.dockerignore`],
    [join(folder, '.dockerignore'), '.dockerignore'],
  ] as const) {
    const text = readIfThere(path);
    if (text !== undefined) return createContextFiles(folderTree(folder), parseIgnoreFile(text), file);
  }
  return createContextFiles(folderTree(folder));
}

export function createContextFiles(
  tree: Tree,
  patterns: readonly IgnorePattern[] = [],
  file = '.dockerignore',
): ContextFiles {
  const kept = (path: string): boolean => {
    if (path === '.' || ignoredBy(patterns, path) === undefined) return true;
    // A folder that is left out may hold a file that is taken back.
    if (tree.kind(path) !== 'folder' || !patterns.some(({ exception }) => exception)) return false;
    return tree.names(path).some((name) => kept(`${path}/${name}`));
  };
  return {
    patterns,
    find(path) {
      const matches = expand(tree, cleanPath(path));
      if (matches.some(kept)) return { kind: 'found' };
      const pattern = matches.map((match) => ignoredBy(patterns, match)).find((match) => match !== undefined);
      return pattern === undefined
        ? { kind: 'missing' }
        : { kind: 'ignored', file, line: pattern.line, pattern: pattern.text };
    },
  };
}

/** The paths that exist and match. */
function expand(tree: Tree, pattern: string): readonly string[] {
  if (!hasWildcard(pattern)) {
    const path = pattern.replace(/\\(.)/g, '$1');
    return tree.kind(path) === undefined ? [] : [path];
  }
  let found: readonly string[] = ['.'];
  for (const part of pattern.split('/')) {
    const matcher = globToRegExp(part);
    found = found.flatMap((folder) => {
      const names = tree.kind(folder) === 'folder' ? tree.names(folder) : [];
      return names.filter((name) => matcher.test(name)).map((name) => (folder === '.' ? name : `${folder}/${name}`));
    });
  }
  return found;
}

function folderTree(root: string): Tree {
  return {
    kind(path) {
      const full = join(root, path);
      // A link that leads nowhere from here may do so from the context's root, where the builder follows it.
      if (!existsSync(full)) return isLink(full) ? 'file' : undefined;
      return statSync(full).isDirectory() ? 'folder' : 'file';
    },
    names: (folder) => readdirSync(join(root, folder)),
  };
}

function isLink(path: string): boolean {
  return (
    existsSync(dirname(path)) &&
    statSync(dirname(path)).isDirectory() &&
    (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false)
  );
}

function readIfThere(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}
