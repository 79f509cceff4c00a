import { describe, expect, it } from '@jest/globals';
import { createProcesses } from '../../src/runner/processes.ts';

const unread = 'x'.repeat(1_000_000);

describe('a process that ends without reading its input', () => {
  it.each([{ brief: true }, { timeoutMs: 10_000 }, {}])(
    'is judged by its exit status alone, with %j',
    async (options) => {
      const result = await createProcesses().run('sh', ['-c', 'exec 0<&-; exit 3'], { ...options, input: unread });
      expect(result.status).toBe(3);
    },
  );
});

describe('a command', () => {
  it.each([{ brief: true }, { timeoutMs: 10_000 }, {}])(
    'that does not exist ends with 127, with %j',
    async (options) => {
      expect((await createProcesses().run('no-such-command-here', [], options)).status).toBe(127);
    },
  );

  it.each([{ brief: true }, {}])('that takes too long ends with 124, with %j', async (options) => {
    expect((await createProcesses().run('sleep', ['30'], { ...options, timeoutMs: 50 })).status).toBe(124);
  });
});
