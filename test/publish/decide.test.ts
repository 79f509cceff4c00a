import { describe, expect, it } from '@jest/globals';
import { decidePublications, tagOrder } from '../../src/publish/index.ts';
import { builtRecord, image, renderRecord, testRecord } from '../records.ts';

const web = image('web');
const shop = image('shop', {
  upstreams: [{ kind: 'pending', written: 'web', reference: 'r.test/acme/web:latest', image: 'web' }],
});

describe('which images may be published', () => {
  it('pushes what was built and passed its tests', () => {
    const decisions = decidePublications(renderRecord([web]), {
      build: builtRecord({ web: 'built' }),
      spec: testRecord({ web: 'passed' }),
      integration: testRecord({ web: 'passed' }),
    });
    expect(decisions.map(({ action }) => action)).toEqual(['push']);
  });

  it('retags what was built before', () => {
    const known = image('web', {
      build: { needed: false, reason: 'already built' },
      test: { needed: false, reason: 'already tested' },
    });
    const decisions = decidePublications(renderRecord([known]), {
      build: undefined,
      spec: undefined,
      integration: undefined,
    });
    expect(decisions).toEqual([{ name: 'web', action: 'retag', reason: 'already built' }]);
  });

  it.each([
    ['its integration tests failed', { web: 'built' }, { web: 'failed' }],
    ['its integration tests have not been run', { web: 'built' }, {}],
    ['its build failed', { web: 'failed' }, {}],
    ['it has not been built', {}, {}],
  ] as const)('refuses an image when %s, and the images on top of it', (reason, build, integration) => {
    const decisions = decidePublications(renderRecord([web, shop]), {
      build: builtRecord({ shop: 'built', ...build }),
      spec: undefined,
      integration: testRecord({ shop: 'passed', ...integration }),
    });
    expect(decisions.map(({ name, action }) => `${name} ${action}`)).toEqual(['web refuse', 'shop refuse']);
    expect(decisions[0]?.reason).toContain(reason);
    expect(decisions[1]?.reason).toBe('it is built on web, which is not published');
  });

  it('refuses an image whose spec tests failed', () => {
    const decisions = decidePublications(renderRecord([web]), {
      build: builtRecord({ web: 'built' }),
      spec: testRecord({ web: 'failed' }),
      integration: testRecord({ web: 'passed' }),
    });
    expect(decisions[0]?.reason).toBe('its spec tests failed');
  });

  it('refuses when another image than the built one was tested', () => {
    const decisions = decidePublications(renderRecord([web]), {
      build: builtRecord({ web: 'built' }, 'sha256:one'),
      spec: undefined,
      integration: testRecord({ web: 'passed' }, 'sha256:other'),
    });
    expect(decisions[0]?.reason).toBe('another image than the one that was built has been tested');
  });

  it('lets an independent image through when another failed', () => {
    const other = image('other');
    const decisions = decidePublications(renderRecord([web, other]), {
      build: builtRecord({ web: 'failed', other: 'built' }),
      spec: undefined,
      integration: testRecord({ other: 'passed' }),
    });
    expect(decisions.map(({ action }) => action)).toEqual(['refuse', 'push']);
  });

  it('leaves an image waiting that stands on a waiting one', () => {
    const waiting = image('web', { waiting: true });
    const decisions = decidePublications(renderRecord([waiting, shop]), {
      build: builtRecord({ shop: 'built' }),
      spec: undefined,
      integration: testRecord({ shop: 'passed' }),
    });
    expect(decisions.map(({ action }) => action)).toEqual(['wait', 'wait']);
  });
});

describe('the order of tags', () => {
  it('writes what a digest came from first and the main tag last', () => {
    const keys = { build: 'b', tests: 't', input: 'i' };
    expect(tagOrder(keys, 'c', ['latest', '1.4', '1'])).toEqual(['k-b', 'c-c', 't-t', 'i-i', '1.4', '1', 'latest']);
    expect(tagOrder(keys, undefined, ['latest'])).toEqual(['k-b', 't-t', 'i-i', 'latest']);
  });
});
