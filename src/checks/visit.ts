/**
 * What is seen from inside of a container, by a process of this machine. `visit` runs there as a program of its own, so
 * it uses nothing from around it: its text is what is handed over.
 */
import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';

export type VisitRequest =
  | { readonly kind: 'file'; readonly path: string; readonly content: boolean; readonly sums: readonly string[] }
  /** A file of the kernel, as the network and the processes of the container have it. */
  | { readonly kind: 'kernel'; readonly path: string }
  | { readonly kind: 'names'; readonly path: string }
  | { readonly kind: 'usage'; readonly path: string }
  | { readonly kind: 'interface'; readonly name: string }
  | {
      readonly kind: 'dial';
      readonly network: string;
      readonly host: string;
      readonly port: number;
      readonly local?: string;
      readonly timeoutMs: number;
    }
  | {
      readonly kind: 'resolve';
      readonly host: string;
      readonly type: string;
      readonly server?: string;
      readonly timeoutMs: number;
    }
  | ({ readonly kind: 'http' } & VisitedHttp);

export interface VisitedHttp {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly follow: boolean;
  readonly insecure: boolean;
  /** Paths in the container. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly proxy?: string;
  readonly timeoutMs: number;
}

export interface VisitedFile {
  readonly type: string;
  /** With set-user-id and the like. */
  readonly mode: number;
  /** In bytes; absent where it can't be told. */
  readonly size?: number;
  readonly uid: number;
  readonly gid: number;
  readonly link?: string;
  /** Of what a link leads to; an error's words where it can't be read. */
  readonly content?: { readonly text: string } | { readonly error: string };
  readonly sums?: Readonly<Record<string, string>> | { readonly error: string };
}

export interface VisitAnswers {
  /** `null` where there is none. */
  readonly file: VisitedFile | null;
  readonly kernel: string | null;
  readonly names: readonly string[] | null;
  /** Per cent. */
  readonly usage: number;
  readonly interface: { readonly mtu: number; readonly addresses: readonly string[] } | null;
  readonly dial: boolean;
  readonly resolve: readonly string[];
  readonly http: { readonly status: number; readonly headers: readonly string[]; readonly body: string };
}

