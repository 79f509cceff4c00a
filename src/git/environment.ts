/** The environment of every git process. */

/**
 * Configuration for one process travels in `GIT_CONFIG_*`, which no process list shows:
 * https://git-scm.com/docs/git-config#ENVIRONMENT
 */
export function gitEnvironment(options: {
  readonly workspace: string;
  readonly serverUrl: string;
  readonly token?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.env ?? process.env)) if (value !== undefined) env[name] = value;
  // These would aim git at another repository than the one asked for.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY']) delete env[name];
  const settings: (readonly [string, string])[] = [
    // In a container job the workspace belongs to another user.
    ['safe.directory', options.workspace],
    ['core.hooksPath', '/dev/null'],
    ['protocol.version', '2'],
    ['advice.detachedHead', 'false'],
  ];
  if (options.token !== undefined && options.token !== '') {
    const basic = Buffer.from(`x-access-token:${options.token}`).toString('base64');
    settings.push([`http.${options.serverUrl}/.extraheader`, `AUTHORIZATION: basic ${basic}`]);
  }
  const given = Number(env.GIT_CONFIG_COUNT ?? '0');
  const first = Number.isInteger(given) && given > 0 ? given : 0;
  for (const [index, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${first + index}`] = key;
    env[`GIT_CONFIG_VALUE_${first + index}`] = value;
  }
  return {
    ...env,
    GIT_CONFIG_COUNT: String(first + settings.length),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GCM_INTERACTIVE: 'never',
    GIT_LFS_SKIP_SMUDGE: '1',
    LC_ALL: 'C',
  };
}
