import { describe, expect, it } from '@jest/globals';
import { parse } from 'smol-toml';
import { containersConf, storageConf } from '../../local/podman/index.ts';

const folders = { data: '/cache/podman "x"', run: '/tmp/podman' };

describe('a private Podman', () => {
  it('shares neither store, locks nor networks with the one of the machine', () => {
    expect(parse(storageConf(folders))).toEqual({
      storage: { driver: 'overlay', graphroot: '/cache/podman "x"', runroot: '/tmp/podman/storage' },
    });
    expect(parse(containersConf(folders, ['/usr/lib/podman'], { PATH: '/bin' }, '10.208.8.0/21'))).toMatchObject({
      engine: {
        lock_type: 'file',
        tmp_dir: '/tmp/podman/tmp',
        static_dir: '/cache/podman "x"/libpod',
        helper_binaries_dir: ['/usr/lib/podman'],
        // What cleans up after a container inherits nothing.
        conmon_env_vars: ['PATH=/bin'],
      },
      network: {
        network_config_dir: '/tmp/podman/networks',
        default_subnet_pools: [{ base: '10.208.8.0/21', size: 24 }],
      },
    });
  });
});
