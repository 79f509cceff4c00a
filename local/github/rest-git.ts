import { git, readRefs } from './git.ts';
import { entryType, type GitCommit, parseTree, readCommit, readObject } from './git-objects.ts';
import { nodeId } from './representations.ts';
import { type Answer, type CheckedCall, type Handler, readable, refuse, refuseProblems } from './rest-answers.ts';
import type { Repository, World } from './world.ts';

/** GitHub gives the content of larger files as bytes only. */
const mostInlineBytes = 1024 * 1024;
/** GitHub lists at most this many commits of a comparison on one page. */
const mostCommits = 250;

function api(world: World, repository: Repository, path: string): string {
  return `${world.urls.api}/repos/${repository.fullName}${path}`;
}

function web(world: World, repository: Repository, path: string): string {
  return `${world.urls.server}/${repository.fullName}${path}`;
}

/** A branch, a tag or a commit, in the order in which GitHub looks. */
async function findCommit(repository: Repository, name: string): Promise<GitCommit | undefined> {
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]) {
    const commit = await readCommit(repository.folder, candidate);
    if (commit !== undefined) return commit;
  }
  return undefined;
}

function representCommit(world: World, repository: Repository, commit: GitCommit): Record<string, unknown> {
  const url = (id: string) => api(world, repository, `/commits/${id}`);
  const html = (id: string) => web(world, repository, `/commit/${id}`);
  const { name, email } = commit.author;
  const utc = (date: string) => new Date(date).toISOString().replace(/\.\d+/, '');
  return {
    sha: commit.oid,
    node_id: nodeId('C', commit.oid),
    commit: {
      author: { name, email, date: utc(commit.author.date) },
      committer: { name: commit.committer.name, email: commit.committer.email, date: utc(commit.committer.date) },
      message: commit.message,
      tree: { sha: commit.tree, url: api(world, repository, `/git/trees/${commit.tree}`) },
      url: api(world, repository, `/git/commits/${commit.oid}`),
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    url: url(commit.oid),
    html_url: html(commit.oid),
    comments_url: `${url(commit.oid)}/comments`,
    // Nobody here has an address that belongs to an account.
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({ sha, url: url(sha), html_url: html(sha) })),
  };
}

const getCommit: Handler = async (world, call) => {
  const repository = readable(world, call);
  refuseProblems(call);
  const name = call.params.ref ?? '';
  const commit = await findCommit(repository, name);
  if (commit === undefined) {
    if ((await readRefs(repository.folder)).size === 0) refuse(409, 'Git Repository is empty.');
    refuse(422, `No commit found for SHA: ${name}`);
  }
  if (accepts(call, 'sha')) return rawAnswer(commit.oid, 'application/vnd.github.sha');
  return { status: 200, body: representCommit(world, repository, commit) };
};

const getBranch: Handler = async (world, call) => {
  const repository = readable(world, call);
  refuseProblems(call);
  const name = call.params.branch ?? '';
  const commit = await readCommit(repository.folder, `refs/heads/${name}`);
  if (commit === undefined) refuse(404, 'Branch not found');
  const self = api(world, repository, `/branches/${name}`);
  return {
    status: 200,
    body: {
      name,
      commit: representCommit(world, repository, commit),
      _links: { self, html: web(world, repository, `/tree/${name}`) },
      protected: false,
      protection: { enabled: false },
      protection_url: `${self}/protection`,
    },
  };
};

const getRef: Handler = async (world, call) => {
  const repository = readable(world, call);
  refuseProblems(call);
  const ref = `refs/${call.params.ref}`;
  const sha = (await readRefs(repository.folder)).get(ref);
  const object = sha && (await readObject(repository.folder, sha));
  if (!sha || !object) refuse(404, 'Not Found');
  return {
    status: 200,
    body: {
      ref,
      node_id: nodeId('REF', `${repository.id}:${ref}`),
      url: api(world, repository, `/git/${ref}`),
      object: { type: object.type, sha, url: api(world, repository, `/git/${object.type}s/${sha}`) },
    },
  };
};

