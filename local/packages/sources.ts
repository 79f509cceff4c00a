/** One archive as apt knows it: sources.list(5). */
export interface AptSource {
  uris: string[];
  suites: string[];
  components: string[];
  /** Key file (or fingerprint) that signs it, where the source names one. */
  signedBy?: string;
}

/** Reads the one-line format: `deb [options] URI suite component…`. Comments and `deb-src` lines are left out. */
export function parseOneLineSources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    const [, options = '', uri, suite, components = ''] = match ?? [];
    if (uri === undefined || suite === undefined) continue;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    sources.push({
      uris: [uri],
      suites: [suite],
      components: words(components),
      ...(signedBy === undefined ? {} : { signedBy }),
    });
  }
  return sources;
}

/** Reads the deb822 format (`*.sources`): stanzas of `Field: value`. Stanzas that are disabled are left out. */
export function parseDeb822Sources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  const withoutComments = text.replaceAll(/^#.*\n?/gm, '');
  for (const stanza of withoutComments.split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    for (const [, name = '', value = ''] of stanza.matchAll(/^([A-Za-z-]+):((?:.*)(?:\n[ \t].*)*)/gm)) {
      fields.set(name.toLowerCase(), value.trim());
    }
    const enabled = !/^(no|false|off|0)$/i.test(fields.get('enabled') ?? 'yes');
    if (!enabled || !words(fields.get('types') ?? '').includes('deb')) continue;
    const signedBy = fields.get('signed-by');
    sources.push({
      uris: words(fields.get('uris') ?? ''),
      suites: words(fields.get('suites') ?? ''),
      components: words(fields.get('components') ?? ''),
      // A key may stand in the file itself; a one-line source cannot carry it, and apt then uses its own keyring.
      ...(signedBy?.startsWith('/') ? { signedBy } : {}),
    });
  }
  return sources;
}

/** The sources of the distribution itself: the release, its updates and its security fixes; nobody else's archive. */
export function distributionSources(sources: readonly AptSource[], codename: string): AptSource[] {
  const own = new Set([codename, `${codename}-updates`, `${codename}-security`]);
  return sources
    .map((source) => ({ ...source, suites: source.suites.filter((suite) => own.has(suite)) }))
    .filter((source) => source.suites.length > 0 && source.components.includes('main'));
}

/** The source that the machine takes its release from, and so the mirror that other releases are asked for. */
export function archiveMirror(sources: readonly AptSource[], codename: string): AptSource | undefined {
  return distributionSources(sources, codename).find((source) => source.suites.includes(codename));
}

/** The one-line format of a source, a line for each suite of each URI. */
export function sourceLine(source: AptSource): string {
  const options = source.signedBy === undefined ? '' : `[signed-by=${source.signedBy}] `;
  return source.uris
    .flatMap((uri) => source.suites.map((suite) => `deb ${options}${uri} ${suite} ${source.components.join(' ')}\n`))
    .join('');
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
