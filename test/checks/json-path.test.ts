import { describe, expect, it } from '@jest/globals';
import { parseJsonPath, valueAt } from '../../src/checks/json-path.ts';

describe('a JSON path', () => {
  it.each<[string, readonly (string | number)[] | undefined]>([
    ['$', []],
    ['$.items[0].name', ['items', 0, 'name']],
    ['items[-1]', ['items', -1]],
    ["$['a b'][\"c'd\"]", ['a b', "c'd"]],
    ["$['it\\'s']", ["it's"]],
    ['$..name', undefined],
    ['$.items[*]', undefined],
    ['', undefined],
    ['$.', undefined],
  ])('%s is read', (text, steps) => {
    expect(parseJsonPath(text)).toEqual(steps);
  });

  it('finds own members only', () => {
    const document = { items: [{ name: 'Kettle' }, { name: 'Pot' }], none: null };
    expect(valueAt(document, ['items', -1, 'name'])).toBe('Pot');
    expect(valueAt(document, ['none'])).toBeNull();
    expect(valueAt(document, ['none', 'deeper'])).toBeUndefined();
    expect(valueAt(document, ['constructor'])).toBeUndefined();
    expect(valueAt(document, ['items', 'length'])).toBeUndefined();
  });
});
