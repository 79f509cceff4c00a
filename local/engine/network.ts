import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, runOk } from '../processes/index.ts';
import type { EngineRecord } from './record.ts';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/**
 * The engine's bridge, and what lets its containers out. The engine itself is told to leave the firewall alone: two
 * engines that both keep Docker's chains flush each other's, and the chains stay behind. Published ports on 127.0.0.1
 * need no rule, a proxy process serves them.
 */
export async function raiseNetwork(record: EngineRecord, bridgeAddress: string): Promise<void> {
  const options = { env: { ...process.env, ...record.tools } };
  await runOk('ip', ['link', 'add', record.bridge, 'type', 'bridge'], options);
  await runOk('ip', ['addr', 'add', bridgeAddress, 'dev', record.bridge], options);
  await runOk('ip', ['link', 'set', record.bridge, 'up'], options);
  for (const rule of rules(record)) await runOk(record.iptables, ['-w', '5', ...rule('-I')], options);
  // Left on at the end, as it may serve others by then; harmless without a rule that lets something through.
  if ((await readFile(FORWARDING, 'utf8')).trim() === '0') await writeFile(FORWARDING, '1');
}

/** Takes away what `raiseNetwork` added; what is not there is no error. */
export async function dropNetwork(record: EngineRecord): Promise<void> {
  const options = { env: { ...process.env, ...record.tools } };
  for (const rule of rules(record)) await run(record.iptables, ['-w', '5', ...rule('-D')], options);
  await run('ip', ['link', 'delete', record.bridge], options);
}

/** The first iptables command that can talk to this kernel: by name, as alternatives are not set up when unpacked. */
export async function workingIptables(env: NodeJS.ProcessEnv): Promise<string> {
  const complaints: string[] = [];
  for (const command of ['iptables', 'iptables-nft', 'iptables-legacy']) {
    const result = await run(command, ['-w', '5', '-t', 'nat', '-S'], { env, timeoutMs: 20_000 });
    if (result.status === 0) return command;
    complaints.push(result.stderr.trim());
  }
  throw new Error(
    `containers need network address translation, which this machine's kernel or its permissions do not give:\n${complaints.join('\n')}\n` +
      'use an engine that is there already: set DOCKER_HOST to its address',
  );
}

/**
 * Makes a folder in which the command is called as engines call it, without an alternative set up on the machine: they
 * need it in a container's own network, e.g. to find other containers by their names.
 * @param iptables what `workingIptables` found
 */
export async function linkIptables(folder: string, iptables: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ['iptables', 'ip6tables']) {
    const command = iptables.replace('iptables', name);
    const { status, stdout } = await run('sh', ['-c', 'command -v "$1"', 'sh', command], { env });
    if (status === 0) await symlink(stdout.trim(), join(folder, name));
  }
}

type Rule = (action: '-I' | '-D') => string[];

function rules({ range }: EngineRecord): Rule[] {
  const comment = ['-m', 'comment', '--comment', 'image-cascade'];
  return [
    (action) => ['-t', 'nat', action, 'POSTROUTING', '-s', range, '!', '-d', range, ...comment, '-j', 'MASQUERADE'],
    (action) => ['-t', 'filter', action, 'FORWARD', '-s', range, ...comment, '-j', 'ACCEPT'],
    (action) => ['-t', 'filter', action, 'FORWARD', '-d', range, ...comment, '-j', 'ACCEPT'],
  ];
}
