import { afterAll, beforeAll, describe } from '@jest/globals';
import { type LocalRegistry, startRegistry } from '../../local/registry/server.ts';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { registryContract } from './contract.ts';

describe('the registry client, on the stand-in', () => {
  let standIn: RegistryStandIn;
  beforeAll(async () => {
    standIn = await startRegistryStandIn();
  });
  afterAll(() => standIn.stop());
  registryContract(() => standIn);
});

describe('the registry client, on a real registry', () => {
  let server: LocalRegistry;
  beforeAll(async () => {
    server = await startRegistry({ log: () => {} });
  }, 300_000);
  afterAll(() => server.stop());
  registryContract(() => server);
});
