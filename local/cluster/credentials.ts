/** What the parts of a cluster know each other by, made by the machine's own `openssl`, valid for a day. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk } from '../processes/index.ts';

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export interface ClusterCredentials {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  /** Of somebody who may do everything. */
  readonly admin: { readonly certificate: string; readonly key: string };
}

export async function makeCredentials(folder: string): Promise<ClusterCredentials> {
  const openssl = (...args: string[]): Promise<unknown> => runOk('openssl', args, { cwd: folder });
  const file = (name: string): string => join(folder, name);
  await openssl('req', '-x509', ...key, '-subj', '/CN=cluster', '-days', '1', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const [name, subject, usage] of [
    ['server', '/CN=localhost', 'serverAuth\nsubjectAltName=IP:127.0.0.1,DNS:localhost'],
    ['admin', '/O=system:masters/CN=admin', 'clientAuth'],
  ] as const) {
    await writeFile(file(`${name}.ext`), `extendedKeyUsage=${usage}\n`);
    await openssl('req', ...key, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-days', '1', '-out', `${name}.pem`);
  }
  const pair = (name: string) => ({ certificate: file(`${name}.pem`), key: file(`${name}.key`) });
  return { authority: file('ca.pem'), server: pair('server'), admin: pair('admin') };
}

/** A configuration for kubectl, and for the parts of the cluster themselves. YAML, as which JSON passes. */
export function kubeconfig(context: string, server: string, { authority, admin }: ClusterCredentials): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: context, cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'admin', user: { 'client-certificate': admin.certificate, 'client-key': admin.key } }],
    contexts: [{ name: context, context: { cluster: context, user: 'admin' } }],
    'current-context': context,
  });
}
