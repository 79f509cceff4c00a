import { describe, expect, it } from '@jest/globals';
import { dependentsOf, relevantTo, sourceName } from '../../src/fleet/index.ts';
import { fleetOf, referenceOf } from './fleet-fixture.ts';

const fleet = fleetOf({
  base: ['docker.io/library/debian:bookworm'],
  python: ['base'],
  api: ['python', 'Acme/App#main'],
  front: ['nginx', 'api'],
  nginx: ['base'],
  lonely: [],
});

const names = (references: Iterable<string>): string[] =>
  [...references].map((reference) => /([^/]+):latest/.exec(reference)?.[1] ?? reference).sort();

describe('dependentsOf', () => {
  it.each([
    [referenceOf('base'), ['api', 'front', 'nginx', 'python']],
    [referenceOf('nginx'), ['front']],
    [referenceOf('lonely'), []],
    ['docker.io/library/debian:bookworm', ['api', 'base', 'front', 'nginx', 'python']],
    [sourceName('acme/app', 'main'), ['api', 'front']],
    [sourceName('acme/app', 'next'), []],
  ])('of %s', (name, expected) => {
    expect(names(dependentsOf(fleet, [name]))).toEqual(expected);
  });
});

describe('relevantTo', () => {
  it('adds all that the dependents build on', () => {
    const relevant = relevantTo(fleet, [referenceOf('nginx')]).map(({ reference }) => reference);
    expect(names(relevant)).toEqual(['api', 'base', 'front', 'nginx', 'python']);
  });

  it('is empty where nothing builds on what changed', () => {
    expect(relevantTo(fleet, [referenceOf('lonely')])).toEqual([]);
  });
});
