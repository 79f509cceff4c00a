/**
 * Cuts dpkg's status file down to what every Debian system has: the required packages, and what they need.
 * With it apt answers as on a machine where nothing else is installed.
 */
export function minimalStatus(text: string): string {
  const stanzas = new Map<string, string>();
  const providers = new Map<string, string>();
  for (const stanza of text.split(/\n\n+/)) {
    const name = field(stanza, 'Package');
    if (name === undefined) continue;
    stanzas.set(name, stanza);
    for (const provided of alternatives(field(stanza, 'Provides')).flat()) providers.set(provided, name);
  }
  const kept = new Set<string>();
  const queue = [...stanzas.keys()].filter((name) => isBase(stanzas.get(name) ?? ''));
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const stanza = stanzas.get(name);
    if (stanza === undefined || kept.has(name)) continue;
    kept.add(name);
    const needs = [...alternatives(field(stanza, 'Depends')), ...alternatives(field(stanza, 'Pre-Depends'))];
    for (const choices of needs) {
      const choice = choices.find((candidate) => stanzas.has(candidate)) ?? choices.find((name) => providers.has(name));
      if (choice !== undefined) queue.push(stanzas.has(choice) ? choice : (providers.get(choice) ?? choice));
    }
  }
  return [...stanzas]
    .filter(([name]) => kept.has(name))
    .map(([, stanza]) => `${stanza.trimEnd()}\n\n`)
    .join('');
}

function isBase(stanza: string): boolean {
  return (
    field(stanza, 'Priority') === 'required' ||
    field(stanza, 'Essential') === 'yes' ||
    field(stanza, 'Package') === 'apt'
  );
}

function field(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(stanza)?.[1]?.trim();
}

function alternatives(relation: string | undefined): string[][] {
  if (relation === undefined) return [];
  return relation.split(',').map((one) => one.split('|').map((name) => name.trim().replace(/[\s:(].*$/, '')));
}
