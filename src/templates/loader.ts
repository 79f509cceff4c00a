/** Where template texts come from. */
import { readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Paths are repository paths with `/`. */
export interface TemplateLoader {
  /** The text of a file; `undefined` where there is none. */
  read(path: string): string | undefined;
  /** The path that a symbolic link leads to; `undefined` when that is outside of the repository. */
  real?(path: string): string | undefined;
}

/** Templates on disk, below `root`. */
export function diskLoader(root: string): TemplateLoader {
  const real = (path: string): string | undefined => {
    let target: string;
    try {
      target = relative(realpathSync(root), realpathSync(join(root, path)));
    } catch {
      return path;
    }
    const parts = target.split(sep);
    return parts[0] === '..' || parts[0] === '.git' ? undefined : parts.join('/');
  };
  return {
    real,
    read: (path) => {
      if (real(path) === undefined) return undefined;
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
