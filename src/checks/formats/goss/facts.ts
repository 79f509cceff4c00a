/** What goss would find in the running container, for each type of resource. */
import { posix } from 'node:path';
import { execute, inspectConfig, listProcesses } from '../../../engine/index.ts';
import { readGroups, readUsers } from '../../accounts.ts';
import type { Subject } from '../../check.ts';
import { sockets, tcpListen } from '../../kinds/port.ts';
import { readPackages } from '../../packages.ts';
import { shown } from '../../text-rule.ts';
import { askInside } from '../../visitor.ts';
import { readFileFacts, readKernelFile, runInside, usageOf } from './fallbacks.ts';
import type { Resource } from './resource.ts';
import { serviceFacts } from './services.ts';
import { type GoValue, printed, TextList } from './values.ts';

/** By property; each may throw, which fails that property. */
export type Facts = Readonly<Record<string, () => Promise<GoValue>>>;

export const factsOf: Readonly<Record<string, (resource: Resource, subject: Subject) => Facts>> = {
  addr: addrFacts,
  command: commandFacts,
  dns: dnsFacts,
  file: fileFacts,
  group: groupFacts,
  http: httpFacts,
  interface: interfaceFacts,
  'kernel-param': kernelFacts,
  matching: ({ content, flags }) => ({ matches: async () => (flags['as-reader'] ? printed(content) : content) }),
  mount: mountFacts,
  package: packageFacts,
  port: portFacts,
  process: ({ name }, { container, timeoutMs }) => ({
    running: async () => (await listProcesses(container, timeoutMs)).some((one) => one.name === name),
  }),
  service: serviceFacts,
  user: userFacts,
};

/** Asked at most once, and only when it is needed. */
function lazily<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}

function addrFacts({ name, texts, timeoutMs = 500 }: Resource, subject: Subject): Facts {
  return {
    async reachable() {
      const [, network = 'tcp', address = ''] = /^(?:([a-z0-9]+):\/\/)?(.*)$/s.exec(name) ?? [];
      if (!/^(?:tcp|udp)[46]?$/.test(network)) return false;
      const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(address) ?? [];
      // A name would have to be looked up in the container: rather no answer than one that may be wrong.
      if (port === undefined && /:[a-z][a-z0-9-]*$/i.test(address)) return fails('the port has to be a number');
      if (port === undefined) return false;
      const { 'local-address': local } = texts;
      const host = (bracketed ?? plain) || 'localhost';
      return await askInside(subject, {
        kind: 'dial',
        network,
        host,
        port: Number(port),
        timeoutMs,
        ...(local === undefined ? {} : { local }),
      });
    },
  };
}

function commandFacts({ name }: Resource, subject: Subject): Facts {
  const result = lazily(async () => {
    const begun = performance.now();
    const ended = await runInside(subject, ['sh', '-c', name]);
    // A command may end with 124 of its own accord.
    if (ended.status === 124 && performance.now() - begun >= subject.timeoutMs)
      throw new Error(`it did not end within ${subject.timeoutMs / 1000} s`);
    return ended;
  });
  return {
    'exit-status': async () => (await result()).status,
    stdout: async () => (await result()).stdout,
    stderr: async () => (await result()).stderr,
  };
}

function dnsFacts({ name, texts, timeoutMs = 500 }: Resource, subject: Subject): Facts {
  const [, type = '', host = name] = /^([A-Z]+):(.*)$/s.exec(name) ?? [];
  const { server } = texts;
  const found = lazily(() =>
    askInside(subject, { kind: 'resolve', host, type, timeoutMs, ...(server === undefined ? {} : { server }) }),
  );
  const resolvable = async (): Promise<boolean> => (await found()).length > 0;
  return { resolvable, resolveable: resolvable, addrs: async () => new TextList(await found()) };
}

