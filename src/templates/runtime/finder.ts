/** Which file a template's name means: only files in the folders that templates may include from. */
import { posix } from 'node:path';
import { raise, TemplateError } from '../python/index.ts';

/** Where files are looked for. */
export interface Files {
  /** A file's text; `undefined` where there is none. */
  text(path: string): string | undefined;
  /** The path that a file really has; `undefined` outside of the repository. */
  real(path: string): string | undefined;
}

/** Thrown where a template is not there. */
export class TemplateMissing extends TemplateError {}

export class Finder {
  private readonly files: Files;
  private readonly folders: readonly string[];
  private readonly found = new Map<string, string>();
  /** Paths that are known to be in the folders. */
  private readonly allowed = new Set<string>();

  /** @param folders in the order they are searched */
  constructor(files: Files, folders: readonly string[]) {
    this.files = files;
    this.folders = folders;
  }

  /** As `find` for one name. */
  findOne(name: string, parent: string): string {
    const known = name.startsWith('.') ? undefined : this.found.get(name);
    return known ?? this.find([name], parent);
  }

  /**
   * The first of the names that is a file, as its path in the repository.
   * @param parent path of the template that asks
   * @throws TemplateMissing, and TemplateError where a name leads out of the folders
   */
  find(names: readonly string[], parent: string): string {
    const tried: string[] = [];
    for (const name of names) {
      const key = name.startsWith('.') ? `${posix.dirname(parent)}\n${name}` : name;
      const known = this.found.get(key);
      if (known !== undefined) return known;
      const paths = this.candidates(name, parent);
      const path = paths.find((candidate) => this.files.text(candidate) !== undefined);
      if (path !== undefined) {
        this.refuseOutside(path, name);
        this.found.set(key, path);
        return path;
      }
      tried.push(...paths);
      if (paths.length === 0 && names.length === 1) this.refuse(name);
    }
    throw new TemplateMissing(`template '${names.join("' or '")}' does not exist`, `looked for ${tried.join(', ')}`);
  }

  /** A template's path from the folder that it is found in, as Jinja2 names it. */
  nameOf(path: string): string {
    const folder = this.folders.find((each) => path.startsWith(`${each}/`));
    return folder === undefined ? path : path.slice(folder.length + 1);
  }

  /** @throws TemplateError where a path, or the file that it links to, is outside of the folders */
  refuseOutside(path: string, name = path): void {
    if (this.allowed.has(path)) return;
    const real = this.files.real(path);
    if (real === undefined || !this.isInside(real)) this.refuse(name);
    this.allowed.add(path);
  }

  private candidates(name: string, parent: string): string[] {
    const paths = [...this.folders.map((folder) => posix.join(folder, name)), posix.normalize(name)];
    if (/^\.\.?\//.test(name)) paths.unshift(posix.join(posix.dirname(parent), name));
    return [...new Set(paths)].filter((path) => this.isInside(path));
  }

  private isInside(path: string): boolean {
    return (
      !path.startsWith('/') &&
      path.split('/')[0] !== '..' &&
      this.folders.some((folder) => folder === '.' || path.startsWith(`${folder}/`))
    );
  }

  private refuse(name: string): never {
    return raise(
      `'${name}' is outside of the folders that templates may include from`,
      `they are ${this.folders.join(', ')}; name further ones under 'templates' in images.yaml`,
    );
  }
}
