/** Podman leaves its chains in the firewall: they are taken away again where they were not there before. */
import { run } from '../processes/index.ts';

const tables = ['filter', 'nat'] as const;

/** Remembers the firewall's state. Returns what takes away Podman's empty chains that came since. */
export async function rememberFirewall(iptables: string, env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  const list = async (table: string): Promise<string[]> =>
    (await run(iptables, ['-w', '5', '-t', table, '-S'], { env })).stdout.split('\n');
  const before = new Map(await Promise.all(tables.map(async (table) => [table, await list(table)] as const)));
  return async () => {
    const now = await Promise.all(tables.map(async (table) => ({ table, rules: await list(table) })));
    // Another Podman's pods are still reached through them.
    if (now.some(({ rules }) => rules.some((rule) => /^-A NETAVARK-HOSTPORT-DNAT /.test(rule)))) return;
    for (const { table, rules } of now) {
      const own = rules.filter((rule) => /NETAVARK/.test(rule) && before.get(table)?.includes(rule) !== true);
      const chains = own.flatMap((rule) => /^-N (\S+)$/.exec(rule)?.slice(1) ?? []);
      const leading = own.filter((rule) => rule.startsWith('-A ') && !chains.some((chain) => isIn(rule, chain)));
      const commands = [
        ...leading.map((rule) => ['-D', ...words(rule).slice(1)]),
        ...chains.map((chain) => ['-F', chain]),
        ...chains.map((chain) => ['-X', chain]),
      ];
      for (const command of commands) await run(iptables, ['-w', '5', '-t', table, ...command], { env });
    }
  };
}

function isIn(rule: string, chain: string): boolean {
  return rule.startsWith(`-A ${chain} `);
}

/** A rule as `iptables -S` writes it, with its comment in quotes. */
function words(rule: string): string[] {
  return [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);
}
