/**
 * Whether something in a container listens on a port: read from the kernel's tables of the container's network
 * namespace, so that nothing has to be installed in the image.
 * https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt
 */
import { readFile } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import * as v from 'valibot';
import { map } from '../../documents/index.ts';
import { type ContainerState, execute } from '../../engine/index.ts';
import type { Check } from '../check.ts';
import { defineKind } from './kind.ts';
import { isPort, port as portNumber } from './schemas.ts';

/** Ports that a message names. */
const mostPorts = 5;
export const tcpListen = '0A';
const udpUnconnected = '07';
/**
 * How long a published port has to stay connected: a proxy without anything behind it hangs up at once, one to a cluster
 * as soon as the cluster has answered.
 */
const proxyMs = { here: 300, cluster: 2000 };

const portText = v.pipe(
  v.string(),
  v.check((value) => isPort(value, ['tcp', 'udp']), 'is no port from 1 to 65535; write 80, 80/tcp or 53/udp'),
);
const address = v.pipe(
  v.string(),
  v.check((value) => isIP(value) !== 0, "is no IP address; write e.g. '127.0.0.1' or '::1'"),
);

const portSchema = v.union([
  portNumber,
  portText,
  map({
    port: v.union([portNumber, portText]),
    address: v.optional(address),
    listening: v.optional(v.boolean()),
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
    async run({ container, timeoutMs }) {
      const all = await findListeners(container, check, timeoutMs);
      const found = all.filter(({ port }) => port === number).map(({ address }) => address);
      const fits = found.some((one) => address === undefined || one === canonical(address));
      if (fits === listening) return [];
      if (!listening) return [`something in the container listens on ${name}`];
      const ports = [...new Set(all.map(({ port }) => port))].sort((a, b) => a - b);
      const others =
        found.length > 0 ? found.map((one) => `at ${one}`) : ports.slice(0, mostPorts).map((port) => `on ${port}`);
      return [
        `nothing in the container listens on ${name}${others.length === 0 ? '' : `, only ${others.join(' and ')}`}`,
      ];
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

/** Where the container listens, each address and port once; of a container that can't be looked into, the port alone. */
async function findListeners(
  state: ContainerState,
  { number, protocol, address }: PortCheck,
  timeoutMs: number,
): Promise<{ readonly address: string; readonly port: number }[]> {
  const tables = (await hostTables(state, protocol)) ?? (await containerTables(state, protocol, timeoutMs));
  if (tables !== undefined) {
    const found = tables.flatMap((table) => listeners(table, protocol));
    return [...new Map(found.map((one) => [`${one.address} ${one.port}`, one])).values()];
  }
  if (address !== undefined || protocol === 'udp')
    throw new Error(
      `the container is on another machine, and the image has no \`cat\` to read the kernel's tables with: ${
        protocol === 'udp' ? 'udp ports' : 'addresses'
      } can't be seen`,
    );
  const published = state.ports[`${number}/tcp`];
  return published !== undefined &&
    (await accepts(published, timeoutMs, state.host.kind === 'kubectl' ? proxyMs.cluster : proxyMs.here))
    ? [{ address: 'its published port', port: number }]
    : [];
}

/** The tables through the host's `/proc`; `undefined` where the container's process is not one of this machine. */
async function hostTables({ host, id, pid }: ContainerState, protocol: string): Promise<string[] | undefined> {
  if (host.kind === 'kubectl' || !host.local || pid <= 0) return undefined;
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
  container: ContainerState,
  protocol: string,
  timeoutMs: number,
): Promise<string[] | undefined> {
  const result = await execute(container, ['cat', `/proc/net/${protocol}`, `/proc/net/${protocol}6`], { timeoutMs });
  return result.stdout.includes('local_address') ? [result.stdout] : undefined;
}

function accepts(port: number, timeoutMs: number, stayMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(timeoutMs, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('end', () => settle(false));
    socket.on('connect', () => setTimeout(() => settle(true), stayMs));
    socket.on('data', () => settle(true));
  });
}
