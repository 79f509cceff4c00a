/** Resources of a gossfile, checked and with their matchers read: https://goss.rocks/gossfile */
import { closest, FloatNumber } from '../../../documents/index.ts';
import { type Matcher, type OnWrong, readMatcher, readTextMatcher } from './matchers.ts';
import { elementsOf, type GoValue, isGoMap, isList, printed } from './values.ts';

/** What is compared: a value, a value that may be written as text, or a text that is looked at line by line. */
type Property = 'value' | 'number' | 'lines';
type Setting = 'text' | 'texts' | 'milliseconds' | 'flag' | 'any';

export interface ResourceType {
  /** The setting that names what is looked at, where that is not the key. */
  readonly named?: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** In goss's order. */
  readonly properties: Readonly<Record<string, Property>>;
  /** One of the names has to be there. */
  readonly needs: readonly string[];
  /** Where the first property fails or is `false`, the others are not looked at. */
  readonly firstDecides: boolean;
}

const timeout = { timeout: 'milliseconds' } as const;

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  addr: type('address', { ...timeout, 'local-address': 'text' }, { reachable: 'value' }),
  command: {
    ...type('exec', timeout, { 'exit-status': 'number', stdout: 'lines', stderr: 'lines' }),
    firstDecides: false,
  },
  dns: {
    ...type('resolve', { ...timeout, server: 'text' }, { resolvable: 'value', resolveable: 'value', addrs: 'value' }),
    needs: ['resolvable', 'resolveable'],
  },
  file: type(
    'path',
    {},
    {
      exists: 'value',
      mode: 'value',
      owner: 'value',
      uid: 'value',
      group: 'value',
      gid: 'value',
      'linked-to': 'value',
      filetype: 'value',
      contains: 'lines',
      contents: 'lines',
      size: 'value',
      md5: 'value',
      sha256: 'value',
      sha512: 'value',
    },
  ),
  group: type('groupname', {}, { exists: 'value', gid: 'number' }),
  http: type(
    'url',
    {
      ...timeout,
      method: 'text',
      'allow-insecure': 'flag',
      'no-follow-redirects': 'flag',
      'request-headers': 'texts',
      'request-body': 'text',
      username: 'text',
      password: 'text',
      'ca-file': 'text',
      'cert-file': 'text',
      'key-file': 'text',
      proxy: 'text',
    },
    { status: 'value', headers: 'lines', body: 'lines' },
  ),
  interface: type('name', {}, { exists: 'value', addrs: 'value', mtu: 'value' }),
  'kernel-param': type('name', {}, { value: 'value' }),
  matching: type(undefined, { content: 'any', 'as-reader': 'flag' }, { matches: 'value' }),
  mount: type('mountpoint', timeout, {
    exists: 'value',
    opts: 'value',
    'vfs-opts': 'value',
    source: 'value',
    filesystem: 'value',
    usage: 'value',
  }),
  package: type('name', {}, { installed: 'value', versions: 'value' }),
  port: type('port', {}, { listening: 'value', ip: 'value' }),
  process: type('comm', {}, { running: 'value' }),
  service: {
    ...type('name', {}, { enabled: 'value', running: 'value', runlevels: 'value' }),
    needs: [],
    firstDecides: false,
  },
  user: type(
    'username',
    {},
    {
      exists: 'value',
      uid: 'number',
      gid: 'number',
      home: 'value',
      groups: 'value',
      shell: 'value',
    },
  ),
};

function type(
  named: string | undefined,
  settings: ResourceType['settings'],
  properties: ResourceType['properties'],
): ResourceType {
  return {
    ...(named === undefined ? {} : { named }),
    settings,
    properties,
    needs: Object.keys(properties).slice(0, 1),
    firstDecides: true,
  };
}

export interface Resource {
  readonly type: string;
  readonly id: string;
  /** What is looked at. */
  readonly name: string;
  readonly title?: string;
  readonly skip: boolean;
  /** In the order in which they are looked at. */
  readonly expected: ReadonlyMap<string, Matcher>;
  readonly texts: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly timeoutMs?: number;
  /** Of `matching`. */
  readonly content: GoValue;
}

type Path = readonly (string | number)[];

