/** Certificates for the cases that speak TLS, made by the machine's own `openssl`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk } from '../processes/index.ts';

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Writes `ca`, `server` (for `web.test`) and `client`, each as `.pem` and `.key`, valid for thirty days. */
export async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]): Promise<unknown> => runOk('openssl', args, { cwd: folder });
  await openssl('req', '-x509', ...key, '-subj', '/CN=authority', '-days', '30', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const [name, host] of [
    ['server', 'web.test'],
    ['client', 'client.test'],
  ]) {
    await writeFile(join(folder, `${name}.ext`), `subjectAltName=DNS:${host}`);
    await openssl('req', ...key, '-subj', `/CN=${host}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-days', '30', '-out', `${name}.pem`);
  }
}
