/** Where template texts come from. */
import { lstatSync, readFileSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** Paths are repository paths with `/`. */
export interface TemplateLoader {
  /** The text of a file; `undefined` where there is none. */
  read(path: string): string | undefined;
  /** The path that a symbolic link leads to; `undefined` when that is outside of the repository. */
  real?(path: string): string | undefined;
}

/** Templates on disk, below `root`. */
export function diskLoader(root: string): TemplateLoader {
  const folders = new Map<string, string>();
  /** Where a folder really is. */
  const realFolder = (folder: string): string => {
    const known = folders.get(folder) ?? realpathSync(folder);
    folders.set(folder, known);
    return known;
  };
  const status = (path: string): Stats | undefined => {
    try {
      // Most names that are looked for are in another folder, and an error for each takes time.
      return lstatSync(join(root, path), { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
  };
  const real = (path: string, found = status(path)): string | undefined => {
    if (found === undefined) return path;
    const full = join(root, path);
    let target: string;
    try {
      const place = found.isSymbolicLink() ? realpathSync(full) : join(realFolder(dirname(full)), basename(full));
      target = relative(realFolder(root), place);
    } catch {
      return path;
    }
    const parts = target.split(sep);
    return parts[0] === '..' || parts[0] === '.git' ? undefined : parts.join('/');
  };
  return {
    real: (path) => real(path),
    read: (path) => {
      const found = status(path);
      if (found === undefined || real(path, found) === undefined) return undefined;
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** Templates that are at hand as texts, by path. */
export function textLoader(texts: ReadonlyMap<string, string> | Readonly<Record<string, string>>): TemplateLoader {
  const map = texts instanceof Map ? texts : new Map(Object.entries(texts));
  return { read: (path) => map.get(path) };
}
