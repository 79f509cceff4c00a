import { describe, expect, it } from '@jest/globals';
import { type Answers, chooseSubnet, judge, parseRoutes } from '../../local/engine/index.ts';

const ok = (stdout: string) => ({ status: 0, stdout, stderr: '' });
const info = ok(
  JSON.stringify({
    ServerVersion: '26.1.5',
    OperatingSystem: 'Debian',
    ClientInfo: { Plugins: [{ Path: '/p/docker-buildx' }, { Path: '/p/docker-compose' }] },
  }),
);
const buildx = ok('github.com/docker/buildx v0.13.1 abc\n');

describe('an engine', () => {
  const verdict = (answers: Partial<Answers>) => judge({ info, buildx, ...answers });

  it('is usable when it answers and the client has buildx', () => {
    expect(verdict({})).toEqual({
      engine: 'usable',
      description: 'Docker 26.1.5 on Debian, buildx v0.13.1',
      pluginFolders: ['/p'],
    });
  });

  it('is none when the command is there and nobody answers', () => {
    const silent = { status: 1, stdout: '{"ServerErrors":["refused"]}', stderr: '' };
    expect(verdict({ info: silent })).toEqual({ engine: 'none', reason: 'refused' });
  });

  it('is none when an old client hides the failure behind status 0', () => {
    const hidden = ok('{"ServerVersion":"","ServerErrors":["Cannot connect to the Docker daemon"]}');
    expect(verdict({ info: hidden })).toEqual({ engine: 'none', reason: 'Cannot connect to the Docker daemon' });
  });

  it('may be there without a client that can use it', () => {
    expect(verdict({ buildx: { status: 1, stdout: '', stderr: "docker: 'buildx' is not a docker command" } })).toEqual({
      engine: 'client-lacking',
      reason: 'the docker command has no buildx',
    });
    expect(verdict({ info: { status: 127, stdout: '', stderr: 'cannot run docker' } }).engine).toBe('client-lacking');
  });

  it("is not Podman behind Docker's name", () => {
    const podman = { ...info, stderr: 'Emulate Docker CLI using podman.\n' };
    expect(verdict({ info: podman }).engine).toBe('none');
  });
});

describe('the network of a private engine', () => {
  const routes = parseRoutes(
    [
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0',
      'icascade\t0000D00A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0',
    ].join('\n'),
  );

  it("is read from the kernel's routes, the default route aside", () => {
    expect(routes).toEqual([{ address: 0x0ad00000, prefix: 24 }]);
  });

  it('keeps clear of what is in use', () => {
    expect(chooseSubnet([], 0)).toEqual({ range: '10.208.0.0/20', bridge: '10.208.0.1/24', pool: '10.208.8.0/21' });
    expect(chooseSubnet(routes, 0).range).toBe('10.208.16.0/20');
  });

  it('differs between engines that start at the same moment', () => {
    expect(chooseSubnet([], 4001).range).not.toBe(chooseSubnet([], 4002).range);
  });

  it('is not invented where all of it is in use', () => {
    expect(() => chooseSubnet([{ address: 0x0a000000, prefix: 8 }], 7)).toThrow('no private IPv4 network');
  });
});
