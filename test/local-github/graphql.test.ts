import { describe, expect, it } from '@jest/globals';
import { Octokit } from '@octokit/core';
import { repositoryWith, type Scene, scene } from './support.ts';

async function query(stage: Scene, text: string, variables = {}, token = stage.github.token) {
  const response = await fetch(stage.github.graphqlUrl, {
    method: 'POST',
    headers: { 'user-agent': 'test', authorization: `bearer ${token}` },
    body: JSON.stringify({ query: text, variables }),
  });
  return (await response.json()) as { data?: Record<string, unknown> | null; errors?: Record<string, unknown>[] };
}

describe('GraphQL', () => {
  it('lists the repositories of an owner page by page, with their topics', async () => {
    const stage = await scene();
    for (const name of ['c', 'a', 'b']) await stage.github.createRepository(name, { topics: ['image-cascade', name] });
    await stage.github.createRepository('old', { archived: true });
    await stage.github.createRepository('elsewhere/d');
    const octokit = new Octokit({ auth: stage.github.token, baseUrl: stage.github.apiUrl });
    const text = `query Fleet($after: String) { organization(login: "acme") {
      repositories(first: 2, after: $after, isArchived: false, orderBy: {field: NAME, direction: ASC}) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { nameWithOwner isArchived isFork isPrivate isDisabled
          repositoryTopics(first: 10) { nodes { topic { name } } } } } } rateLimit { remaining } }`;
    const first = await octokit.graphql<Record<string, never>>(text);
    expect(first).toMatchObject({
      organization: {
        repositories: {
          totalCount: 3,
          pageInfo: { hasNextPage: true },
          nodes: [
            {
              nameWithOwner: 'acme/a',
              repositoryTopics: { nodes: [{ topic: { name: 'image-cascade' } }, { topic: { name: 'a' } }] },
            },
            { nameWithOwner: 'acme/b' },
          ],
        },
      },
    });
    const after = JSON.parse(JSON.stringify(first)).organization.repositories.pageInfo.endCursor;
    expect(await octokit.graphql(text, { after })).toMatchObject({
      organization: { repositories: { pageInfo: { hasNextPage: false }, nodes: [{ nameWithOwner: 'acme/c' }] } },
    });
    expect(stage.github.requests.map(({ operation }) => operation)).toEqual(['Fleet', 'Fleet']);
    expect(stage.github.violations).toEqual([]);
  });

  it('reads files and folders of several repositories at any revision in one query', async () => {
    const stage = await scene();
    const files = { 'images.yaml': 'namespace: acme\n', 'docker/nginx/Dockerfile.j2': 'FROM x\n', logo: '\0binary' };
    const { sha } = await repositoryWith(stage, 'runtime', files);
    await repositoryWith(stage, 'app', { 'main.py': 'print()\n' });
    const answer = await query(
      stage,
      `{ one: repository(owner: "acme", name: "runtime") {
          defaultBranchRef { name target { oid ... on Commit { committedDate } } }
          config: object(expression: "HEAD:images.yaml") { oid ... on Blob { text byteSize isBinary isTruncated } }
          logo: object(expression: "main:logo") { ... on Blob { text isBinary } }
          folders: object(expression: "main:docker") { ... on Tree { entries { name type mode path
            object { oid ... on Tree { entries { path size object { ... on Blob { text } } } } } } } }
          ref(qualifiedName: "refs/heads/main") { target { oid } } }
        two: repository(owner: "ACME", name: "app") { object(expression: "HEAD:images.yaml") { oid } } }`,
    );
    expect(answer).toMatchObject({
      data: {
        one: {
          defaultBranchRef: { name: 'main', target: { oid: sha } },
          config: { text: 'namespace: acme\n', byteSize: 16, isBinary: false, isTruncated: false },
          logo: { text: null, isBinary: true },
          folders: {
            entries: [
              {
                name: 'nginx',
                type: 'tree',
                mode: 0o40000,
                path: 'docker/nginx',
                object: { entries: [{ path: 'docker/nginx/Dockerfile.j2', size: 7, object: { text: 'FROM x\n' } }] },
              },
            ],
          },
          ref: { target: { oid: sha } },
        },
        two: { object: null },
      },
    });
    expect(answer.errors).toBeUndefined();
    expect(stage.github.violations).toEqual([]);
  });

  it('says which repository is not there and answers the rest', async () => {
    const stage = await scene();
    await stage.github.createRepository('a');
    await stage.github.createRepository('secret', { private: true });
    const job = stage.github.createJobToken('acme/a');
    const text = `{ a: repository(owner: "acme", name: "a") { name defaultBranchRef { name } }
      b: repository(owner: "acme", name: "secret") { name } }`;
    expect(await query(stage, text, {}, job)).toEqual({
      data: { a: { name: 'a', defaultBranchRef: null }, b: null },
      errors: [
        expect.objectContaining({
          type: 'NOT_FOUND',
          path: ['b'],
          message: "Could not resolve to a Repository with the name 'acme/secret'.",
        }),
      ],
    });
    expect(stage.github.violations).toEqual([]);
  });

  it('finds repositories by node id', async () => {
    const stage = await scene();
    await stage.github.createRepository('a');
    const { data } = await query(stage, '{ repository(owner: "acme", name: "a") { id } }');
    const { id } = JSON.parse(JSON.stringify(data)).repository;
    const text = 'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { nameWithOwner } } }';
    expect(await query(stage, text, { ids: [id] })).toEqual({ data: { nodes: [{ nameWithOwner: 'acme/a' }] } });
  });

  it.each([
    ['a field that GitHub does not have', '{ repository(owner: "acme", name: "a") { imaginary } }', 'imaginary'],
    [
      'a field that the stand-in does not have',
      '{ repository(owner: "acme", name: "a") { homepageUrl } }',
      'homepageUrl',
    ],
    ['no page size', '{ organization(login: "acme") { repositories { totalCount } } }', 'first'],
    ['too large a page', '{ organization(login: "acme") { repositories(first: 101) { totalCount } } }', '101'],
    ['broken syntax', '{ repository(', 'Syntax Error'],
  ])('makes %s an error', async (_, text, part) => {
    const stage = await scene();
    await stage.github.createRepository('a');
    const { errors } = await query(stage, text);
    expect(errors?.[0]?.message).toContain(part);
  });
});