/** @param wrong is told all that is wrong; what comes back is of use only if it was not */
export function readResource(typeName: string, id: string, written: GoValue, wrong: OnWrong): Resource {
  const path: Path = [typeName, id];
  const kind = resourceTypes[typeName];
  if (kind === undefined) throw new RangeError(`a resource of no type: ${typeName}`);
  const values = isGoMap(written) ? written : new Map<string, GoValue>();
  if (!isGoMap(written)) wrong(path, 'is no map; write what is expected of it');
  const { named, settings, properties } = kind;
  const known = [
    'title',
    'meta',
    'skip',
    ...(named === undefined ? [] : [named]),
    ...Object.keys({ ...settings, ...properties }),
  ];
  for (const key of values.keys()) {
    const meant = closest(key, known);
    if (!known.includes(key))
      wrong(
        [...path, key],
        `is not known; ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean '${meant}'?`}`,
        'key',
      );
  }
  const textAt = (key: string): string | undefined => {
    const value = values.get(key) ?? null;
    if (value === null) return undefined;
    if (elementsOf(value) !== undefined) wrong([...path, key], 'has to be a text');
    return printed(value);
  };
  const flagAt = (key: string): boolean => {
    const value = values.get(key) ?? false;
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    // As YAML 1.1 has them.
    if (!/^(?:y|yes|on|n|no|off)$/.test(word)) wrong([...path, key], 'has to be true or false');
    return /^(?:y|yes|on)$/.test(word);
  };
  const textsAt = (key: string): string[] => {
    const value = values.get(key) ?? null;
    if (value === null) return [];
    if (!isList(value)) wrong([...path, key], 'has to be a list of texts');
    const texts = (isList(value) ? value : []).map(printed);
    for (const [index, text] of texts.entries())
      if (!text.includes(': ')) wrong([...path, key, index], "is no header; write 'Name: value'");
    return texts;
  };
  const keysOf = (wanted: Setting): string[] => Object.keys(settings).filter((key) => settings[key] === wanted);

  const skip = flagAt('skip');
  const expected = new Map<string, Matcher>();
  for (const [property, how] of Object.entries(properties)) {
    const value = values.get(property) ?? null;
    const unset = value === null || (how === 'lines' && isList(value) && value.length === 0);
    if (!unset) expected.set(property, matcherOf(how, typeName, values, value, [...path, property], wrong));
  }
  // The older name counts where the newer one is not there.
  if (expected.has('resolvable')) expected.delete('resolveable');
  if (!skip && kind.needs.length > 0 && !kind.needs.some((name) => expected.has(name)))
    wrong(path, `has no '${kind.needs[0]}'; write what is expected`);
  const timeoutMs = values.get('timeout') ?? null;
  if (timeoutMs !== null && typeof timeoutMs !== 'number' && !(timeoutMs instanceof FloatNumber))
    wrong([...path, 'timeout'], 'has to be a number of milliseconds');
  const ms = timeoutMs instanceof FloatNumber ? timeoutMs.value : timeoutMs;
  const [title, name] = [textAt('title'), named === undefined ? undefined : textAt(named)];
  return {
    type: typeName,
    id,
    name: name === undefined || name === '' ? id : name,
    ...(title === undefined ? {} : { title }),
    skip,
    expected,
    texts: Object.fromEntries(
      keysOf('text').flatMap((key) => {
        const text = textAt(key);
        return text === undefined || text === '' ? [] : [[key, text]];
      }),
    ),
    lists: Object.fromEntries(keysOf('texts').map((key) => [key, textsAt(key)])),
    flags: Object.fromEntries(keysOf('flag').map((key) => [key, flagAt(key)])),
    // Zero stands for the default.
    ...(typeof ms === 'number' && ms > 0 ? { timeoutMs: ms } : {}),
    content: values.get('content') ?? null,
  };
}

function matcherOf(
  how: Property,
  typeName: string,
  values: ReadonlyMap<string, GoValue>,
  value: GoValue,
  path: Path,
  wrong: OnWrong,
): Matcher {
  const lines = how === 'lines' || (typeName === 'matching' && values.get('as-reader') === true);
  if (lines) return readTextMatcher(value, path, wrong);
  if (how !== 'number' || typeof value !== 'string') return readMatcher(value, path, wrong);
  if (!/^[-+]?\d+$/.test(value)) wrong(path, 'has to be a number');
  return readMatcher(new FloatNumber(Number(value)), path, wrong);
}
