/** The files that a test file may name: those of its own folder, where `tests` in `images.yaml` names a folder. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { fail, type Place } from '../problems.ts';

export interface TestFolder {
  /** Text of a file, by its path relative to the test file. Throws ProblemsError with `place`. */
  read(name: string, place: Place): string;
  /** Path of such a file in the repository, for messages. */
  pathOf(name: string): string;
  /** Whether there is such a file or folder, one of the tests or not. */
  has(name: string): boolean;
  /** Absolute path of a file or folder; throws as `read`. */
  find(name: string, place: Place): string;
}

/**
 * @param workspace absolute path of the repository
 * @param file the test file in it
 * @param folder the folder in it whose files are part of the tests; absent: the test file stands alone
 */
export function testFolder(workspace: string, file: string, folder: string | undefined): TestFolder {
  const find: TestFolder['find'] = (name, place) => {
    if (folder === undefined)
      return fail(`'${name}' is not one of the tests: 'tests' in images.yaml names ${file} alone`, {
        hint: `put both into a folder, and name the folder under 'tests'`,
        place,
      });
    let real: string;
    try {
      real = realpathSync(isAbsolute(name) ? name : join(workspace, posix.dirname(file), name));
    } catch (cause) {
      return fail(`'${name}' does not exist`, {
        hint: `write its path relative to ${posix.dirname(file)}`,
        place,
        cause,
      });
    }
    const inside = relative(realpathSync(join(workspace, folder)), real);
    if (isAbsolute(inside) || inside.split(sep)[0] === '..')
      return fail(`'${name}' is outside of ${folder}, so it is not one of the tests`, {
        hint: 'move it there, or name a larger folder under tests in images.yaml',
        place,
      });
    return real;
  };
  return {
    find,
    has: (name) => existsSync(isAbsolute(name) ? name : join(workspace, posix.dirname(file), name)),
    pathOf: (name) => posix.join(posix.dirname(file), name),
    read(name, place) {
      const path = find(name, place);
      try {
        return readFileSync(path, 'utf8');
      } catch (cause) {
        return fail(`'${name}' can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
          place,
          cause,
        });
      }
    },
  };
}
