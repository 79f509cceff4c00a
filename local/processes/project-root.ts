import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of this checkout. The launcher names it, since a bundle cannot tell from its own place; elsewhere it is
 * the nearest folder with a `package.json`, from the working directory upwards.
 */
export function projectRoot(): string {
  const named = process.env.IMAGE_CASCADE_ROOT;
  if (named !== undefined && named !== '') return named;
  let folder = process.cwd();
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`no package.json in ${process.cwd()} or above: run this inside the checkout`);
    folder = parent;
  }
  return folder;
}
