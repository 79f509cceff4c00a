/** The reader of archives, as a module of its own: a bundle gives what is loaded late of a CommonJS package no names. */
export { extract } from 'tar-stream';
