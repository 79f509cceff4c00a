/** An IPv4 network as first address and prefix length; the address as a number. */
export interface Network {
  address: number;
  prefix: number;
}

export interface Subnet {
  /** All that the engine hands out, a /20: `10.213.16.0/20`. */
  range: string;
  /** Address of its bridge with the prefix of the bridge's own network: `10.213.16.1/24`. */
  bridge: string;
  /** Where networks made by users of the engine come from, in the upper half. */
  pool: string;
}

/** Reads the kernel's IPv4 routes, as in `/proc/net/route` (little-endian hexadecimal words); the default route is left out. */
export function parseRoutes(text: string): Network[] {
  const routes: Network[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [, destination, , , , , , mask] = line.split(/\s+/);
    if (destination === undefined || mask === undefined) continue;
    const prefix = littleEndian(mask).toString(2).replaceAll('0', '').length;
    if (prefix > 0) routes.push({ address: littleEndian(destination), prefix });
  }
  return routes;
}

/**
 * A private network that clashes with none of the routes, the first one free from the `start`-th candidate on.
 * Engines that start at the same moment take different starts.
 * @throws Error when all 256 candidates are taken
 */
export function chooseSubnet(routes: readonly Network[], start: number): Subnet {
  for (let offset = 0; offset < 256; offset++) {
    const index = (start + offset) % 256;
    const second = 208 + (index >> 4);
    const third = (index & 15) << 4;
    const candidate = { address: ((10 << 24) | (second << 16) | (third << 8)) >>> 0, prefix: 20 };
    if (routes.some((route) => overlap(route, candidate))) continue;
    return {
      range: `10.${second}.${third}.0/20`,
      bridge: `10.${second}.${third}.1/24`,
      pool: `10.${second}.${third + 8}.0/21`,
    };
  }
  throw new Error('no private IPv4 network between 10.208.0.0 and 10.223.255.255 is free on this machine');
}

function overlap(a: Network, b: Network): boolean {
  const prefix = Math.min(a.prefix, b.prefix);
  return a.address >>> (32 - prefix) === b.address >>> (32 - prefix);
}

function littleEndian(hex: string): number {
  return Number.parseInt(hex.match(/../g)?.reverse().join('') ?? '', 16);
}
