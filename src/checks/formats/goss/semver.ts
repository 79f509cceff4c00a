/** Version ranges, as https://pkg.go.dev/github.com/blang/semver/v4#ParseRange has them. */

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly before: readonly string[];
}

export type VersionRange = (version: Version) => boolean;

const number = '(0|[1-9]\\d*)';
const versionPattern = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** `undefined` where it is no version of three numbers. Pure. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, before = ''] = versionPattern.exec(text) ?? [];
  if (major === undefined) return undefined;
  const parts = before === '' ? [] : before.split('.');
  if (parts.some((part) => /^0\d+$/.test(part))) return undefined;
  return { numbers: [Number(major), Number(minor), Number(patch)], before: parts };
}

function compare(a: Version, b: Version): number {
  for (const [index, own] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0;
    if (own !== other) return own - other;
  }
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length;
  for (const [index, own] of a.before.entries()) {
    const other = b.before[index];
    if (other === undefined) return 1;
    if (own === other) continue;
    const numeric = [own, other].map((part) => /^\d+$/.test(part));
    if (numeric[0] && numeric[1]) return Number(own) - Number(other);
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return own < other ? -1 : 1;
  }
  return a.before.length - b.before.length;
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '': (order) => order === 0,
  '=': (order) => order === 0,
  '==': (order) => order === 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '!': (order) => order !== 0,
  '!=': (order) => order !== 0,
};

/** `>1.0.0 <2.0.0 !=1.5.0 || 3.x`; `undefined` where it is no range. Pure. */
export function parseRange(text: string): VersionRange | undefined {
  const alternatives = text
    .trim()
    .split(/\s*\|\|\s*/)
    .map((part) => {
      const terms = part
        .replaceAll(/([<>=!])\s+/g, '$1')
        .split(/\s+/)
        .map(parseTerm);
      return terms.every((term) => term !== undefined) ? terms : undefined;
    });
  if (!alternatives.every((terms) => terms !== undefined)) return undefined;
  return (version) => alternatives.some((terms) => terms.every((term) => term(version)));
}

function parseTerm(text: string): VersionRange | undefined {
  const [, operator = '', written = ''] = /^([^\d]*)(\d.*)$/.exec(text) ?? [];
  const fits = comparisons[operator];
  if (fits === undefined) return undefined;
  const [, major, minor] = /^(\d+)(?:\.(\d+))?(?:\.x)?\.x$/.exec(written) ?? [];
  if (major === undefined) {
    const wanted = parseVersion(written);
    return wanted === undefined ? undefined : (version) => fits(compare(version, wanted));
  }
  // `1.x` and `1.2.x` stand for all from one version to the next.
  const low: Version = { numbers: [Number(major), Number(minor ?? 0), 0], before: [] };
  const high: Version = {
    numbers: minor === undefined ? [Number(major) + 1, 0, 0] : [Number(major), Number(minor) + 1, 0],
    before: [],
  };
  return (version) => {
    const [above, below] = [compare(version, low) >= 0, compare(version, high) < 0];
    if (operator === '>') return !below;
    if (operator === '>=') return above;
    if (operator === '<') return !above;
    if (operator === '<=') return below;
    // Both ends of what is left out have to hold there, which no version can.
    return operator.startsWith('!') ? false : above && below;
  };
}
