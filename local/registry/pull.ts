/** Pulls images as a whole, as engines do, and throws them away. */
import { createHash } from 'node:crypto';

interface Descriptor {
  digest: string;
  size: number;
}

interface Manifest {
  manifests?: Descriptor[];
  config?: Descriptor;
  layers?: Descriptor[];
}

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Pulls by each of the references; what two of them share is read once.
 * @returns everything that is missing or not what its digest says, in words; none when all images are whole
 */
export async function pullProblems(host: string, repository: string, references: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  const seen = new Set<string>();
  const read = async (kind: 'manifests' | 'blobs', name: string): Promise<Buffer | undefined> => {
    const answer = await fetch(`http://${host}/v2/${repository}/${kind}/${name}`, { headers: { accept } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (answer.ok && (!name.startsWith('sha256:') || digest === name)) return bytes;
    problems.push(`${repository}: ${name} ${answer.ok ? 'has other bytes' : `answers ${answer.status}`}`);
    return undefined;
  };
  const pull = async (name: string): Promise<void> => {
    if (seen.has(name)) return;
    seen.add(name);
    const bytes = await read('manifests', name);
    if (bytes === undefined) return;
    const { manifests = [], config, layers = [] }: Manifest = JSON.parse(bytes.toString());
    for (const { digest } of manifests) await pull(digest);
    for (const { digest } of [...(config === undefined ? [] : [config]), ...layers]) {
      if (seen.has(digest)) continue;
      seen.add(digest);
      await read('blobs', digest);
    }
  };
  for (const reference of references) await pull(reference);
  return problems;
}

export async function tagsOf(host: string, repository: string): Promise<string[]> {
  const answer = await fetch(`http://${host}/v2/${repository}/tags/list`);
  const { tags }: { tags?: string[] | null } = JSON.parse(answer.ok ? await answer.text() : '{}');
  return tags ?? [];
}
