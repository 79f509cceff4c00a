/** One rotation, with the means of these scenarios. */
import { createGitHub, createPace } from '../../src/github/index.ts';
import { loadConfig } from '../../src/images/index.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { createStores, type Rotation, type RotationRequest, rotate, type Store } from '../../src/rotate/index.ts';

export interface RotateOptions {
  readonly host: string;
  readonly namespace: string;
  readonly images: readonly string[];
  /** More of `images.yaml`: the retention rules. */
  readonly config: string;
  readonly recordFile: string;
  readonly request?: Partial<Pick<RotationRequest, 'dryRun' | 'maxShare' | 'deadline'>>;
  /** Changes the store, to do something at a certain point. */
  readonly wrap?: (store: Store) => Store;
  readonly log?: (line: string) => void;
  /** Requests to the registry. */
  readonly onRequest?: (line: string) => void;
}

export async function rotateOnce(options: RotateOptions): Promise<Rotation> {
  const { host, namespace, images, config, recordFile, request = {}, wrap = (store) => store } = options;
  const registry = createRegistry({ concurrency: 16, log: options.onRequest ?? (() => {}) });
  const address = 'http://127.0.0.1:9';
  const github = createGitHub({ token: '', apiUrl: address, graphqlUrl: address, pace: createPace() });
  const stores = createStores({ github, registry, kind: 'registry' });
  const templates = images.map((image) => `docker/${image}/Dockerfile.j2`);
  return rotate(
    {
      own: {
        repository: 'acme/images',
        defaultBranch: 'main',
        config: loadConfig(`registry: ${host}\nnamespace: ${namespace}\n${config}`, 'images.yaml', templates),
      },
      fleet: [],
      scope: 'repository',
      images: [],
      dryRun: false,
      maxShare: 1,
      deadline: Date.now() + 600_000,
      artifacts: [],
      caches: [],
      recordFile,
      run: '',
      ...request,
    },
    {
      github,
      registry,
      store: (repository) => wrap(stores(repository)),
      onRecord: () => {},
      now: Date.now,
      signal: new AbortController().signal,
      log: options.log ?? (() => {}),
    },
  );
}
