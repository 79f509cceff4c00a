/** Ports of `EXPOSE`: `[[ip:]hostPort:]port[-port][/protocol]`, as the builder reads them. */
import { isIP } from 'node:net';

export interface ExposedPort {
  /** Empty unless given; the two have no meaning in a Dockerfile. */
  readonly address: string;
  readonly hostPort: string;
  /** As written; `tcp` unless given. */
  readonly protocol: string;
  /** What is wrong with it, when the builder refuses it. */
  readonly error?: string;
}

export function parsePort(text: string): ExposedPort {
  const parts = text.split(':');
  const container = parts.at(-1) ?? '';
  const hostPort = parts.at(-2) ?? '';
  const address = parts.slice(0, -2).join(':');
  const slash = container.indexOf('/');
  const range = slash < 0 ? container : container.slice(0, slash);
  const protocol = (slash < 0 ? '' : container.slice(slash + 1)) || 'tcp';
  const own = readRange(range);
  const error = (): string | undefined => {
    if (range === '') return 'it names no port';
    if (!/^(?:tcp|udp|sctp)$/i.test(protocol)) return `'${protocol}' is no protocol`;
    if (own === undefined) return `'${range}' is no port from 0 to 65535, nor a range of them`;
    if (address !== '' && !isAddress(address)) return `'${address}' is no address`;
    if (hostPort === '') return undefined;
    const host = readRange(hostPort);
    if (host === undefined) return `'${hostPort}' is no port from 0 to 65535, nor a range of them`;
    return host !== own && own > 0 ? `'${hostPort}' and '${range}' are ranges of different lengths` : undefined;
  };
  const wrong = error();
  return { address, hostPort, protocol, ...(wrong === undefined ? {} : { error: wrong }) };
}

function isAddress(text: string): boolean {
  return !text.includes('%') && isIP(/^\[(.*)\]$/.exec(text)?.[1] ?? text) > 0;
}

/** How far a range reaches beyond its first port. */
function readRange(text: string): number | undefined {
  const [, first = '', last = first] = /^([+-]?\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || from < 0 || from > 65535 || to > 65535 || to < from) return undefined;
  return to - from;
}
