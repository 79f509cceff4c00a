import { describe, expect, it } from '@jest/globals';
import { buildQuery } from '../../src/github/batch.ts';

describe('buildQuery', () => {
  it('puts every value into a variable, once', () => {
    const { query, variables } = buildQuery('Example', [
      (argument) => `repository(owner: ${argument('acme')}, name: ${argument('a"}b')}) { id }`,
      (argument) => `repository(owner: ${argument('acme')}, name: ${argument('c')}) { id }`,
    ]);
    expect(query).toBe(
      [
        'query Example($v0: String!, $v1: String!, $v2: String!) {',
        'q0: repository(owner: $v0, name: $v1) { id }',
        'q1: repository(owner: $v0, name: $v2) { id }',
        '}',
      ].join('\n'),
    );
    expect(variables).toEqual({ v0: 'acme', v1: 'a"}b', v2: 'c' });
  });
});
