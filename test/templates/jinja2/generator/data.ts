/** Random data for the names in scope.ts, as JSON with the oracle's words for Python's other types. */
import type { Random } from './random.ts';

const words = [
  '',
  'a',
  'B',
  'foo',
  'Bar baz',
  'x-y_z',
  'nginx=1.2',
  'ünï',
  '  pad ',
  'a,b,c',
  '<b>&',
  "it's",
  '1',
  '😀',
  'l1\nl2',
];
const keys = ['a', 'b', 'c', 'key', 'items', 'x y'];

export function randomData(random: Random): Record<string, unknown> {
  const int = (): number => random.pick([0, 1, 2, 3, 5, 7, 10, -1, -4, 42, 1000]);
  const float = (): unknown =>
    random.pick([0.5, 1.25, -2.75, 3.1, { $float: '2.0' }, { $float: '-0.0' }, 1e-7, 123456.789]);
  const text = (): string => random.pick(words);
  const several = <T>(make: () => T, most = 3): T[] => Array.from({ length: random.below(most + 1) }, make);
  const scalar = (): unknown => random.pick([int, float, text, () => random.chance(0.5), () => null])();
  const any: (depth: number) => unknown = (depth) => {
    if (depth === 0 || random.chance(0.6)) return scalar();
    return random.pick<() => unknown>([
      () => several(() => any(depth - 1), 3),
      () => ({ $tuple: several(() => any(depth - 1), 3) }),
      () => Object.fromEntries(several(() => [random.pick(keys), any(depth - 1)] as const, 3)),
    ])();
  };
  const data: Record<string, unknown> = {
    n: int(),
    m: int(),
    f: float(),
    s: text(),
    t: text(),
    flag: random.chance(0.5),
    xs: several(int),
    ws: several(text),
    mix: several(() => any(2)),
    d: Object.fromEntries([['a', int()], ...several(() => [random.pick(keys), any(1)] as const, 3)]),
    rows: several(() => ({ g: random.pick(['x', 'y', 'Z']), v: int(), ...(random.chance(0.3) ? { o: any(1) } : {}) })),
    u: any(2),
    acc: [],
  };
  if (random.chance(0.1)) delete data[random.pick(Object.keys(data))];
  return data;
}

/** Data with less in it, one step away. */
export function* smallerData(data: unknown): Generator<unknown> {
  if (typeof data === 'string' && data !== '') yield '';
  if (typeof data === 'number' && data !== 0 && data !== 1) yield data < 0 ? -1 : 1;
  if (typeof data !== 'object' || data === null) return;
  if (Array.isArray(data)) {
    for (const index of data.keys()) yield data.toSpliced(index, 1);
    for (const [index, item] of data.entries()) for (const other of smallerData(item)) yield data.with(index, other);
    return;
  }
  const entries = Object.entries(data);
  for (const [key] of entries)
    if (!key.startsWith('$')) yield Object.fromEntries(entries.filter(([other]) => other !== key));
  for (const [key, item] of entries) for (const other of smallerData(item)) yield { ...data, [key]: other };
}
