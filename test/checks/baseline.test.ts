import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/checks/kinds/baseline.ts';

describe('the difference to the published image', () => {
  const before = ['nginx 1.22', 'openssl 3.0', 'zlib 1'];
  const after = ['nginx 1.24', 'openssl 3.0', 'perl 5', 'zlib 1'];

  it('is what went and what came', () => {
    expect(differences(before, after, [])).toEqual(['-nginx 1.22', '+nginx 1.24', '+perl 5']);
    expect(differences(before, before, [])).toEqual([]);
  });

  it('leaves out what is allowed', () => {
    expect(differences(before, after, ['^[-+]nginx '])).toEqual(['+perl 5']);
    expect(differences(before, after, ['^-', '^\\+'])).toEqual([]);
  });
});
