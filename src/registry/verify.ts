import { createHash } from 'node:crypto';
// As a whole: its classes load when the first blob comes.
import * as streams from 'node:stream';
import type { Digest } from '../images/records.ts';
import { ProblemsError } from '../problems.ts';

/** Passes bytes on, and fails at the end unless they are what the digest (and the size, where known) says. */
export function verifying(digest: Digest, name: string, size?: number): streams.Transform {
  const hash = createHash('sha256');
  let seen = 0;
  return new streams.Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      seen += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const found = `sha256:${hash.digest('hex')}`;
      if (found === digest && (size === undefined || seen === size)) done();
      else done(corrupt(name, digest, found));
    },
  });
}

/** The registry gave something else than what its digest says. */
export function corrupt(name: string, digest: Digest, found: string): ProblemsError {
  return new ProblemsError([
    {
      message: `${name} is corrupt: asked for ${digest}, got ${found}`,
      hint: 'run it again; if it stays, push the image again, and ask who runs the registry (or the proxy before it)',
    },
  ]);
}
