/** Files of container-structure-test, with tests that pass and tests that fail, for every field of their schema. */

export type Test = Readonly<Record<string, unknown>>;

const commands: readonly Test[] = [
  { command: 'echo', args: ['hello'] },
  { command: 'echo', args: ['hello'], expectedOutput: ['^hello\\n$', 'h.l'] },
  { command: 'echo', args: ['hello'], expectedOutput: ['^ello'] },
  { command: 'echo', args: ['HELLO'], expectedOutput: ['(?i)hello', '[[:upper:]]+', '\\AHE', '\\QLL\\E'] },
  { command: 'printf', args: ['one\\ntwo'], expectedOutput: ['^two$'] },
  { command: 'printf', args: ['one\\ntwo'], expectedOutput: ['(?m)^two$'] },
  { command: 'echo', args: ['hello'], excludedOutput: ['bye'] },
  { command: 'echo', args: ['hello'], excludedOutput: ['hel+o'] },
  { command: 'sh', args: ['-c', 'echo oops >&2'], expectedError: ['oops'], excludedError: ['fine'] },
  { command: 'sh', args: ['-c', 'echo oops >&2'], expectedError: ['fine'] },
  { command: 'sh', args: ['-c', 'echo oops >&2'], excludedError: ['oops'] },
  { command: 'sh', args: ['-c', 'exit 3'], exitCode: 3 },
  { command: 'sh', args: ['-c', 'exit 3'] },
  { command: 'sh', args: ['-c', 'exit 127'], exitCode: 127 },
  { command: 'no-such-command' },
  { command: 'no-such-command', exitCode: 127 },
  { command: 'cat', args: ['/made'], setup: [['sh', '-c', 'echo made > /made']], expectedOutput: ['made'] },
  {
    command: 'cat',
    args: ['/made', '/too'],
    setup: [
      ['touch', '/made'],
      ['cp', '/made', '/too'],
    ],
    teardown: [['rm', '/made']],
  },
  { command: 'cat', args: ['/made'] },
  { command: 'true', setup: [['false']] },
  {
    command: 'sh',
    args: ['-c', 'echo $GREETING'],
    envVars: [{ key: 'GREETING', value: 'good day' }],
    expectedOutput: ['^good day'],
  },
  { command: 'sh', args: ['-c', 'echo $GREETING'], expectedOutput: ['good day'] },
  { command: 'sh', args: ['-c', 'echo $EVERYWHERE'], expectedOutput: ['global'] },
  {
    command: 'sh',
    args: ['-c', 'echo $LONGER'],
    envVars: [{ key: 'LONGER', value: '/opt:$PATH' }],
    expectedOutput: ['^/opt:/usr'],
  },
  { command: 'pwd', expectedOutput: ['^/\\n'] },
  { command: 'id', args: ['-u'], expectedOutput: ['^0'] },
];

const files: readonly Test[] = [
  { path: '/srv/index.html' },
  { path: '/srv/index.html', shouldExist: false },
  { path: '/nowhere' },
  { path: '/nowhere', shouldExist: false },
  { path: '/srv/index.html', permissions: '-rw-r-----' },
  { path: '/srv/index.html', permissions: '-rw-r--r--' },
  { path: '/srv', permissions: 'drwxr-xr-x' },
  { path: '/tmp', permissions: 'dtrwxrwxrwx' },
  { path: '/usr/bin/passwd', permissions: 'urwxr-xr-x' },
  { path: '/srv/link', permissions: 'Lrwxrwxrwx' },
  { path: '/srv/index.html', uid: 0, gid: 0 },
  { path: '/srv/index.html', uid: 33 },
  { path: '/srv/index.html', gid: 33 },
  { path: '/usr/bin/env', isExecutableBy: 'any' },
  { path: '/usr/bin/env', isExecutableBy: 'other' },
  { path: '/srv/index.html', isExecutableBy: 'owner' },
  { path: '/srv/index.html', isExecutableBy: 'group' },
];

const contents: readonly Test[] = [
  { path: '/srv/index.html' },
  { path: '/srv/index.html', expectedContents: ['it-works', '^it'] },
  { path: '/srv/index.html', expectedContents: ['something else'] },
  { path: '/srv/index.html', excludedContents: ['something else'] },
  { path: '/srv/index.html', excludedContents: ['works'] },
  { path: '/nowhere', expectedContents: ['x'] },
  { path: '/srv', expectedContents: ['x'] },
  { path: '/etc/os-release', expectedContents: ['Debian'] },
];

const metadata: readonly Test[] = [
  { envVars: [{ key: 'PATH', value: '/usr/bin', isRegex: true }] },
  { envVars: [{ key: 'PATH', value: '/usr/bin' }] },
  { envVars: [{ key: 'NOTHING', value: 'x' }] },
  { unboundEnvVars: [{ key: 'NOTHING' }] },
  { unboundEnvVars: [{ key: 'PATH' }] },
  { labels: [{ key: 'org.opencontainers.image.title', value: 'service' }] },
  { labels: [{ key: 'org.opencontainers.image.title', value: '^serv', isRegex: true }] },
  { labels: [{ key: 'org.opencontainers.image.title', value: 'serv' }] },
  { labels: [{ key: 'nothing', value: '' }] },
  { exposedPorts: ['8080'] },
  { exposedPorts: ['80'] },
  { exposedPorts: ['8080/tcp'] },
  { unexposedPorts: ['80'] },
  { unexposedPorts: ['8080'] },
  { entrypoint: [] },
  { entrypoint: ['/bin/x'] },
  { cmd: ['nothing'] },
  { cmd: [] },
  { volumes: ['/data'] },
  { unmountedVolumes: ['/data'] },
  { workdir: '/' },
  { workdir: '/srv' },
  { user: 'root' },
];

const named = (tests: readonly Test[]): Test[] => tests.map((test, index) => ({ name: `test ${index}`, ...test }));

/** `FOLDER` stands for the folder of the file, where `variables` is. One file after the other; each holds one metadata test, as the format has it. */
export const structureTestFiles: readonly Test[] = [
  {
    schemaVersion: '2.0.0',
    globalEnvVars: [{ key: 'EVERYWHERE', value: 'global' }],
    commandTests: named(commands),
    fileExistenceTests: named(files),
    fileContentTests: named(contents),
  },
  { schemaVersion: '2.0.0', licenseTests: [{ debian: true }] },
  { schemaVersion: '2.0.0', licenseTests: [{ files: ['/usr/share/doc/bash/copyright'] }] },
  { schemaVersion: '2.0.0', licenseTests: [{ files: ['/nowhere'] }] },
  {
    schemaVersion: '2.0.0',
    containerRunOptions: {
      user: 'www-data',
      privileged: true,
      capabilities: ['NET_ADMIN'],
      envFile: 'FOLDER/variables',
      bindMounts: ['FOLDER/variables:/srv/host'],
    },
    commandTests: named([
      { command: 'id', args: ['-un'], expectedOutput: ['www-data'] },
      { command: 'id', args: ['-un'], expectedOutput: ['root'] },
      { command: 'cat', args: ['/srv/host'], expectedOutput: ['A=1'] },
      { command: 'sh', args: ['-c', 'echo $A'], expectedOutput: ['^1'] },
    ]),
  },
  ...metadata.map((metadataTest) => ({ schemaVersion: '2.0.0', metadataTest })),
];