/** Takes a list of requests as the first argument; prints `{ answer }` or `{ error }` for each. */
export function visit(): void {
  const fs = process.getBuiltinModule('node:fs');
  const net = process.getBuiltinModule('node:net');
  const dns = process.getBuiltinModule('node:dns');
  const root = '/proc/1/root';
  const contentLimit = 8 * 1024 * 1024;

  const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  const codeOf = (error: unknown): string =>
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

  /** Links lead from root to root: those of the container, not of what runs this. */
  const inside = (path: string, follow: boolean): string => {
    let rest = path.split('/');
    let found: string[] = [];
    let links = 0;
    for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        found.pop();
        continue;
      }
      const here = [root, ...found, part].join('/');
      if (!fs.lstatSync(here).isSymbolicLink() || (!follow && rest.every((name) => name === ''))) {
        found.push(part);
        continue;
      }
      links += 1;
      if (links > 40) throw new Error(`too many links at ${path}`);
      const target = fs.readlinkSync(here);
      if (target.startsWith('/')) found = [];
      rest = [...target.split('/'), ...rest];
    }
    return [root, ...found].join('/');
  };
  const readInside = (path: string): Buffer => {
    const real = inside(path, true);
    if (fs.statSync(real).size > contentLimit) throw new Error(`${path} is larger than 8 MB`);
    return fs.readFileSync(real);
  };
  const orNull = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
  };

  const file = ({ path, content, sums }: Extract<VisitRequest, { kind: 'file' }>): VisitedFile | null =>
    orNull(() => {
      const real = inside(path, false);
      const stat = fs.lstatSync(real);
      const types: readonly (readonly [string, boolean])[] = [
        ['symlink', stat.isSymbolicLink()],
        ['character-device', stat.isCharacterDevice()],
        ['block-device', stat.isBlockDevice()],
        ['pipe', stat.isFIFO()],
        ['socket', stat.isSocket()],
        ['directory', stat.isDirectory()],
      ];
      const attempt = <T>(read: () => T): T | { error: string } => {
        try {
          return read();
        } catch (error) {
          return { error: words(error).replaceAll(root, '') };
        }
      };
      return {
        type: types.find(([, is]) => is)?.[0] ?? 'file',
        mode: stat.mode & 0o7777,
        size: stat.size,
        uid: stat.uid,
        gid: stat.gid,
        ...(stat.isSymbolicLink() ? { link: fs.readlinkSync(real) } : {}),
        ...(content ? { content: attempt(() => ({ text: readInside(path).toString('utf8') })) } : {}),
        ...(sums.length > 0
          ? {
              sums: attempt(() => {
                const data = fs.readFileSync(inside(path, true));
                const { createHash } = process.getBuiltinModule('node:crypto');
                return Object.fromEntries(sums.map((sum) => [sum, createHash(sum).update(data).digest('hex')]));
              }),
            }
          : {}),
      };
    });

  const networkInterface = (name: string): VisitAnswers['interface'] => {
    const known = fs
      .readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .map((line) => line.split(':')[0]?.trim());
    if (!known.includes(name)) return null;
    const own = process.getBuiltinModule('node:os').networkInterfaces()[name] ?? [];
    return {
      mtu: Number(fs.readFileSync(`/sys/class/net/${name}/mtu`, 'utf8')),
      addresses: own.flatMap(({ cidr }) => (cidr === null ? [] : [cidr])),
    };
  };

  /** The hosts file first, with every address in it. */
  const addressesOf = async (host: string): Promise<string[]> => {
    if (net.isIP(host) !== 0) return [host];
    const hosts = orNull(() => readInside('/etc/hosts').toString('utf8')) ?? '';
    const listed = hosts.split('\n').flatMap((line) => {
      const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      return names.some((name) => name.toLowerCase() === host.toLowerCase()) ? [address] : [];
    });
    if (listed.length > 0) return [...new Set(listed)];
    return (await dns.promises.lookup(host, { all: true })).map(({ address }) => address);
  };
  const lookup: NonNullable<RequestOptions['lookup']> = (host, options, done) => {
    addressesOf(host).then(
      (addresses) => {
        const all = addresses
          .map((address) => ({ address, family: net.isIP(address) }))
          .filter(({ family }) => !options.family || family === options.family);
        if (options.all) done(null, all);
        else done(null, all[0]?.address ?? '', all[0]?.family ?? 4);
      },
      (error) => done(error, '', 4),
    );
  };

  const dial = async (wanted: Extract<VisitRequest, { kind: 'dial' }>): Promise<boolean> => {
    const { network, host, port, local, timeoutMs } = wanted;
    const family = network.endsWith('4') ? 4 : network.endsWith('6') ? 6 : 0;
    try {
      if (network.startsWith('udp')) {
        const addresses = (await addressesOf(host)).filter((one) => family === 0 || net.isIP(one) === family);
        return addresses.length > 0;
      }
      return await new Promise<boolean>((resolve) => {
        const socket = net.connect({
          host,
          port,
          lookup,
          family,
          ...(local === undefined ? {} : { localAddress: local }),
        });
        const settle = (reached: boolean): void => {
          socket.destroy();
          resolve(reached);
        };
        setTimeout(() => settle(false), timeoutMs).unref();
        socket.on('connect', () => settle(true));
        socket.on('error', () => settle(false));
      });
    } catch {
      return false;
    }
  };

  /** Answers of a name server that tell that there is no such record. */
  const nothing = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENOTIMP', 'ENONAME'];

  const ask = async (host: string, type: string, server: string, timeoutMs: number): Promise<string[]> => {
    const [, name = server, port] = /^\[?(.*?)\]?:(\d+)$/.exec(server) ?? [];
    const [address = name] = await addressesOf(net.isIP(server) === 6 ? server : name);
    const resolver = new dns.promises.Resolver({ timeout: timeoutMs, tries: 1 });
    resolver.setServers([net.isIP(address) === 6 ? `[${address}]:${port ?? 53}` : `${address}:${port ?? 53}`]);
    const none = (error: unknown): never[] => {
      if (nothing.includes(codeOf(error))) return [];
      throw error;
    };
    const full = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
    switch (type) {
      case 'A':
        return await resolver.resolve4(host).catch(none);
      case 'AAAA':
        return await resolver.resolve6(host).catch(none);
      case 'CNAME':
        return (await resolver.resolveCname(host).catch(none)).map(full);
      case 'NS':
        return (await resolver.resolveNs(host).catch(none)).map(full);
      case 'MX':
        return (await resolver.resolveMx(host).catch(none)).map((one) => `${one.priority} ${full(one.exchange)}`);
      case 'SRV':
        return (await resolver.resolveSrv(host).catch(none)).map(
          (one) => `${one.priority} ${one.weight} ${one.port} ${full(one.name)}`,
        );
      case 'TXT':
        return (await resolver.resolveTxt(host).catch(none)).flat();
      case 'PTR': {
        if (net.isIP(host) === 0) throw new Error(`${host} is no address`);
        return (await resolver.reverse(host).catch(none)).map(full);
      }
      case 'CAA':
        return (await resolver.resolveCaa(host).catch(none)).flatMap(({ critical, ...tags }) =>
          Object.entries(tags)
            .filter(([tag]) => tag !== 'type')
            .map(([tag, value]) => `${critical} ${tag} ${String(value)}`),
        );
      default: {
        const quiet = (): string[] => [];
        return [...(await resolver.resolve4(host).catch(quiet)), ...(await resolver.resolve6(host).catch(quiet))];
      }
    }
  };
  const resolveName = async ({
    host,
    type,
    server,
    timeoutMs,
  }: Extract<VisitRequest, { kind: 'resolve' }>): Promise<string[]> => {
    let failure: unknown;
    for (let count = 0; count < 3; count++) {
      let late: NodeJS.Timeout | undefined;
      try {
        const work =
          server === undefined
            ? addressesOf(host).catch((error: unknown) => {
                if (/^E(?:NOTFOUND|NODATA|AI_)/.test(codeOf(error))) return [];
                throw error;
              })
            : ask(host, type, server, timeoutMs);
        const limit = new Promise<never>((_, reject) => {
          late = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
        });
        const found = await Promise.race([work, limit]);
        if (found.length > 0 || server === undefined) return found.sort();
        failure = undefined;
      } catch (error) {
        failure = error;
      } finally {
        clearTimeout(late);
      }
    }
    if (failure !== undefined) throw failure;
    return [];
  };

  /** Where Go looks for the authorities that a system trusts. */
  const authorities = [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/ca-bundle.pem',
    '/etc/pki/tls/cacert.pem',
    '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    '/etc/ssl/cert.pem',
  ];
  /** `content-type` is `Content-Type`, in what is sent and in what comes back. */
  const asGoWrites = (name: string): string =>
    name
      .split('-')
      .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
      .join('-');
  const http = async (wanted: VisitedHttp): Promise<VisitAnswers['http']> => {
    const plain = process.getBuiltinModule('node:http');
    const signal = AbortSignal.timeout(wanted.timeoutMs);
    const trusted = (): readonly Buffer[] => {
      if (wanted.caFile !== undefined) return [readInside(wanted.caFile)];
      for (const path of authorities) {
        const found = orNull(() => readInside(path));
        if (found !== null) return [found];
      }
      return [];
    };
    const { certFile, keyFile } = wanted;
    const secured = (host: string) => ({
      servername: net.isIP(host) === 0 ? host : '',
      rejectUnauthorized: !wanted.insecure,
      ca: [...trusted()],
      ...(certFile === undefined || keyFile === undefined
        ? {}
        : { cert: readInside(certFile), key: readInside(keyFile) }),
    });
    const proxy = wanted.proxy === undefined ? undefined : new URL(wanted.proxy);
    const proxyHeaders: Record<string, string> = proxy?.username
      ? { 'Proxy-Authorization': `Basic ${btoa(`${proxy.username}:${proxy.password}`)}` }
      : {};
    const tunnel = async (url: URL): Promise<Socket> =>
      await new Promise((resolve, reject) => {
        const target = `${url.hostname}:${url.port || 443}`;
        const options = { host: proxy?.hostname ?? '', port: proxy?.port || 80, lookup, signal, agent: false as const };
        const asked = plain.request({
          ...options,
          method: 'CONNECT',
          path: target,
          headers: { host: target, ...proxyHeaders },
        });
        asked.on('connect', ({ statusCode }, socket) => {
          if (statusCode === 200) resolve(socket as Socket);
          else reject(new Error(`the proxy answers ${statusCode}`));
        });
        asked.on('response', ({ statusCode }) => reject(new Error(`the proxy answers ${statusCode}`)));
        asked.on('error', reject);
        asked.end();
      });
    const send = async (url: URL, method: string, body: string, headers: Record<string, string[] | string>) => {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const common = { method, signal, agent: false as const, headers };
      const path = `${url.pathname}${url.search}`;
      const through = url.protocol === 'https:' && proxy !== undefined ? await tunnel(url) : undefined;
      return await new Promise<IncomingMessage>((resolve, reject) => {
        const asked =
          url.protocol === 'https:'
            ? process.getBuiltinModule('node:https').request({
                ...common,
                ...secured(host),
                host,
                port: url.port || 443,
                path,
                lookup,
                ...(through === undefined
                  ? {}
                  : {
                      createConnection: () =>
                        process.getBuiltinModule('node:tls').connect({ socket: through, ...secured(host) }),
                    }),
              })
            : plain.request(
                proxy === undefined
                  ? { ...common, host, port: url.port || 80, path, lookup }
                  : {
                      ...common,
                      headers: { ...headers, ...proxyHeaders },
                      host: proxy.hostname,
                      port: proxy.port || 80,
                      path: url.href,
                      lookup,
                    },
              );
        asked.on('response', resolve);
        asked.on('error', reject);
        asked.end(body === '' ? undefined : body);
      });
    };

    let url = new URL(wanted.url);
    let { method, body } = wanted;
    let given = [...wanted.headers];
    let host = given.find(([name]) => name.toLowerCase() === 'host')?.[1];
    given = given.filter(([name]) => name.toLowerCase() !== 'host');
    for (let hops = 0; ; hops++) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`${url.protocol}// is not asked`);
      const grouped = new Map<string, string[]>();
      for (const [name, value] of given) {
        const key = asGoWrites(name);
        grouped.set(key, [...(grouped.get(key) ?? []), value]);
      }
      const has = (wantedName: string): boolean => given.some(([name]) => name.toLowerCase() === wantedName);
      const sender = url.username !== '' && !has('authorization');
      const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      const response = await send(url, method, body, {
        Host: host ?? url.host,
        ...(sender ? { Authorization: `Basic ${Buffer.from(user).toString('base64')}` } : {}),
        ...(has('accept-encoding') || has('range') || method === 'HEAD' ? {} : { 'Accept-Encoding': 'gzip' }),
        ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
        Connection: 'close',
        ...Object.fromEntries(grouped),
      });
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (wanted.follow && [301, 302, 303, 307, 308].includes(status) && location !== undefined && location !== '') {
        response.resume();
        if (hops >= 9) throw new Error('there are more than 10 redirects');
        const next = new URL(location, url);
        if (status < 304) {
          if (method !== 'GET' && method !== 'HEAD') method = 'GET';
          body = '';
        }
        if (/^[a-z][a-z0-9+.-]*:/i.test(location)) host = undefined;
        if (next.hostname !== url.hostname)
          given = given.filter(([name]) => !/^(?:authorization|www-authenticate|cookie2?)$/i.test(name));
        url = next;
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of response) {
        if (chunks.reduce((sum, one) => sum + one.length, 0) > contentLimit)
          throw new Error('the answer is larger than 8 MB');
        chunks.push(chunk);
      }
      let answer = Buffer.concat(chunks);
      const packed = response.headers['content-encoding'] === 'gzip' && !has('accept-encoding');
      if (packed) answer = process.getBuiltinModule('node:zlib').gunzipSync(answer);
      const lines: string[] = [];
      for (let index = 0; index < response.rawHeaders.length; index += 2) {
        const name = asGoWrites(response.rawHeaders[index] ?? '');
        const value = response.rawHeaders[index + 1] ?? '';
        const hidden =
          name === 'Transfer-Encoding' ||
          (name === 'Connection' && /\bclose\b/i.test(value)) ||
          (packed && /^Content-(?:Encoding|Length)$/.test(name));
        if (!hidden) lines.push(`${name}: ${value}`);
      }
      return { status, headers: lines.sort(), body: answer.toString('utf8') };
    }
  };

  const answer = async (request: VisitRequest): Promise<unknown> => {
    switch (request.kind) {
      case 'file':
        return file(request);
      case 'kernel':
        return orNull(() => fs.readFileSync(request.path, 'utf8'));
      case 'names':
        return orNull(() => fs.readdirSync(inside(request.path, true)));
      case 'usage': {
        const { bfree, blocks } = fs.statfsSync(`${root}${request.path}`);
        // Of a file system without blocks Go makes the least number that it has.
        return blocks === 0 ? -(2 ** 63) : Math.round((1 - bfree / blocks) * 100);
      }
      case 'interface':
        return networkInterface(request.name);
      case 'dial':
        return await dial(request);
      case 'resolve':
        return await resolveName(request);
      case 'http':
        return await http(request);
    }
  };
  const told = (request: VisitRequest): Promise<unknown> =>
    answer(request).then(
      (found) => ({ answer: found }),
      (error: unknown) => ({ error: words(error).replaceAll(root, '') || codeOf(error) }),
    );
  const requests: readonly VisitRequest[] = JSON.parse(process.argv[1] ?? '[]');
  Promise.all(requests.map(told)).then((all) => process.stdout.write(JSON.stringify(all), () => process.exit(0)));
}
