/**
 * Whether something in a container listens on a port: read from the kernel's tables of the container's network
 * namespace, so that nothing has to be installed in the image.
 * https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt
 */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import * as z from 'zod/mini';
import { type ContainerState, type Engine, execute } from '../../engine/index.ts';
import type { Check } from '../check.ts';
import { defineKind } from './kind.ts';
import { port as portNumber } from './schemas.ts';

const portSchema = z.union([
  portNumber,
  z.string().check(z.refine((value) => /^\d{1,5}\/(?:tcp|udp)$/.test(value), 'is no port; write 80, 80/tcp or 53/udp')),
]);

export const port = defineKind('port', portSchema, (written) => {
  const [number = '0', protocol] = String(written).split('/');
  return listens(Number(number), protocol === 'udp' ? 'udp' : 'tcp');
});

export function listens(number: number, protocol: 'tcp' | 'udp'): Check {
  return {
    title: `port ${number}/${protocol} is listening`,
    ports: protocol === 'tcp' ? [number] : [],
    looksAt: 'process',
    run: async ({ engine, container, timeoutMs }) =>
      (await isListening(engine, container, number, protocol, timeoutMs))
        ? []
        : [`nothing in the container listens on ${number}/${protocol}`],
  };
}

const tcpListen = '0A';
const udpUnconnected = '07';
/** How long a published port has to stay connected: a proxy without anything behind it hangs up at once. */
const proxyMs = 300;

/** Port numbers that one of the tables (`/proc/net/tcp`, `tcp6`, `udp`, `udp6`) shows as listening. Pure. */
export function listeningPorts(table: string, protocol: 'tcp' | 'udp'): ReadonlySet<number> {
  const wanted = protocol === 'tcp' ? tcpListen : udpUnconnected;
  const ports = table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const port = /:([0-9A-F]{4})$/i.exec(local)?.[1];
    return port !== undefined && state === wanted ? [Number.parseInt(port, 16)] : [];
  });
  return new Set(ports);
}

/** Whether the container listens on the port, on any address of its own. */
export async function isListening(
  engine: Engine,
  state: ContainerState,
  port: number,
  protocol: 'tcp' | 'udp',
  timeoutMs: number,
): Promise<boolean> {
  const tables =
    (await hostTables(engine, state, protocol)) ?? (await containerTables(engine, state, protocol, timeoutMs));
  if (tables !== undefined) return tables.some((table) => listeningPorts(table, protocol).has(port));
  const published = state.ports[`${port}/${protocol}`];
  return protocol === 'tcp' && published !== undefined && (await accepts(published, timeoutMs));
}

/** The tables through the host's `/proc`; `undefined` where the container's process is not one of this machine. */
async function hostTables(
  engine: Engine,
  { id, pid }: ContainerState,
  protocol: string,
): Promise<string[] | undefined> {
  if (!engine.local || pid <= 0) return undefined;
  try {
    // The same number may be another process here, when the engine runs in a virtual machine or a container.
    if (!(await readFile(`/proc/${pid}/cgroup`, 'utf8')).includes(id)) return undefined;
    const read = (table: string): Promise<string> => readFile(`/proc/${pid}/net/${table}`, 'utf8');
    // Without IPv6 there is no second table.
    return await Promise.all([read(protocol), read(`${protocol}6`).catch(() => '')]);
  } catch {
    return undefined;
  }
}

/** The tables as the container sees them, where it has `cat`. */
async function containerTables(
  engine: Engine,
  { id }: ContainerState,
  protocol: string,
  timeoutMs: number,
): Promise<string[] | undefined> {
  const result = await execute(engine, id, ['cat', `/proc/net/${protocol}`, `/proc/net/${protocol}6`], { timeoutMs });
  return result.stdout.includes('local_address') ? [result.stdout] : undefined;
}

function accepts(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(timeoutMs, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('end', () => settle(false));
    socket.on('connect', () => setTimeout(() => settle(true), proxyMs));
    socket.on('data', () => settle(true));
  });
}
