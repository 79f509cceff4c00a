/** Reads `images.yaml` of a checked out repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Config } from '../images/config.ts';
import { loadConfig } from '../images/index.ts';
import { fail } from '../problems.ts';

/**
 * @param file path of `images.yaml` in the repository
 * @param override paths of template overrides, instead of those that the file names
 * @throws ProblemsError
 */
export function loadRepository(workspace: string, file: string, override: readonly string[] = []): Config {
  let text: string;
  try {
    text = readFileSync(join(workspace, file), 'utf8');
  } catch (cause) {
    const absent = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT';
    return fail(absent ? 'there is no such file' : `this file can't be read: ${String(cause)}`, {
      hint: "check out the repository before this step, and write the file: 'namespace: owner' is enough to begin with",
      place: { file },
      cause,
    });
  }
  const config = loadConfig(text, file, discoverableFiles(workspace));
  const paths = override.map((path) => posix.normalize(path));
  const outside = paths.find((path) => path.startsWith('/') || path.split('/')[0] === '..');
  if (outside !== undefined)
    fail(`input 'template-override': '${outside}' is outside of the repository`, {
      hint: 'give its path from the root',
    });
  return paths.length === 0 ? config : { ...config, templates: { ...config.templates, override: paths } };
}

/** Files of the form `docker/<folder>/<file>`, and `docker/<group>/<folder>/<file>` where a group is no image itself. */
function discoverableFiles(workspace: string): string[] {
  const below = (folder: string): string[] => namesIn(join(workspace, folder)).map((name) => `${folder}/${name}`);
  return below('docker').flatMap((folder) => {
    const files = below(folder);
    const isGroup = !folder.startsWith('docker/_') && !files.includes(`${folder}/Dockerfile.j2`);
    return isGroup ? [...files, ...files.flatMap(below)] : files;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
