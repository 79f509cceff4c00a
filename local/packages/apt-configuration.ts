/**
 * The text of a configuration file for apt that keeps to `folder`: its own sources, lists and archives.
 * Given with `-c`, it comes on top of the machine's own configuration, whose proxy settings stay in force.
 */
export function aptConfiguration(folder: string, statusFile?: string): string {
  const lines = [
    setting('Dir::Etc::sourcelist', `${folder}/sources.list`),
    setting('Dir::Etc::sourceparts', '-'),
    setting('Dir::State::lists', `${folder}/lists`),
    setting('Dir::Cache::archives', `${folder}/archives`),
    setting('Dir::Cache::pkgcache', ''),
    setting('Dir::Cache::srcpkgcache', ''),
    // The folder may lie where apt's own user may not look.
    setting('APT::Sandbox::User', 'root'),
    setting('APT::Install-Recommends', 'false'),
    setting('APT::Keep-Downloaded-Packages', 'true'),
    // Only files are fetched; the machine's package database is not touched, so its locks need not be waited for.
    setting('Debug::NoLocking', 'true'),
    setting('Acquire::Retries', '3'),
    setting('Acquire::Languages', 'none'),
    // Hooks of the machine are meant for its own archives.
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Post-Invoke;',
    // Files beside the package lists (component metadata) that some machines ask for.
    '#clear Acquire::IndexTargets::deb::DEP-11;',
    '#clear Acquire::IndexTargets::deb::DEP-11-icons;',
  ];
  if (statusFile !== undefined) lines.push(setting('Dir::State::status', statusFile));
  return `${lines.join('\n')}\n`;
}

/**
 * From the output of `apt-config dump`, the settings that decide whether archives can be reached and are accepted from
 * here (proxies, tolerance for dates), each as a line of an apt configuration file. A proxy on this machine's loopback
 * address is left out: a container cannot reach it.
 */
export function aptSettings(dump: string): string[] {
  return dump.split('\n').filter((line) => {
    if (!/^Acquire::(https?::Proxy\b|Check-Valid-Until|Check-Date|Max-FutureTime)/i.test(line)) return false;
    return !/"(https?:\/\/)?(127\.|localhost|\[::1\])/.test(line) && !line.endsWith(' "";');
  });
}

function setting(name: string, value: string): string {
  return `${name} "${value}";`;
}