const compare: Handler = async (world, call) => {
  const repository = readable(world, call);
  refuseProblems(call);
  const { folder } = repository;
  const [baseName = '', headName = ''] = (call.params.basehead ?? '').split('...');
  const base = await findCommit(repository, baseName);
  const head = await findCommit(repository, headName);
  if (base === undefined || head === undefined) refuse(404, 'Not Found');
  const mergeBase = await readCommit(folder, await git(folder, ['merge-base', base.oid, head.oid]).catch(() => ''));
  if (mergeBase === undefined) refuse(404, `No common ancestor between ${baseName} and ${headName}.`);
  const counts = await git(folder, ['rev-list', '--left-right', '--count', `${base.oid}...${head.oid}`]);
  const [behind = 0, ahead = 0] = counts.split('\t').map(Number);
  const page = Math.min(Number(call.query.per_page ?? mostCommits), mostCommits);
  const list = ['rev-list', '--reverse', head.oid, '--not', base.oid];
  const ids = (await git(folder, list)).split('\n').filter((id) => id !== '');
  const start = (Number(call.query.page ?? 1) - 1) * page;
  const commits = await Promise.all(ids.slice(start, start + page).map((id) => readCommit(folder, id)));
  const url = api(world, repository, `/compare/${call.params.basehead}`);
  const html = web(world, repository, `/compare/${call.params.basehead}`);
  return {
    status: 200,
    body: {
      url,
      html_url: html,
      permalink_url: web(world, repository, `/compare/${base.oid}...${head.oid}`),
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: representCommit(world, repository, base),
      merge_base_commit: representCommit(world, repository, mergeBase),
      status: relation(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: commits.flatMap((commit) => (commit === undefined ? [] : [representCommit(world, repository, commit)])),
      files: await changedFiles(world, repository, mergeBase.oid, head.oid),
    },
  };
};

function relation(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function changedFiles(world: World, repository: Repository, from: string, to: string): Promise<object[]> {
  const args = ['diff', '--raw', '--numstat', '--no-renames', '--abbrev=40', '-z', from, to];
  const fields = (await git(repository.folder, args)).split('\0').filter((field) => field !== '');
  const states = new Map<string, { sha: string; status: string }>();
  const files: object[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? '';
    if (field.startsWith(':')) {
      const [, , before = '', after = '', letter = ''] = field.split(' ');
      index += 1;
      const status = { A: 'added', D: 'removed' }[letter] ?? 'modified';
      states.set(fields[index] ?? '', { sha: letter === 'D' ? before : after, status });
      continue;
    }
    const [added = '', deleted = '', ...name] = field.split('\t');
    const filename = name.join('\t');
    const [additions, deletions] = [Number(added) || 0, Number(deleted) || 0];
    const place = filename.split('/').map(encodeURIComponent).join('/');
    files.push({
      ...states.get(filename),
      filename,
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: web(world, repository, `/blob/${to}/${place}`),
      raw_url: web(world, repository, `/raw/${to}/${place}`),
      contents_url: api(world, repository, `/contents/${place}?ref=${to}`),
    });
  }
  return files;
}

const getContents: Handler = async (world, call) => {
  const repository = readable(world, call);
  refuseProblems(call);
  const path = (call.params.path ?? '').replace(/\/$/, '');
  const ref = call.query.ref ?? repository.defaultBranch;
  const commit = await findCommit(repository, ref);
  if (commit === undefined) refuse(404, `No commit found for the ref ${ref}`);
  const object = await readObject(repository.folder, `${commit.oid}:${path}`);
  if (object?.type === 'tree') {
    const entries = parseTree(object.content).map(async (entry) => {
      const size = entryType(entry.mode) === 'blob' ? await blobSize(repository, entry.oid) : 0;
      const place = path === '' ? entry.name : `${path}/${entry.name}`;
      return contentEntry(world, repository, { ref, path: place, sha: entry.oid, size, type: contentType(entry.mode) });
    });
    return { status: 200, body: await Promise.all(entries) };
  }
  if (object?.type !== 'blob') refuse(404, 'Not Found');
  if (accepts(call, 'raw')) return rawAnswer(object.content, 'application/vnd.github.raw+json; charset=utf-8');
  const inline = object.content.length <= mostInlineBytes;
  const size = object.content.length;
  return {
    status: 200,
    body: {
      ...contentEntry(world, repository, { ref, path, sha: object.oid, size, type: 'file' }),
      content: inline ? object.content.toString('base64').replace(/.{60}/g, '$&\n') : '',
      encoding: inline ? 'base64' : 'none',
    },
  };
};

async function blobSize(repository: Repository, oid: string): Promise<number> {
  return Number(await git(repository.folder, ['cat-file', '-s', oid]));
}

function contentType(mode: string): string {
  if (mode === '120000') return 'symlink';
  return { tree: 'dir', commit: 'submodule', blob: 'file' }[entryType(mode)];
}

function contentEntry(
  world: World,
  repository: Repository,
  entry: { ref: string; path: string; sha: string; size: number; type: string },
): Record<string, unknown> {
  const { ref, path, sha, size, type } = entry;
  const place = path.split('/').map(encodeURIComponent).join('/');
  const url = api(world, repository, `/contents/${place}?ref=${encodeURIComponent(ref)}`);
  const git_url = api(world, repository, `/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`);
  const html_url = web(world, repository, `/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${place}`);
  const download_url = type === 'file' ? web(world, repository, `/raw/${ref}/${place}`) : null;
  const _links = { self: url, git: git_url, html: html_url };
  return { name: path.split('/').at(-1) ?? '', path, sha, size, url, html_url, git_url, download_url, type, _links };
}

const getTree: Handler = async (world, call) => {
  const repository = readable(world, call);
  refuseProblems(call);
  const commit = await findCommit(repository, call.params.tree_sha ?? '');
  const tree = await readObject(repository.folder, commit?.tree ?? call.params.tree_sha ?? '');
  if (tree?.type !== 'tree') refuse(404, 'Not Found');
  const recursive = call.query.recursive === undefined ? [] : ['-r', '-t'];
  const listing = await git(repository.folder, ['ls-tree', '-z', '--long', ...recursive, tree.oid]);
  const entries = listing.split('\0').filter((line) => line !== '');
  return {
    status: 200,
    body: {
      sha: tree.oid,
      url: api(world, repository, `/git/trees/${tree.oid}`),
      tree: entries.map((line) => {
        const [, mode = '', type = '', sha = '', size = '', path = ''] =
          /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
        const url = api(world, repository, `/git/${type}s/${sha}`);
        return { path, mode, type, sha, ...(type === 'blob' && { size: Number(size) }), url };
      }),
      truncated: false,
    },
  };
};

function accepts(call: CheckedCall, media: string): boolean {
  return new RegExp(`application/vnd\\.github\\.(v3\\.)?${media}\\b`).test(call.headers.accept ?? '');
}

function rawAnswer(body: string | Buffer, type: string): Answer {
  return { status: 200, body, raw: true, headers: { 'content-type': type } };
}

export const gitHandlers: Record<string, Handler> = {
  'GET /repos/{owner}/{repo}/commits/{ref}': getCommit,
  'GET /repos/{owner}/{repo}/branches/{branch}': getBranch,
  'GET /repos/{owner}/{repo}/git/ref/{ref}': getRef,
  'GET /repos/{owner}/{repo}/compare/{basehead}': compare,
  'GET /repos/{owner}/{repo}/contents/{path}': getContents,
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': getTree,
};
