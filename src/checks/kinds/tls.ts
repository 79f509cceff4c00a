/** How a service of the container speaks TLS, and whom its certificate is for. */
import type { PeerCertificate } from 'node:tls';
import * as v from 'valibot';
import { map } from '../../documents/index.ts';
import type { Check, Reachable } from '../check.ts';
import { type Handshake, type HandshakeOptions, shakeHands } from '../tls-handshake.ts';
import { defineKind } from './kind.ts';
import { port } from './schemas.ts';

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type Version = (typeof versions)[number];

const tlsSchema = map({
  port,
  'server-name': v.optional(v.string()),
  ca: v.optional(v.string()),
  'self-signed': v.optional(v.literal(true)),
  'min-version': v.optional(v.picklist(versions)),
  accepts: v.optional(v.array(v.picklist(versions))),
  refuses: v.optional(v.array(v.picklist(versions))),
  'valid-days': v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  'client-certificate': v.optional(map({ cert: v.string(), key: v.string(), required: v.optional(v.boolean()) })),
});

export interface TlsCheck {
  readonly port: number;
  /** Name that the certificate has to be for. */
  readonly serverName: string;
  readonly ca?: string;
  /** Nobody has to have signed it: the chain and the name are not looked at. */
  readonly selfSigned: boolean;
  readonly accepts: readonly Version[];
  readonly refuses: readonly Version[];
  /** Days that it has to be valid from now on. */
  readonly validDays: number;
  readonly client?: { readonly cert: string; readonly key: string };
  /** Whether a connection without the client's certificate has to fail. */
  readonly clientRequired: boolean;
}

export const tls = defineKind('tls', tlsSchema, (written, reading) => {
  const { port, ca, accepts = [], refuses = [], 'min-version': least, 'client-certificate': client } = written;
  return tlsCheck({
    port,
    serverName: written['server-name'] ?? 'localhost',
    ...(ca === undefined ? {} : { ca: reading.readFile(ca, ['ca']) }),
    selfSigned: written['self-signed'] === true,
    accepts: [...new Set([...accepts, ...(least === undefined ? [] : [least])])],
    refuses: [...new Set([...refuses, ...(least === undefined ? [] : versions.slice(0, versions.indexOf(least)))])],
    validDays: written['valid-days'] ?? 0,
    ...(client === undefined
      ? {}
      : {
          client: {
            cert: reading.readFile(client.cert, ['client-certificate', 'cert']),
            key: reading.readFile(client.key, ['client-certificate', 'key']),
          },
        }),
    clientRequired: client?.required === true,
  });
});

export function tlsCheck(check: TlsCheck): Check {
  const { port, serverName, refuses } = check;
  const without = refuses.length === 0 ? '' : `, without ${refuses.join(' and ')}`;
  return {
    title: `port ${port} speaks TLS as ${serverName}${without}`,
    ports: [port],
    looksAt: 'process',
    run: (subject) => checkTls(check, subject),
  };
}

/** How long a refused client may wait to be told. */
const refusalMs = 500;

export async function checkTls(check: TlsCheck, { container, timeoutMs }: Reachable): Promise<string[]> {
  const published = container.ports[`${check.port}/tcp`];
  if (published === undefined) return [`port ${check.port} is not published: the container does not run`];
  const base: HandshakeOptions = {
    port: published,
    serverName: check.serverName,
    timeoutMs,
    ...(check.ca === undefined ? {} : { ca: check.ca }),
  };
  const full: HandshakeOptions = check.client === undefined ? base : { ...base, client: check.client };
  const handshake = await shakeHands(check.client === undefined ? full : { ...full, lastsMs: refusalMs });
  const accepted = await Promise.all(
    check.accepts.map(async (version) => ({ version, outcome: await shakeHands({ ...full, version }) })),
  );
  const refused = await Promise.all(
    check.refuses.map(async (version) => ({ version, outcome: await shakeHands({ ...full, version }) })),
  );
  const bare = check.clientRequired ? await shakeHands({ ...base, lastsMs: refusalMs }) : undefined;
  return [
    ...(handshake.ok
      ? certificateBreaches(handshake, check, Date.now())
      : [`the handshake failed: ${handshake.reason}`]),
    ...accepted.flatMap(({ version, outcome }) => (outcome.ok ? [] : [`it refuses ${version}: ${outcome.reason}`])),
    ...refused.flatMap(({ version, outcome }) => (outcome.ok ? [`it accepts ${version}`] : [])),
    ...(bare?.ok === true ? ['it asks no certificate of its clients'] : []),
  ];
}

const dayMs = 24 * 60 * 60 * 1000;

/** Pure. */
export function certificateBreaches(
  { certificate, distrust }: Extract<Handshake, { ok: true }>,
  { selfSigned, validDays, serverName }: TlsCheck,
  now: number,
): string[] {
  const days = Math.floor((Date.parse(certificate.valid_to) - now) / dayMs);
  const begins = Date.parse(certificate.valid_from);
  return [
    ...(distrust === undefined || selfSigned ? [] : [explain(distrust, serverName, certificate)]),
    ...(begins > now ? [`its certificate is valid only from ${certificate.valid_from}`] : []),
    ...(days < validDays
      ? [
          days < 0
            ? `its certificate expired on ${certificate.valid_to}`
            : `its certificate expires in ${days} days, on ${certificate.valid_to}; expected at least ${validDays}`,
        ]
      : []),
  ];
}

function explain(distrust: string, serverName: string, { subject, subjectaltname: names }: PeerCertificate): string {
  if (/ALTNAME_INVALID/.test(distrust))
    return `its certificate is not for ${serverName}, only for ${names ?? subject.CN ?? 'nobody'}`;
  if (/SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|CERT_UNTRUSTED/.test(distrust))
    return `none of the trusted authorities signed its certificate (${distrust}); name one under 'ca'`;
  return `its certificate is not to be trusted: ${distrust}`;
}
