/** The Debian image at the bottom of the example fleet, in a registry of this machine. */

export { imageSources, isOrdinary } from './debian.ts';
export { pickPlatform } from './docker-hub.ts';
export { type BaseImageOptions, provideBaseImage } from './provide.ts';
