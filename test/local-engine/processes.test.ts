import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  freePort,
  onExit,
  portAnswers,
  projectRoot,
  run,
  runOk,
  startProcess,
  temporaryFolder,
  untilTrue,
} from '../../local/processes/index.ts';

const processes = join(projectRoot(), 'local/processes/index.ts');

describe('commands', () => {
  it('end with the status that a shell would give', async () => {
    expect((await run('false', [])).status).toBe(1);
    expect((await run('no-such-command', [])).status).toBe(127);
    expect((await run('sh', ['-c', 'kill -9 $$'])).status).toBe(137);
  });

  it('read their input, and give both streams', async () => {
    const result = await run('sh', ['-c', 'cat; echo complaint >&2'], { input: 'text' });
    expect(result).toEqual({ status: 0, stdout: 'text', stderr: 'complaint\n' });
  });

  it('that take too long are ended together with their children', async () => {
    const result = await run('sh', ['-c', 'sleep 60 & echo $!; wait'], { timeoutMs: 300 });
    expect(result.status).toBe(124);
    await hasEnded(Number(result.stdout));
  });

  it('that had to succeed fail with their output', async () => {
    await expect(runOk('sh', ['-c', 'echo reason >&2; exit 3'])).rejects.toThrow(/status 3:\nreason/);
  });
});

describe('processes that stay', () => {
  it('write a log, and are gone when they were stopped', async () => {
    const folder = await temporaryFolder('image-cascade-test-');
    const started = await startProcess('sh', ['-c', 'echo up; exec sleep 60'], { logFile: join(folder.path, 'log') });
    await untilTrue(async () => (await started.lastLines(1)) === 'up', { what: 'the first line' });
    expect(started.status()).toBeNull();
    await started.stop();
    await hasEnded(started.pid);
    await folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });
});

describe('ports', () => {
  it('that are free answer nobody', async () => {
    expect(await portAnswers(await freePort())).toBe(false);
  });
});

describe('cleanups', () => {
  it('run once, however often they are called', async () => {
    let runs = 0;
    const cleanup = onExit(() => {
      runs += 1;
    });
    await Promise.all([cleanup(), cleanup()]);
    expect(runs).toBe(1);
  });

  const script = `
    import { main, onExit, run } from ${JSON.stringify(processes)};
    await main(async () => {
      onExit(() => console.log('first'));
      onExit(() => { throw new Error('in vain'); });
      onExit(() => console.log('last'));
      HERE
    });`;
  const node = (code: string) => run(process.execPath, ['--input-type=module', '--eval', script.replace('HERE', code)]);

  it('run from the last to the first when the script ends, also past one that fails', async () => {
    const result = await node('');
    expect(result.stdout).toBe('last\nfirst\n');
    expect(result.stderr).toContain('while cleaning up: in vain');
    expect(result.status).toBe(1);
  });

  it('run when the script fails', async () => {
    const result = await node("throw new Error('the reason');");
    expect(result.stdout).toBe('last\nfirst\n');
    expect(result.stderr).toContain('the reason');
  });

  it('run on a signal, once, and end what the script was waiting for', async () => {
    const code =
      "process.kill(process.pid, 'SIGINT'); process.kill(process.pid, 'SIGINT'); await run('sleep', ['60']);";
    const result = await node(code);
    expect(result.stdout).toBe('last\nfirst\n');
    expect(result.status).toBe(130);
  });
});

/** A process that was killed closes its streams a moment before the kernel calls it ended. */
async function hasEnded(pid: number): Promise<void> {
  await untilTrue(async () => !isRunning(pid), { what: `the end of process ${pid}` });
}

/** Whether a process does anything any more: one that has ended may wait for its parent to notice (state Z). */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
