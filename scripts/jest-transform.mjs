/** Jest transform: TypeScript to ES modules with the bundler that also makes the actions. */
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

export default {
  getCacheKey: (source, path) => createHash('sha256').update(version).update(path).update(source).digest('hex'),
  process(source, path) {
    return transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcefile: path,
      sourcemap: 'inline',
    });
  },
};
