/** Tools from the machine's own distribution, unpacked into a cache folder: nothing is installed. */
export { aptConfiguration, aptSettings } from './apt-configuration.ts';
export { minimalStatus } from './dpkg-status.ts';
export { type Machine, readMachine } from './machine.ts';
export { parseOsRelease } from './os-release.ts';
export {
  type AptSource,
  archiveMirror,
  distributionSources,
  parseDeb822Sources,
  parseOneLineSources,
  sourceLine,
} from './sources.ts';
export { cacheFolder, provideTools, type Toolbox, type ToolOptions } from './tools.ts';
export { environmentOf, type Unpacked, unpackPackages } from './unpack.ts';