function fileFacts({ name, expected }: Resource, subject: Subject): Facts {
  const found = lazily(async () =>
    readFileFacts(
      subject,
      await pathOf(name, subject),
      expected.has('contents') || expected.has('contains'),
      ['md5', 'sha256', 'sha512'].filter((sum) => expected.has(sum)),
    ),
  );
  const there = async () => (await found()) ?? fails(`${name} does not exist`);
  const content = async (): Promise<string> => {
    const { content } = await there();
    if (content === undefined) return fails('it was not read');
    return 'text' in content ? content.text : fails(content.error);
  };
  const sum = (name: string) => async (): Promise<string> => {
    const { sums = {} } = await there();
    if (typeof sums.error === 'string') return fails(sums.error);
    return Object.entries(sums).find(([key]) => key === name)?.[1] ?? '';
  };
  return {
    exists: async () => (await found()) !== null,
    mode: async () => (await there()).mode.toString(8).padStart(4, '0'),
    size: async () => (await there()).size ?? fails('the engine is on another machine, and it is no plain file'),
    uid: async () => (await there()).uid,
    gid: async () => (await there()).gid,
    async owner() {
      const { uid } = await there();
      return (
        (await readUsers(subject)).find((user) => user.uid === uid)?.name ?? fails(`no user has the number ${uid}`)
      );
    },
    async group() {
      const { gid } = await there();
      return (
        (await readGroups(subject)).find((group) => group.gid === gid)?.name ?? fails(`no group has the number ${gid}`)
      );
    },
    'linked-to': async () => (await there()).link ?? fails('it is no link'),
    filetype: async () => (await there()).type,
    contents: content,
    contains: content,
    md5: sum('md5'),
    sha256: sum('sha256'),
    sha512: sum('sha512'),
  };
}

/** `~`, `~name` and relative paths, as they are for a command in the container. */
async function pathOf(path: string, subject: Subject): Promise<string> {
  const [, user, rest = ''] = /^~([^/]*)(.*)$/s.exec(path) ?? [];
  if (user === undefined) {
    if (path.startsWith('/')) return posix.normalize(path);
    const { WorkingDir } = (await inspectConfig(subject.engine, subject.image.id)).config;
    return posix.resolve('/', typeof WorkingDir === 'string' ? WorkingDir : '', path);
  }
  const status = user === '' ? await readKernelFile(subject, '/proc/1/status') : '';
  const uid = /^Uid:\s*(\d+)/m.exec(status)?.[1];
  const account = (await readUsers(subject)).find((one) => (user === '' ? String(one.uid) === uid : one.name === user));
  return account === undefined ? fails(`there is no user ${user}`) : posix.resolve('/', account.home + rest);
}

function groupFacts({ name }: Resource, subject: Subject): Facts {
  const found = lazily(async () => (await readGroups(subject)).find((group) => group.name === name));
  return {
    exists: async () => (await found()) !== undefined,
    gid: async () => (await found())?.gid ?? fails(`there is no group ${name}`),
  };
}

function userFacts({ name }: Resource, subject: Subject): Facts {
  const found = lazily(async () => (await readUsers(subject)).find((user) => user.name === name));
  const there = async () => (await found()) ?? fails(`there is no user ${name}`);
  return {
    exists: async () => (await found()) !== undefined,
    uid: async () => (await there()).uid,
    gid: async () => (await there()).gid,
    home: async () => (await there()).home,
    shell: async () => (await there()).shell,
    async groups() {
      const { gid } = await there();
      const own = (await readGroups(subject)).filter((group) => group.gid === gid || group.members.includes(name));
      return new TextList(own.map((group) => group.name).sort());
    },
  };
}

function httpFacts({ name, texts, lists, flags, timeoutMs = 5_000 }: Resource, subject: Subject): Facts {
  const { username = '', password = '', method = 'GET', proxy } = texts;
  const { 'request-body': body = '', 'ca-file': caFile, 'cert-file': certFile, 'key-file': keyFile } = texts;
  const given = (lists['request-headers'] ?? []).map((line): readonly [string, string] => {
    const cut = line.indexOf(': ');
    return [line.slice(0, cut), line.slice(cut + 2)];
  });
  const account = Buffer.from(`${username}:${password}`).toString('base64');
  const headers = [
    ...given.filter(([header]) => account === 'Og==' || header.toLowerCase() !== 'authorization'),
    ...(given.some(([header]) => header.toLowerCase() === 'user-agent') ? [] : [['User-Agent', 'goss/0.4.9'] as const]),
    // Of an empty name and an empty password nothing is sent.
    ...(account === 'Og==' ? [] : [['Authorization', `Basic ${account}`] as const]),
  ];
  const answer = lazily(() =>
    askInside(subject, {
      kind: 'http',
      url: name,
      method,
      headers,
      body,
      follow: !flags['no-follow-redirects'],
      insecure: flags['allow-insecure'] === true,
      timeoutMs,
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
      ...(proxy === undefined ? {} : { proxy }),
    }),
  );
  return {
    status: async () => (await answer()).status,
    headers: async () => (await answer()).headers.join('\n'),
    body: async () => (await answer()).body,
  };
}

