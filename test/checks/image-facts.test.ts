import { describe, expect, it } from '@jest/globals';
import { parseGroups, parseUsers } from '../../src/checks/accounts.ts';
import { metadataBreaches, valueBreaches } from '../../src/checks/kinds/metadata.ts';
import { packageBreaches } from '../../src/checks/kinds/package.ts';
import { anyText } from '../../src/checks/kinds/schemas.ts';
import { userBreaches } from '../../src/checks/kinds/user.ts';
import { parseApkInstalled, parseDpkgStatus } from '../../src/checks/packages.ts';

describe('packages', () => {
  it('are those that dpkg has installed, with all their lines', () => {
    const status = [
      'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\nDescription: library\n more\n',
      'Package: nano\nStatus: deinstall ok config-files\nVersion: 7\n',
    ].join('\n');
    expect(parseDpkgStatus(status)).toEqual([{ name: 'libc6', version: '2.36-9' }]);
  });

  it('are those that apk has', () => {
    expect(parseApkInstalled('C:Q1\nP:musl\nV:1.2.5-r0\n\nP:zlib\nV:1.3-r2\n')).toEqual([
      { name: 'musl', version: '1.2.5-r0' },
      { name: 'zlib', version: '1.3-r2' },
    ]);
  });

  it('fit with the version of one of several architectures', () => {
    const both = [
      { name: 'libc6', version: '1' },
      { name: 'libc6', version: '2' },
    ];
    const wanted = { name: 'libc6', installed: true, version: { ...anyText, contains: ['2'] } };
    expect(packageBreaches(wanted, both)).toEqual([]);
    expect(packageBreaches(wanted, both.slice(0, 1))).toEqual([
      "its version does not contain '2'",
      "its version is '1'",
    ]);
    expect(packageBreaches({ ...wanted, installed: false }, both)).toEqual([
      'libc6 1 is installed',
      'libc6 2 is installed',
    ]);
    expect(packageBreaches({ ...wanted, name: 'nano' }, both)).toEqual(['nano is not installed']);
  });
});

describe('a user', () => {
  const users = parseUsers('root:x:0:0:root:/root:/bin/bash\nwww:x:33:33::/var/www:/usr/sbin/nologin\nbroken\n');
  const groups = parseGroups('root:x:0:\nwww:x:33:\nssl:x:101:www,other\n');

  it('is in the groups that name it, and in its primary one', () => {
    expect(userBreaches({ name: 'www', exists: true, uid: 33, groups: ['www', 'ssl'] }, users, groups)).toEqual([]);
    expect(userBreaches({ name: 'www', exists: true, gid: 1, home: '/', groups: ['root'] }, users, groups)).toEqual([
      'its gid is 33, expected 1',
      'its home is /var/www, expected /',
      'it is not in the group root, only in www, ssl',
    ]);
  });

  it('is there or not', () => {
    expect(userBreaches({ name: 'none', exists: true, groups: [] }, users, groups)).toEqual(['there is no user none']);
    expect(userBreaches({ name: 'www', exists: false, groups: [] }, users, groups)).toEqual(['there is a user www']);
  });
});

describe('values of variables and labels', () => {
  it('are compared as a whole, unless a rule says otherwise', () => {
    const found = { HOME: '/rootless', PATH: '/usr/bin:/bin' };
    expect(valueBreaches(found, { HOME: '/root', PATH: { contains: '/bin' }, TZ: null }, 'the variable')).toEqual([
      "the variable HOME is not '/root'",
      "the variable HOME is '/rootless'",
    ]);
    expect(valueBreaches(found, { HOME: null, TZ: 'UTC', constructor: 'x' }, 'the variable')).toEqual([
      "the variable HOME is there, with '/rootless'",
      'the variable TZ is not there',
      'the variable constructor is not there',
    ]);
  });
});

describe('metadata', () => {
  const image = {
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    config: { User: 'www', Cmd: ['serve'], ExposedPorts: { '80/tcp': {} }, Healthcheck: { Test: ['NONE'] } },
  };

  it('has the defaults that an image without a setting has', () => {
    expect(
      metadataBreaches(image, {
        user: 'www',
        workdir: '/',
        entrypoint: [],
        cmd: ['serve'],
        'exposed-ports': [80],
        'unexposed-ports': ['80/udp'],
        'unmounted-volumes': ['/data'],
        'stop-signal': 'SIGTERM',
        healthcheck: false,
        shell: ['/bin/sh', '-c'],
        platform: 'linux/arm64/v8',
      }),
    ).toEqual([]);
  });

  it('says each difference', () => {
    expect(metadataBreaches(image, { user: '', cmd: [], 'unexposed-ports': ['80'], volumes: ['/data'] })).toEqual([
      'its user is "www", expected ""',
      'its command is ["serve"], expected []',
      'the exposed port 80/tcp is there',
      'the volume /data is not there',
    ]);
  });
});
