import { describe, expect, it } from '@jest/globals';
import {
  aptConfiguration,
  aptSettings,
  archiveMirror,
  distributionSources,
  minimalStatus,
  parseDeb822Sources,
  parseOneLineSources,
  parseOsRelease,
  sourceLine,
} from '../../local/packages/index.ts';

describe('os-release', () => {
  it('is read with and without quotes', () => {
    expect(parseOsRelease('ID=debian\nVERSION_CODENAME="bookworm"\n# no=field\nPRETTY_NAME=\'Debian 12\'\n')).toEqual({
      ID: 'debian',
      VERSION_CODENAME: 'bookworm',
      PRETTY_NAME: 'Debian 12',
    });
  });
});

describe("apt's sources", () => {
  it('are read in the one-line format', () => {
    const text = [
      '# deb http://old.example/ bookworm main',
      'deb [arch=amd64 signed-by=/k.gpg] http://m.example/debian bookworm main contrib # mine',
      'deb-src http://m.example/debian bookworm main',
    ].join('\n');
    expect(parseOneLineSources(text)).toEqual([
      { uris: ['http://m.example/debian'], suites: ['bookworm'], components: ['main', 'contrib'], signedBy: '/k.gpg' },
    ]);
  });

  it('are read in the deb822 format, without comments, disabled stanzas and source packages', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://m.example/debian
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /k.gpg

Enabled: no
Types: deb
URIs: http://off.example/
Suites: bookworm
Components: main

Types: deb-src
URIs: http://src.example/
Suites: bookworm
Components: main
`;
    expect(parseDeb822Sources(text)).toEqual([
      {
        uris: ['http://m.example/debian'],
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main'],
        signedBy: '/k.gpg',
      },
    ]);
  });

  it('do not take a key that stands in the file for the path of one', () => {
    const text =
      'Types: deb\nURIs: http://m.example/\nSuites: noble\nComponents: main\nSigned-By:\n -----BEGIN PGP\n .\n abc\n';
    expect(parseDeb822Sources(text)).toEqual([
      { uris: ['http://m.example/'], suites: ['noble'], components: ['main'] },
    ]);
  });

  const sources = parseOneLineSources(
    [
      'deb https://other.example/apt stable main',
      'deb https://tool.example/linux bookworm stable',
      'deb http://security.example/ bookworm-security main',
      'deb http://mirror.example/debian bookworm main',
    ].join('\n'),
  );

  it('of the distribution are told from those of others', () => {
    expect(distributionSources(sources, 'bookworm').map(({ uris }) => uris[0])).toEqual([
      'http://security.example/',
      'http://mirror.example/debian',
    ]);
  });

  it('name the mirror that has the release, not the one of its security fixes', () => {
    expect(archiveMirror(sources, 'bookworm')?.uris).toEqual(['http://mirror.example/debian']);
    expect(archiveMirror(sources, 'trixie')).toBeUndefined();
  });

  it('are written with a line for each suite', () => {
    const source = {
      uris: ['http://m.example/'],
      suites: ['a', 'a-updates'],
      components: ['main'],
      signedBy: '/k.gpg',
    };
    expect(sourceLine(source)).toBe(
      'deb [signed-by=/k.gpg] http://m.example/ a main\ndeb [signed-by=/k.gpg] http://m.example/ a-updates main\n',
    );
  });
});

describe("apt's private configuration", () => {
  it('keeps lists, archives and sources in its folder', () => {
    const text = aptConfiguration('/cache');
    expect(text).toContain('Dir::Etc::sourcelist "/cache/sources.list";');
    expect(text).toContain('Dir::Etc::sourceparts "-";');
    expect(text).toContain('Dir::State::lists "/cache/lists";');
    expect(text).toContain('Dir::Cache::archives "/cache/archives";');
    expect(text).not.toContain('Dir::State::status');
    expect(aptConfiguration('/cache', '/cache/status')).toContain('Dir::State::status "/cache/status";');
  });

  it('hands on to images how archives are reached, but no proxy that a container cannot reach', () => {
    const dump = [
      'Acquire::http::Proxy "http://proxy.example:3142";',
      'Acquire::https::Proxy "http://127.0.0.1:3142";',
      'Acquire::ftp::Proxy "http://proxy.example";',
      'Acquire::http "";',
      'Acquire::Check-Valid-Until "false";',
      'Dir::State "var/lib/apt";',
    ].join('\n');
    expect(aptSettings(dump)).toEqual([
      'Acquire::http::Proxy "http://proxy.example:3142";',
      'Acquire::Check-Valid-Until "false";',
    ]);
  });
});

describe('the status of a bare system', () => {
  it('has the required packages and what they need, in whichever way it is named', () => {
    const stanza = (name: string, ...fields: string[]): string => [`Package: ${name}`, ...fields].join('\n');
    const text = [
      stanza('dash', 'Priority: required', 'Pre-Depends: libc6 (>= 2.36)'),
      stanza('libc6', 'Priority: optional', 'Depends: libgcc-s1'),
      stanza('libgcc-s1', 'Priority: optional'),
      stanza('login', 'Essential: yes', 'Depends: absent | awk'),
      stanza('mawk', 'Priority: optional', 'Provides: awk'),
      stanza('iptables', 'Priority: optional', 'Depends: libc6'),
    ].join('\n\n');
    const kept = [...minimalStatus(text).matchAll(/^Package: (.*)$/gm)].map(([, name]) => name);
    expect(kept).toEqual(['dash', 'libc6', 'libgcc-s1', 'login', 'mawk']);
  });
});
