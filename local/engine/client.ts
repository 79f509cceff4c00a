import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a configuration of the docker command that is not the user's: logins made with it end with this run, and the
 * plugins (buildx) are found all the same.
 */
export async function writeClientConfiguration(folder: string, pluginFolders: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: {}, cliPluginsExtraDirs: pluginFolders }));
}
