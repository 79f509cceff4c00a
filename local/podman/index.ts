/** A Podman that plays pods: the machine's own, or a private one from unpacked packages. */
export { type LocalPodman, type NoPodman, providePodman } from './provide.ts';
export { containersConf, type PrivateFolders, storageConf } from './settings.ts';