function interfaceFacts({ name }: Resource, subject: Subject): Facts {
  const found = lazily(() => askInside(subject, { kind: 'interface', name }));
  const there = async () => (await found()) ?? fails(`there is no interface ${name}`);
  return {
    exists: async () => (await found()) !== null,
    addrs: async () => new TextList((await there()).addresses),
    mtu: async () => (await there()).mtu,
  };
}

function kernelFacts({ name }: Resource, subject: Subject): Facts {
  return { value: async () => (await readKernelFile(subject, `/proc/sys/${name.replaceAll('.', '/')}`)).trim() };
}

function mountFacts({ name }: Resource, subject: Subject): Facts {
  const found = lazily(async () => {
    const table = await readKernelFile(subject, '/proc/1/mountinfo');
    const mount = parseMounts(table).find(({ point }) => point === name);
    // A place where nothing is mounted is an error to goss, also where `exists: false` is expected.
    if (mount === undefined) return fails('nothing is mounted there');
    return { ...mount, usage: await usageOf(subject, name) };
  });
  const options = (text: string): string[] => text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return {
    exists: async () => (await found()) !== undefined,
    opts: async () => new TextList([...new Set(options((await found()).options))]),
    'vfs-opts': async () => new TextList(options((await found()).superOptions)),
    source: async () => (await found()).source,
    filesystem: async () => (await found()).type,
    usage: async () => (await found()).usage,
  };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html. Pure. */
export function parseMounts(table: string) {
  return table.split('\n').flatMap((line) => {
    const [before = '', after] = line.split(' - ');
    if (after === undefined) return [];
    const plain = (text = ''): string =>
      text.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
    const [, , , , point, options = ''] = before.split(' ');
    const [type = '', source, superOptions = ''] = after.split(' ');
    return [{ point: plain(point), options, type, source: plain(source), superOptions }];
  });
}

function packageFacts({ name }: Resource, subject: Subject): Facts {
  const found = lazily(async (): Promise<readonly string[]> => {
    const known = await readPackages(subject).catch(() => undefined);
    if (known !== undefined) return known.filter((one) => one.name === name).map(({ version }) => version);
    return await askPackageManagers(name, subject);
  });
  return {
    installed: async () => (await found()).length > 0,
    async versions() {
      const versions = await found();
      return versions.length > 0 ? new TextList(versions) : fails('no version of it was found');
    },
  };
}

/** Those whose files can't be read from outside; an image without them has no package. */
async function askPackageManagers(name: string, { container, timeoutMs }: Subject): Promise<readonly string[]> {
  const form = '%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n';
  const rpm = await execute(container, ['rpm', '-q', '--qf', form, name], { timeoutMs });
  if (rpm.status === 0) return rpm.stdout.trim().split('\n');
  const pacman = await execute(container, ['pacman', '-Q', '--color', 'never', name], { timeoutMs });
  return pacman.status === 0 ? pacman.stdout.trim().split(/\s+/).slice(1, 2) : [];
}

function portFacts({ name }: Resource, subject: Subject): Facts {
  const found = lazily(async () => {
    const [, table = 'tcp', port = ''] = /^(?:([^:]*):)?(.*)$/s.exec(name) ?? [];
    if (!/^(?:tcp|udp)6?$/.test(table)) return [];
    return sockets(await readKernelFile(subject, `/proc/net/${table}`)).filter(
      (socket) => String(socket.port) === port && (table.startsWith('udp') || socket.state === tcpListen),
    );
  });
  return {
    listening: async () => (await found()).length > 0,
    ip: async () => new TextList((await found()).map(({ address }) => asGoWrites(address))),
  };
}

/** An IPv4 address within IPv6 is the IPv4 address. */
function asGoWrites(address: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address.toUpperCase();
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.');
}

function fails(message: string): never {
  throw new Error(message);
}

/** A value as messages show it. */
export function shownValue(value: GoValue): string {
  if (value instanceof TextList)
    return value.items.length === 0 ? 'empty' : value.items.map((item) => `'${item}'`).join(', ');
  return typeof value === 'string' ? shown(value) : printed(value);
}
