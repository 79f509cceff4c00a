/** The files that make a Podman a private one: pure. */

export interface PrivateFolders {
  /** Images and containers. */
  readonly data: string;
  /** What matters only while it runs, and its settings. */
  readonly run: string;
}

/**
 * containers.conf(5). `runc` with cgroupfs and these limits work where cgroups are mixed, and do no harm elsewhere.
 * @param helpers folders of the programs that Podman starts by their name: netavark, catatonit
 * @param environment of what cleans up after a container, which inherits nothing
 * @param subnets where its networks come from
 */
export function containersConf(
  { data, run }: PrivateFolders,
  helpers: readonly string[],
  environment: Readonly<Record<string, string>>,
  subnets: string,
): string {
  return lines([
    '[containers]',
    setting('default_ulimits', ['nofile=1024:1024', 'nproc=1024:1024']),
    '[engine]',
    setting('runtime', 'runc'),
    setting('cgroup_manager', 'cgroupfs'),
    setting('events_logger', 'file'),
    // The locks in shared memory are those of the machine's own Podman.
    setting('lock_type', 'file'),
    setting('tmp_dir', `${run}/tmp`),
    setting('static_dir', `${data}/libpod`),
    setting('volume_path', `${data}/volumes`),
    setting('helper_binaries_dir', helpers),
    setting(
      'conmon_env_vars',
      Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ),
    '[network]',
    setting('network_backend', 'netavark'),
    setting('network_config_dir', `${run}/networks`),
    `default_subnet_pools = [{ base = ${JSON.stringify(subnets)}, size = 24 }]`,
  ]);
}

/** containers-storage.conf(5) */
export function storageConf({ data, run }: PrivateFolders): string {
  return lines([
    '[storage]',
    setting('driver', 'overlay'),
    setting('graphroot', data),
    setting('runroot', `${run}/storage`),
  ]);
}

function setting(name: string, value: string | readonly string[]): string {
  // A text in JSON is one in TOML.
  return `${name} = ${JSON.stringify(value)}`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
