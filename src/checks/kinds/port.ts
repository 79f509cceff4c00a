/**
 * Whether something in a container listens on a port: read from the kernel's tables of the container's network
 * namespace, so that nothing has to be installed in the image.
 * https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt
 */
import { readFile } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import * as z from 'zod/mini';
import { type ContainerState, type Engine, execute } from '../../engine/index.ts';
import type { Check } from '../check.ts';
import { defineKind } from './kind.ts';
import { port as portNumber } from './schemas.ts';

export const tcpListen = '0A';
const udpUnconnected = '07';
/** How long a published port has to stay connected: a proxy without anything behind it hangs up at once. */
const proxyMs = 300;

const portText = z
  .string()
  .check(z.refine((value) => /^\d{1,5}(?:\/(?:tcp|udp))?$/.test(value), 'is no port; write 80, 80/tcp or 53/udp'));
const address = z
  .string()
  .check(z.refine((value) => isIP(value) !== 0, "is no IP address; write e.g. '127.0.0.1' or '::1'"));

const portSchema = z.union([
  portNumber,
  portText,
  z.strictObject({
    port: z.union([portNumber, portText]),
    address: z.optional(address),
    listening: z.optional(z.boolean()),
  }),
]);

export interface PortCheck {
  readonly number: number;
  readonly protocol: 'tcp' | 'udp';
  /** The address that it is bound to, exactly: `0.0.0.0` and `::` are addresses of their own. Absent: any. */
  readonly address?: string;
  readonly listening: boolean;
}

export const port = defineKind('port', portSchema, (written) => {
  const { port, address, listening = true } = typeof written === 'object' ? written : { port: written };
  const [number = '0', protocol] = String(port).split('/');
  return portCheck({
    number: Number(number),
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    listening,
    ...(address === undefined ? {} : { address }),
  });
});

export function listens(number: number, protocol: 'tcp' | 'udp'): Check {
  return portCheck({ number, protocol, listening: true });
}

export function portCheck(check: PortCheck): Check {
  const { number, protocol, address, listening } = check;
  const name = `${number}/${protocol}${address === undefined ? '' : ` at ${address}`}`;
  return {
    title: `port ${name} is ${listening ? '' : 'not '}listening`,
    ports: protocol === 'tcp' && listening ? [number] : [],
    looksAt: 'process',
    async run({ engine, container, timeoutMs }) {
      const found = await findListeners(engine, container, check, timeoutMs);
      const fits = found.some((one) => address === undefined || one === canonical(address));
      if (fits === listening) return [];
      if (!listening) return [`something in the container listens on ${name}`];
      const others = found.length === 0 ? '' : `, only at ${found.join(' and ')}`;
      return [`nothing in the container listens on ${name}${others}`];
    },
  };
}

/** Address and port of what one of the tables (`/proc/net/tcp`, `tcp6`, `udp`, `udp6`) shows as listening. Pure. */
export function listeners(
  table: string,
  protocol: 'tcp' | 'udp',
): { readonly address: string; readonly port: number }[] {
  const wanted = protocol === 'tcp' ? tcpListen : udpUnconnected;
  return sockets(table).flatMap(({ state, ...local }) => (state === wanted ? [local] : []));
}

/** The local ends of all sockets in such a table, with the kernel's number of their state. Pure. */
export function sockets(table: string): { readonly address: string; readonly port: number; readonly state: string }[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state = ''] = line.trim().split(/\s+/);
    const [, address = '', port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/i.exec(local) ?? [];
    return port === undefined ? [] : [{ address: readAddress(address), port: Number.parseInt(port, 16), state }];
  });
}

/** The kernel writes an address as words of four bytes, each in the order of the processor. */
function readAddress(hex: string): string {
  const bytes = Buffer.concat((hex.match(/.{8}/g) ?? []).map((word) => Buffer.from(word, 'hex').reverse()));
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return canonical(groups.join(':'));
}

/** The one way to write an IPv6 address: https://www.rfc-editor.org/rfc/rfc5952 */
function canonical(address: string): string {
  return isIP(address) === 6 ? (URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address) : address;
}

/** The addresses that the container listens on at a port, each once. */
async function findListeners(
  engine: Engine,
  state: ContainerState,
  { number, protocol, address }: PortCheck,
  timeoutMs: number,
): Promise<string[]> {
  const tables =
    (await hostTables(engine, state, protocol)) ?? (await containerTables(engine, state, protocol, timeoutMs));
  if (tables !== undefined) {
    const found = tables.flatMap((table) => listeners(table, protocol)).filter(({ port }) => port === number);
    return [...new Set(found.map(({ address }) => address))];
  }
  if (address !== undefined || protocol === 'udp')
    throw new Error(
      `the engine is on another machine, and the image has no \`cat\` to read the kernel's tables with: ${
        protocol === 'udp' ? 'udp ports' : 'addresses'
      } can't be seen`,
    );
  const published = state.ports[`${number}/tcp`];
  return published !== undefined && (await accepts(published, timeoutMs)) ? ['its published port'] : [];
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
