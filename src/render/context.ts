/** The build context of an image: a copy of its folder, with rendered templates and sources in it. */
import {
  chmodSync,
  constants,
  copyFileSync,
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ignoredBy, parseIgnoreFile } from '../dockerfile/ignore-file.ts';
import type { ImageSettings } from '../images/config.ts';
import { type Problem, ProblemsError, problemsOf } from '../problems.ts';
import type { RenderTemplate } from './render-dockerfile.ts';

/** A file of the context that a template makes. */
export interface RenderedFile {
  /** Path in the context. */
  readonly path: string;
  readonly template: string;
  readonly text: string;
  readonly executable: boolean;
}

/**
 * Renders every `name.j2` of the image's folder except the Dockerfile's template; those that begin with `_` are parts
 * of others. Where the folder is outside of the context, the files land at the context's root.
 * @throws ProblemsError with the problems of all templates
 */
export function renderFiles(workspace: string, image: ImageSettings, render: RenderTemplate): RenderedFile[] {
  const base = isWithin(image.folder, image.context) ? image.context : image.folder;
  const problems: Problem[] = [];
  const files: RenderedFile[] = [];
  for (const template of templatesBelow(workspace, image.folder)) {
    if (template === image.template) continue;
    const path = posix.relative(base, template.slice(0, -'.j2'.length));
    try {
      const { text } = render(template);
      const executable = (lstatSync(join(workspace, template)).mode & 0o100) !== 0;
      files.push({ path, template, text, executable });
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return files;
}

function templatesBelow(workspace: string, folder: string): string[] {
  const found: string[] = [];
  for (const entry of entriesOf(join(workspace, folder))) {
    const path = posix.join(folder, entry.name);
    if (entry.name.startsWith('_')) continue;
    if (entry.isDirectory() && entry.name !== '.git') found.push(...templatesBelow(workspace, path));
    else if (entry.isFile() && entry.name.endsWith('.j2')) found.push(path);
  }
  return found.sort();
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * Copies the image's context folder to the empty folder `target` and writes the rendered files next to it. The Dockerfile's template,
 * other templates and the test file stay behind: a change in one of them is no change of what is built.
 * @throws ProblemsError for links that lead out of the context, and for two files in one place
 */
export function writeContext(
  workspace: string,
  image: ImageSettings,
  files: readonly RenderedFile[],
  target: string,
): void {
  const problems: Problem[] = [];
  const left = new Set([image.template, ...files.map(({ template }) => template)]);
  if (image.tests !== undefined) left.add(image.tests);
  const copy = (path: string): void => {
    const relative = posix.relative(image.context, path);
    if (path !== image.context) mkdirSync(join(target, relative));
    for (const entry of readdirSync(join(workspace, path), { withFileTypes: true })) {
      const from = posix.join(path, entry.name);
      if (entry.name === '.git' || left.has(from)) continue;
      const to = join(target, relative, entry.name);
      if (entry.isDirectory()) copy(from);
      else if (entry.isSymbolicLink()) {
        const link = readlinkSync(join(workspace, from));
        if (leavesContext(posix.relative(image.context, from), link))
          problems.push({
            message: `this symbolic link leads to ${link}, which is outside of the build context`,
            hint: "copy the file, or choose a larger 'context' for the image",
            place: { file: from },
          });
        else symlinkSync(link, to);
      } else if (
        entry.isFile() &&
        !(entry.name.startsWith('_') && entry.name.endsWith('.j2') && isWithin(from, image.folder))
      )
        copyPlain(join(workspace, from), to);
    }
  };
  if (lstatSync(join(workspace, image.context), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ProblemsError([
      {
        message: `context ${image.context} of image '${image.name}' is not a folder`,
        hint: "create it, or correct 'context'",
        place: image.place,
      },
    ]);
  copy(image.context);
  for (const { path, template, text, executable } of files) {
    const to = join(target, path);
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) {
      problems.push({
        message: `this template would replace the file ${path} of the build context`,
        hint: 'remove one of the two',
        place: { file: template },
      });
      continue;
    }
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
    chmodSync(to, executable ? 0o755 : 0o644);
  }
  if (problems.length > 0) throw new ProblemsError(problems);
}

/** Modes are those that git knows: what the machine's umask makes of them must not get into images. */
function copyPlain(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, (lstatSync(from).mode & 0o100) === 0 ? 0o644 : 0o755);
}

/** An absolute link is resolved inside the image, so it leads nowhere on this machine. */
function leavesContext(path: string, link: string): boolean {
  if (link.startsWith('/')) return false;
  return posix.join(posix.dirname(path), link).split('/')[0] === '..';
}

/** Which paths of the context a builder never sees: the Dockerfile's own ignore file counts before the general one. */
export function ignoredPaths(dockerfile: string, context: string): (path: string) => boolean {
  const text = readIfThere(`${dockerfile}.dockerignore`) ?? readIfThere(join(context, '.dockerignore'));
  if (text === undefined) return () => false;
  const patterns = parseIgnoreFile(text);
  return (path) => ignoredBy(patterns, path) !== undefined;
}

export function isWithin(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

function readIfThere(path: string): string | undefined {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
