/** An image without layers, put into a registry over HTTP: enough for what only resolves references. */
import { createHash } from 'node:crypto';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

export interface MinimalImage {
  readonly labels?: Readonly<Record<string, string>>;
  /** Default `amd64`. */
  readonly architecture?: string;
}

/**
 * @param tag none: the image is there by its digest alone
 * @returns the digest of the manifest
 */
export async function putMinimalImage(
  host: string,
  repository: string,
  tag: string | undefined,
  { labels = {}, architecture = 'amd64' }: MinimalImage = {},
): Promise<string> {
  const config = Buffer.from(
    JSON.stringify({ os: 'linux', architecture, config: { Labels: labels }, rootfs: { type: 'layers', diff_ids: [] } }),
  );
  const start = await demand(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const upload = new URL(start.headers.get('location') ?? '', `http://${host}`);
  upload.searchParams.set('digest', digestOf(config));
  await demand(upload, { method: 'PUT', body: config, headers: { 'content-type': 'application/octet-stream' } });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: [],
    }),
  );
  await demand(`http://${host}/v2/${repository}/manifests/${tag ?? digestOf(manifest)}`, {
    method: 'PUT',
    body: manifest,
    headers: { 'content-type': manifestType },
  });
  return digestOf(manifest);
}

async function demand(url: string | URL, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status}`);
  return answer;
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
