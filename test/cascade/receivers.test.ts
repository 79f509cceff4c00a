import { describe, expect, it } from '@jest/globals';
import { hearing } from '../../src/cascade/hearing.ts';
import { receiversOf } from '../../src/cascade/receivers.ts';

const filesHearing = (on: string, eventType = 'image-cascade'): string[] =>
  hearing(receiversOf(new Map([['images.yml', on]])), eventType).map(({ file }) => file);

describe('the workflows that a dispatch starts', () => {
  it.each([
    ['this type', 'on: { repository_dispatch: { types: [image-cascade, other] } }'],
    ['this type alone', 'on: { repository_dispatch: { types: image-cascade } }'],
    ['all types', 'on:\n  push:\n  repository_dispatch:\n'],
    ['a list', 'on: [push, repository_dispatch]'],
    ['a word', 'on: repository_dispatch'],
  ])('are those that name %s', (_, text) => {
    expect(filesHearing(text)).toEqual(['images.yml']);
  });

  it.each([
    ['another type', 'on: { repository_dispatch: { types: [other] } }'],
    ['other events', 'on: [push, workflow_dispatch]'],
    ['nothing', 'jobs: {}'],
    ['what is no YAML', 'on: ['],
    ['what is no workflow', '- on'],
  ])('are not those that name %s', (_, text) => {
    expect(filesHearing(text)).toEqual([]);
  });

  it('are in files of workflows', () => {
    expect(receiversOf(new Map([['README.md', 'on: repository_dispatch']]))).toEqual([]);
  });
});

describe('the inputs of a workflow that is started by hand', () => {
  it('are those that it declares', () => {
    const text = 'on:\n  workflow_dispatch:\n    inputs: { images: { type: string }, force: { type: boolean } }\n';
    expect(receiversOf(new Map([['a.yaml', text]]))).toEqual([{ file: 'a.yaml', inputs: ['images', 'force'] }]);
  });

  it('are none where it declares none', () => {
    expect(receiversOf(new Map([['a.yml', 'on: workflow_dispatch']]))).toEqual([{ file: 'a.yml', inputs: [] }]);
  });
});
