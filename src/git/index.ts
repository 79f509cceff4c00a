/** Git repositories: the checked out one, and those that are sources of images. The only place that runs git. */
export { createGit, type Git, type GitOptions } from './git.ts';
export type { Head } from './head.ts';
